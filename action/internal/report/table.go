package report

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/evidence"
)

// EventsCSV writes time,kind,record,event,from,to,actor,commit,evidence,path.
func EventsCSV(w io.Writer, events iter.Seq[event.Event]) error {
	return writeCSV(w, func(row func([]string) bool) {
		if !row([]string{"time", "kind", "record", "event", "from", "to", "actor", "commit", "evidence", "path"}) {
			return
		}
		for e := range events {
			if !row([]string{stamp(e.Time), e.Kind, e.Record, string(e.Name), e.From, e.To, e.Actor.String(), e.Commit, e.Evidence.String(), e.Path}) {
				return
			}
		}
	})
}

// eventLine is one event as JSON.
type eventLine struct {
	Time     string         `json:"time"`
	Kind     string         `json:"kind"`
	Record   string         `json:"record"`
	Event    event.Name     `json:"event"`
	From     string         `json:"from"`
	To       string         `json:"to"`
	Actor    string         `json:"actor"`
	ActorID  int64          `json:"actor_id,omitempty"`
	Commit   string         `json:"commit"`
	Evidence evidence.Grade `json:"evidence"`
	Path     string         `json:"path"`
	Cycle    int            `json:"cycle"`
	Pull     int            `json:"pull,omitempty"`
	Why      string         `json:"why,omitempty"`
}

func lineOf(e event.Event) eventLine {
	return eventLine{stamp(e.Time), e.Kind, e.Record, e.Name, e.From, e.To, e.Actor.Login, e.Actor.ID, e.Commit, e.Evidence, e.Path, e.Cycle, e.Pull, e.Why}
}

// EventsNDJSON writes one JSON object a line.
func EventsNDJSON(w io.Writer, events iter.Seq[event.Event]) error {
	out := bufio.NewWriterSize(w, buffered)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for e := range events {
		if err := enc.Encode(lineOf(e)); err != nil {
			return err
		}
	}
	return out.Flush()
}

// ClocksCSV writes record,target,cycle,started,stopped,due,elapsed_seconds,state,evidence.
func ClocksCSV(w io.Writer, clocks []clock.Clock) error {
	rows := [][]string{{"record", "target", "cycle", "started", "stopped", "due", "elapsed_seconds", "state", "evidence"}}
	for _, c := range clocks {
		rows = append(rows, []string{c.Record.ID, c.Target.Name, strconv.Itoa(c.Cycle), stamp(c.Started), stamp(c.Stopped), due(c),
			strconv.FormatInt(seconds(c.Elapsed), 10), string(c.State), c.Evidence.String()})
	}
	return writeCSV(w, slices.Values(rows))
}

// clockLine is one clock as JSON.
type clockLine struct {
	Record    string         `json:"record"`
	Target    string         `json:"target"`
	Cycle     int            `json:"cycle"`
	Round     int            `json:"round,omitempty"`
	Started   string         `json:"started"`
	Stopped   *string        `json:"stopped"`
	Due       string         `json:"due"`
	Elapsed   int64          `json:"elapsed_seconds"`
	State     clock.State    `json:"state"`
	Evidence  evidence.Grade `json:"evidence"`
	SelfFiled bool           `json:"self_filed"`
	Why       string         `json:"why,omitempty"`
}

func clockLineOf(c clock.Clock) clockLine {
	return clockLine{c.Record.ID, c.Target.Name, c.Cycle, later(c.Round), stamp(c.Started), optional(c.Stopped), due(c), seconds(c.Elapsed), c.State, c.Evidence, c.SelfFiled, c.Why}
}

// later is the round of a clock; 0, which JSON leaves out, for the first of its cycle.
func later(round int) int {
	if round < 2 {
		return 0
	}
	return round
}

// due is when a clock is due; "" where that, or when it started, is not known.
func due(c clock.Clock) string {
	if c.Started.IsZero() || c.Due.IsZero() {
		return ""
	}
	return stamp(c.Due)
}

func optional(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	s := stamp(t)
	return &s
}

// ClocksJSON writes the inputs and the clocks, version 1.
func ClocksJSON(w io.Writer, in Inputs, clocks []clock.Clock) error {
	lines := make([]clockLine, 0, len(clocks))
	for _, c := range clocks {
		lines = append(lines, clockLineOf(c))
	}
	return writeJSON(w, struct {
		envelope
		Clocks []clockLine `json:"clocks"`
	}{envelope{1, in}, lines})
}

func writeCSV(w io.Writer, rows iter.Seq[[]string]) error {
	out := csv.NewWriter(bufio.NewWriterSize(w, buffered))
	for row := range rows {
		for i, cell := range row {
			row[i] = harmless(cell)
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// buffered is how many bytes are written at a time.
const buffered = 1 << 16

// harmless keeps a spreadsheet from taking a cell for a formula.
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
