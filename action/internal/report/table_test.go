package report_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/golden"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/commrel/liaison/action/internal/workflow"
)

// listed are the events of one record.
func listed(w io.Writer, l *report.Events, events []event.Event) error {
	l.Teller()(&event.Record{Kind: &workflow.Kind{Name: "request"}, ID: "requests/2026/a.yaml", Events: events})
	return l.Write(w)
}

func TestTables(t *testing.T) {
	var events, lines, table, js bytes.Buffer
	for _, err := range []error{
		listed(&events, report.EventsCSV(), explanation().Record.Events), listed(&lines, report.EventsNDJSON(), explanation().Record.Events),
		report.ClocksCSV(&table, clocks()), report.ClocksJSON(&js, inputs, clocks()),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	golden.Check(t, "events.csv", events.String())
	golden.Check(t, "events.ndjson", lines.String())
	golden.Check(t, "clocks.csv", table.String())
	golden.Check(t, "clocks.json", js.String())
	validate(t, "clocks", js.Bytes())
}

func TestTablesOfNothingHaveTheirColumns(t *testing.T) {
	var events, lines, table, js bytes.Buffer
	if err := listed(&events, report.EventsCSV(), nil); err != nil || events.String() != "time,kind,record,event,from,to,actor,commit,evidence,path\n" {
		t.Errorf("events: %q %v", events.String(), err)
	}
	if err := report.ClocksCSV(&table, nil); err != nil || table.String() != "record,target,cycle,started,stopped,due,elapsed_seconds,state,evidence\n" {
		t.Errorf("clocks: %q %v", table.String(), err)
	}
	if err := listed(&lines, report.EventsNDJSON(), nil); err != nil || lines.Len() != 0 {
		t.Errorf("events: %q %v", lines.String(), err)
	}
	if err := report.ClocksJSON(&js, inputs, nil); err != nil || !strings.Contains(js.String(), `"clocks": []`) {
		t.Errorf("clocks: %s %v", js.String(), err)
	}
	validate(t, "clocks", js.Bytes())
}

// However the records are told, and by whom, the lines are in the same order.
func TestEventsAreInOrder(t *testing.T) {
	at := func(hour int, name event.Name) event.Event {
		return event.Event{Time: monday.Add(time.Duration(hour) * time.Hour), Name: name}
	}
	request, person := &workflow.Kind{Name: "request"}, &workflow.Kind{Name: "person"}
	records := []*event.Record{
		{Kind: request, ID: "b", Events: []event.Event{at(1, "b1"), at(2, "b2"), at(2, "b3")}},
		{Kind: request, ID: "a", Events: []event.Event{at(2, "a1"), at(9, "a2")}},
		{Kind: person, ID: "c", Events: []event.Event{at(0, "c1"), at(2, "c2")}},
		{Kind: person, ID: "d"},
	}
	for _, backwards := range []bool{false, true} {
		if backwards {
			slices.Reverse(records)
		}
		l := report.EventsNDJSON()
		tell, other := l.Teller(), l.Teller()
		for i, r := range records {
			if i%2 == 0 {
				tell(r)
			} else {
				other(r)
			}
		}
		var b bytes.Buffer
		if err := l.Write(&b); err != nil {
			t.Fatal(err)
		}
		var names []string
		for dec := json.NewDecoder(&b); dec.More(); {
			var line struct{ Event string }
			if err := dec.Decode(&line); err != nil {
				t.Fatal(err)
			}
			names = append(names, line.Event)
		}
		if want := []string{"c1", "b1", "c2", "a1", "b2", "b3", "a2"}; !slices.Equal(names, want) {
			t.Errorf("%v, want %v", names, want)
		}
	}
}

// closed is a pipe that nobody reads.
type closed struct{}

func (closed) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestAnOutputThatTakesNothingIsAnError(t *testing.T) {
	for name, write := range map[string]func() error{
		"events as csv":       func() error { return listed(closed{}, report.EventsCSV(), explanation().Record.Events) },
		"events as ndjson":    func() error { return listed(closed{}, report.EventsNDJSON(), explanation().Record.Events) },
		"clocks as csv":       func() error { return report.ClocksCSV(closed{}, clocks()) },
		"clocks as json":      func() error { return report.ClocksJSON(closed{}, inputs, clocks()) },
		"review as markdown":  func() error { return aReview().Markdown(closed{}) },
		"review as json":      func() error { return aReview().JSON(closed{}) },
		"explanation as text": func() error { return explanation().Text(closed{}) },
		"explanation as json": func() error { return explanation().JSON(closed{}) },
	} {
		if write() == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func FuzzACellIsNoFormulaAndReadsBack(f *testing.F) {
	for _, s := range append(slices.Clone(nasty), "=HYPERLINK(\"https://evil.example\")", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\r\n=1", "'=1", "\"", ",", ";=1", "a\r\nb", "", "=") {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, s, u string) {
		e := event.Event{Time: monday, Kind: s, Record: u, Name: event.Name(s), From: s, To: u, Actor: account.Account{Login: s}, Commit: u, Path: s}
		c := clock.Clock{Record: &event.Record{ID: s}, Target: &workflow.Target{Name: u}, Cycle: -1, Started: monday, Due: monday, State: clock.State(s)}
		var events, table bytes.Buffer
		if err := listed(&events, report.EventsCSV(), []event.Event{e}); err != nil {
			t.Fatal(err)
		}
		if err := report.ClocksCSV(&table, []clock.Clock{c}); err != nil {
			t.Fatal(err)
		}
		at := "2026-07-06T09:00:00Z"
		readsBack(t, events.Bytes(), []string{at, s, u, s, s, u, s, u, "witnessed", s})
		readsBack(t, table.Bytes(), []string{s, u, "-1", at, "", at, "0", s, "witnessed"})
	})
}

func readsBack(t *testing.T, table []byte, want []string) {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(table)).ReadAll()
	if err != nil || len(rows) != 2 || len(rows[1]) != len(want) {
		t.Fatalf("%v %q", err, table)
	}
	for i, got := range rows[1] {
		if got != "" && strings.Contains("=+-@\t\r\n", got[:1]) {
			t.Errorf("column %s is a formula: %q", rows[0][i], got)
		}
		if want := lineEnds(want[i]); got != want && got != "'"+want {
			t.Errorf("column %s reads back as %q, expected %q", rows[0][i], got, want)
		}
	}
}

// lineEnds does what encoding/csv does in a quoted field: CR LF becomes LF.
func lineEnds(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

func FuzzALineOfNDJSONIsOneLine(f *testing.F) {
	for _, s := range nasty {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var b bytes.Buffer
		e := event.Event{Time: monday, Record: s, From: s, Why: s, Path: s, Actor: account.Account{Login: s}}
		if err := listed(&b, report.EventsNDJSON(), []event.Event{e, e}); err != nil {
			t.Fatal(err)
		}
		if strings.Count(b.String(), "\n") != 2 || strings.ContainsAny(b.String(), "\r\u2028\u2029\x1b") {
			t.Errorf("%q", b.String())
		}
		for _, line := range strings.SplitAfter(strings.TrimSuffix(b.String(), "\n"), "\n") {
			var v struct{ Record string }
			if err := json.Unmarshal([]byte(line), &v); err != nil || v.Record != string([]rune(s)) {
				t.Errorf("%v %q", err, line)
			}
		}
	})
}
