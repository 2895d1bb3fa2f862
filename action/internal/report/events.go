package report

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"io"
	"slices"
	"sync"

	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/evidence"
)

// Events are the events of all records as lines. Each is written when its record is told, and
// they are put in order at the end: by time; at one time, by kind, by record and in the order
// in which they happened.
type Events struct {
	head   string
	pen    func(w io.Writer) func(event.Event)
	mu     sync.Mutex
	sheets []sheet
}

// A sheet is the lines of one record.
type sheet struct {
	kind, id string
	text     []byte
	lines    []lineAt
}

// A lineAt is when an event happened, and where its line ends.
type lineAt struct {
	seconds int64
	nanos   int32
	end     int32
}

// EventsCSV are events as time,kind,record,event,from,to,actor,commit,evidence,path.
func EventsCSV() *Events {
	return &Events{head: "time,kind,record,event,from,to,actor,commit,evidence,path\n", pen: func(w io.Writer) func(event.Event) {
		out := csv.NewWriter(w)
		return func(e event.Event) {
			_ = out.Write(harmless([]string{stamp(e.Time), e.Kind, e.Record, string(e.Name), e.From, e.To, e.Actor.String(), e.Commit, e.Evidence.String(), e.Path}))
			out.Flush()
		}
	}}
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

// EventsNDJSON are events as one JSON object a line.
func EventsNDJSON() *Events {
	return &Events{pen: func(w io.Writer) func(event.Event) {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		return func(e event.Event) { _ = enc.Encode(lineOf(e)) }
	}}
}

// Teller makes what is told one record after the other, in a goroutine of its own. It keeps
// nothing of them.
func (l *Events) Teller() func(*event.Record) {
	var text bytes.Buffer // which never fails
	write := l.pen(&text)
	return func(r *event.Record) {
		text.Reset()
		p := sheet{kind: r.Kind.Name, id: r.ID, lines: make([]lineAt, len(r.Events))}
		for i, e := range r.Events {
			write(e)
			p.lines[i] = lineAt{e.Time.Unix(), int32(e.Time.Nanosecond()), int32(text.Len())}
		}
		p.text = bytes.Clone(text.Bytes())
		l.mu.Lock()
		defer l.mu.Unlock()
		l.sheets = append(l.sheets, p)
	}
}

// Write writes the lines of all records that were told.
func (l *Events) Write(w io.Writer) error {
	slices.SortFunc(l.sheets, func(a, b sheet) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.id, b.id))
	})
	out := bufio.NewWriterSize(w, 1<<16)
	_, _ = out.WriteString(l.head) // Flush tells of what could not be written
	for _, at := range l.order() {
		p := &l.sheets[at.sheet]
		begin := int32(0)
		if at.line > 0 {
			begin = p.lines[at.line-1].end
		}
		_, _ = out.Write(p.text[begin:p.lines[at.line].end])
	}
	return out.Flush()
}

// A place is where a line stands: its sheet, and its number there.
type place struct {
	lineAt
	sheet, line int32
}

// order is the order of the lines of sheets that are in order.
func (l *Events) order() []place {
	var all []place
	for i, p := range l.sheets {
		for j, at := range p.lines {
			all = append(all, place{at, int32(i), int32(j)})
		}
	}
	slices.SortFunc(all, func(a, b place) int {
		switch {
		case a.seconds != b.seconds:
			return cmp.Compare(a.seconds, b.seconds)
		case a.nanos != b.nanos:
			return cmp.Compare(a.nanos, b.nanos)
		case a.sheet != b.sheet:
			return cmp.Compare(a.sheet, b.sheet)
		}
		return cmp.Compare(a.line, b.line)
	})
	return all
}
