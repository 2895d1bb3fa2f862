package witness

import (
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/event"
)

func TestTwoStatesThatSayTheSameOfThePast(t *testing.T) {
	noon := time.Date(2026, time.July, 1, 12, 0, 0, 0, time.UTC)
	entry := func(id string, hours int) event.Entry {
		return event.Entry{ID: id, Kind: event.Commented, At: noon.Add(time.Duration(hours) * time.Hour)}
	}
	was := event.Pull{Number: 1, Head: "a", Records: []event.PullRecord{{Path: "x", Blob: "1"}}, Entries: []event.Entry{entry("a", -1), entry("b", 0)}}
	with := func(change func(*event.Pull)) event.Pull {
		p := was
		p.Entries = append([]event.Entry(nil), was.Entries...)
		change(&p)
		return p
	}
	for _, test := range []struct {
		name string
		is   event.Pull
		want bool
	}{
		{"the same", was, true},
		{"something was said later", with(func(p *event.Pull) { p.Entries = append(p.Entries, entry("c", 1)) }), true},
		{"its head and records are others now", with(func(p *event.Pull) { p.Head, p.Records = "b", nil }), true},
		{"something was said by then that nobody had seen", with(func(p *event.Pull) { p.Entries = append(p.Entries, entry("c", 0)) }), false},
		{"something was said in another way", with(func(p *event.Pull) { p.Entries[0].Text = "x" }), false},
		{"something is gone", with(func(p *event.Pull) { p.Entries = p.Entries[:1] }), false},
		{"something was taken out", with(func(p *event.Pull) { p.Redacted = []event.Tombstone{{}} }), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := Alike(was, test.is, noon); got != test.want {
				t.Errorf("alike: %t", got)
			}
		})
	}
}
