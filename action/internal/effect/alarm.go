package effect

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/markdown"
)

// Alarms are one issue for each alarm that is no refusal: those have issues of their own.
func Alarms(l *event.Ledger) map[Key]Issue {
	records := map[string]*event.Record{}
	for _, r := range l.Records {
		records[r.ID] = r
	}
	out := map[Key]Issue{}
	for _, a := range l.Alarms {
		if a.Refused {
			continue
		}
		k := Key{Kind: Alarm, Record: a.Record, Mark: cmp.Or(a.Mark, a.Time.UTC().Format(time.RFC3339))}
		name := a.Record
		if r := records[a.Record]; r != nil {
			name = title(r)
		}
		out[k] = issue(k, fmt.Sprintf("%s: %s", cmp.Or(a.Title, "To look at"), markdown.Plain(name, 120)), alarmBody(a, name))
	}
	return out
}

func alarmBody(a event.Alarm, name string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n\n", code(name), sentence(foreign(a.Words)))
	fmt.Fprintf(&b, "| | |\n|---|---|\n")
	fmt.Fprintf(&b, "| record | %s |\n", cell(a.Record))
	switch {
	case a.Pull > 0:
		fmt.Fprintf(&b, "| seen on | #%d |\n", a.Pull)
	case a.Commit != "":
		fmt.Fprintf(&b, "| seen in | %s |\n", a.Commit)
	}
	fmt.Fprintf(&b, "| when | %s |\n", stamp(a.Time))
	b.WriteString(byPeople)
	return b.String()
}

// sentence ends with a mark.
func sentence(s string) string {
	if strings.HasSuffix(s, "?") || strings.HasSuffix(s, "…") {
		return s
	}
	return s + "."
}

// Rewrites are one issue for each place where the default branch was rewritten.
func Rewrites(breaks []event.Break) map[Key]Issue {
	out := map[Key]Issue{}
	for _, b := range breaks {
		k := Key{Kind: Alarm, Mark: b.To}
		out[k] = issue(k, "The default branch was rewritten", fmt.Sprintf(`The history of the default branch was replaced: what stood at its head is not in the line of what stands there now.

| | |
|---|---|
| head before | %s |
| head after | %s |
| seen | %s |

No figure was lost: the ledger keeps the line as it was recorded and takes the new head as one landing.

What to do:

- Find out who pushed it, and why. Content that had to go, such as private data, may be a good reason.
- Keep the next one out: a rule for the branch that forbids force pushes.
%s`, b.From, b.To, stamp(b.At), byPeople))
	}
	return out
}

// Forgotten is the issue of a witness branch that was rewritten, by the tip that it does not
// lead to any more; none where that is "".
func Forgotten(tip string) map[Key]Issue {
	if tip == "" {
		return nil
	}
	k := Key{Kind: Alarm, Mark: "witness " + tip}
	return map[Key]Issue{k: issue(k, "The witness branch was rewritten", fmt.Sprintf(`The branch that keeps what GitHub's clock saw does not lead to %s any more. The last report was made from that commit.

What was kept may be gone, or changed: figures that rest on GitHub's record cannot be trusted until somebody has looked.

What to do:

- Find out who rewrote it, and why. To take out private data may be a good reason.
- If there was none, point the branch to that commit again: some clone, or GitHub itself, may still have it.
- Keep the next one out: a rule for the branch that lets only the desk write to it, and nobody by force.
%s`, code(tip), byPeople))}
}
