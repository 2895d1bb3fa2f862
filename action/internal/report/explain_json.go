package report

import (
	"io"

	"github.com/commrel/liaison/action/internal/clock"
)

// JSON writes the explanation, version 2.
func (x Explanation) JSON(w io.Writer) error {
	events := make([]eventLine, 0, len(x.Record.Events))
	for _, e := range x.Record.Events {
		events = append(events, lineOf(e))
	}
	clocks := make([]explainedClock, 0, len(x.Clocks))
	for _, c := range x.Clocks {
		clocks = append(clocks, explainedClock{clockLineOf(c), intervals(c)})
	}
	silent := make([]silentLine, 0, len(x.Silent))
	for _, t := range x.Silent {
		silent = append(silent, silentLine{t.Name, silence(t)})
	}
	return WriteJSON(w, struct {
		envelope
		Record     string           `json:"record"`
		Path       string           `json:"path"`
		Title      string           `json:"title"`
		State      string           `json:"state"`
		FileStatus string           `json:"file_status"`
		Events     []eventLine      `json:"events"`
		Clocks     []explainedClock `json:"clocks"`
		Silent     []silentLine     `json:"without_clock"`
		Alarms     []alarmLine      `json:"alarms"`
	}{envelope{2, x.Inputs}, x.Record.ID, x.Record.Path, x.Record.Title, x.Record.State, x.Record.FileStatus, events, clocks, silent, alarmLines(x.Alarms)})
}

// silentLine is a target of which the record has no clock.
type silentLine struct {
	Target string `json:"target"`
	Why    string `json:"why"`
}

type explainedClock struct {
	clockLine
	Ledger []intervalLine `json:"ledger"`
}

// intervalLine is one line of the ledger; total is in seconds.
type intervalLine struct {
	Time     string      `json:"time"`
	Event    string      `json:"event"` // "as-of" for the last line of a clock that goes on
	Commit   string      `json:"commit,omitempty"`
	Pull     int         `json:"pull,omitempty"`
	Evidence string      `json:"evidence,omitempty"`
	State    clock.State `json:"state"`
	Total    int64       `json:"total_seconds"`
}

func intervals(c clock.Clock) []intervalLine {
	out := make([]intervalLine, 0, len(c.Lines))
	for _, l := range c.Lines {
		line := intervalLine{Time: stamp(l.Time), Event: "as-of", State: l.State, Total: seconds(l.Total)}
		if l.Event.Name != "" {
			line.Event, line.Evidence = string(l.Event.Name), l.Event.Evidence.String()
			line.Commit, line.Pull = l.Event.Commit, l.Event.Pull
		}
		out = append(out, line)
	}
	return out
}
