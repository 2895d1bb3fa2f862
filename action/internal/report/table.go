package report

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/evidence"
)

// ClocksCSV writes record,target,cycle,started,stopped,due,elapsed_seconds,state,evidence.
func ClocksCSV(w io.Writer, clocks []clock.Clock) error {
	rows := [][]string{{"record", "target", "cycle", "started", "stopped", "due", "elapsed_seconds", "state", "evidence"}}
	for _, c := range clocks {
		rows = append(rows, []string{c.Record.ID, c.Target.Name, strconv.Itoa(c.Cycle), stamp(c.Started), stamp(c.Stopped), due(c),
			strconv.FormatInt(seconds(c.Elapsed), 10), string(c.State), c.Evidence.String()})
	}
	return writeCSV(w, rows)
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
	return WriteJSON(w, struct {
		envelope
		Clocks []clockLine `json:"clocks"`
	}{envelope{1, in}, lines})
}

func writeCSV(w io.Writer, rows [][]string) error {
	out := csv.NewWriter(w)
	for _, row := range rows {
		if err := out.Write(harmless(row)); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// harmless keeps a spreadsheet from taking a cell for a formula.
func harmless(row []string) []string {
	for i, cell := range row {
		if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
			row[i] = "'" + cell
		}
	}
	return row
}
