package report

import (
	"fmt"
	"strings"

	"github.com/commrel/liaison/action/internal/event"
)

// backdated lists the entries of the roster that landed late and changed a figure.
func (r Review) backdated(b *strings.Builder) {
	if len(r.Backdated) == 0 {
		return
	}
	b.WriteString("## Entries of the roster that came afterwards\n\nDates in the roster are facts, whenever they land. These speak of something that had happened before they landed, and changed a figure.\n\n")
	b.WriteString("| when | record | who | what the entry says | landed |\n|---|---|---|---|---|\n")
	for _, e := range r.Backdated {
		says := "was " + prose(e.Role) + ", so it counts"
		if !e.Holds {
			says = "was not " + prose(e.Role) + ", so it does not count"
		}
		name, link := evidenceAt(r.Web, event.Event{Commit: e.Commit})
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s (%s) |\n", minute(e.Time), cell(e.Record), cell(e.Actor.String()), says, linked(minute(e.Landed), link), commit(name))
	}
	b.WriteString("\n")
}

// backdatedLine is a late entry of the roster as JSON.
type backdatedLine struct {
	Time   string `json:"time"`
	Record string `json:"record"`
	Actor  string `json:"actor"`
	Role   string `json:"role"`
	Holds  bool   `json:"holds"`
	Landed string `json:"landed"`
	Commit string `json:"commit"`
}

func backdatedLines(entries []event.Backdated) []backdatedLine {
	out := make([]backdatedLine, 0, len(entries))
	for _, e := range entries {
		out = append(out, backdatedLine{stamp(e.Time), e.Record, e.Actor.String(), e.Role, e.Holds, stamp(e.Landed), e.Commit})
	}
	return out
}
