package effect

import (
	"fmt"
	"strings"

	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/markdown"
)

// Refusals are one issue for each landing that changed a record without effect, since its
// author may not make that change.
func Refusals(l *event.Ledger) map[Key]Issue {
	refused := map[Key][]event.Event{}
	records := map[Key]*event.Record{}
	for _, r := range l.Records {
		for _, e := range r.Events {
			if e.Name == event.Refused {
				k := Key{Kind: Refused, Record: r.ID, Mark: e.Commit}
				refused[k], records[k] = append(refused[k], e), r
			}
		}
	}
	out := map[Key]Issue{}
	for k, events := range refused {
		out[k] = issue(k, refusedTitle(records[k], events), refusedBody(records[k], events))
	}
	return out
}

func refusedTitle(r *event.Record, events []event.Event) string {
	name := markdown.Plain(title(r), 120)
	if len(events) == 1 && events[0].To != "" {
		return fmt.Sprintf("Refused: %s does not become %s", name, markdown.Plain(events[0].To, 60))
	}
	return fmt.Sprintf("Refused: a change to %s", name)
}

func refusedBody(r *event.Record, events []event.Event) string {
	first := events[0]
	var b strings.Builder
	fmt.Fprintf(&b, "A change to %s landed and has no effect: the definition does not allow it.\n\n", code(title(r)))
	fmt.Fprintf(&b, "| | |\n|---|---|\n")
	fmt.Fprintf(&b, "| record | %s |\n", cell(first.Path))
	fmt.Fprintf(&b, "| landed in | %s |\n", landedIn(first))
	fmt.Fprintf(&b, "| by | %s |\n", somebody(first.Actor))
	fmt.Fprintf(&b, "| when | %s |\n", stamp(first.Time))
	fmt.Fprintf(&b, "| evidence | %s |\n\n", first.Evidence.Words())
	fmt.Fprintf(&b, "Why:\n\n")
	moved, owned := false, false
	for _, e := range events {
		if e.To == "" {
			owned = true
			fmt.Fprintf(&b, "- %s. It counts as unchanged.\n", foreign(e.Why))
			continue
		}
		moved = true
		fmt.Fprintf(&b, "- The status %s is refused: %s. It stays %s.\n", code(e.To), foreign(e.Why), code(e.From))
	}
	fmt.Fprintf(&b, "\nWhat to do:\n\n")
	if moved {
		fmt.Fprintf(&b, "- Nothing, if the change is wrong: the file's status is set back by itself. If it is right, somebody who may make the move makes it then, in a pull request of their own or with a command in a comment.\n")
	}
	if owned {
		fmt.Fprintf(&b, "- Put the field back as it was. If the new value is right, somebody who may set it sets it after that, in a pull request of their own.\n")
	}
	b.WriteString(byPeople)
	return b.String()
}

// byPeople is the end of an issue that only people close.
const byPeople = "\nClose this issue when it is dealt with: no run closes it, and none opens it again.\n"

// landedIn is where a change landed; GitHub makes links of both.
func landedIn(e event.Event) string {
	if e.Pull > 0 {
		return fmt.Sprintf("#%d (%s)", e.Pull, e.Commit)
	}
	return e.Commit
}

// foreign are words of ours with foreign ones among them.
func foreign(s string) string {
	return strings.TrimSuffix(markdown.Words(markdown.Brief(s, 2*mostText)), ".")
}
