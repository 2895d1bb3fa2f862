package effect_test

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/commrel/liaison/action/internal/document"
	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/evidence"
	"github.com/commrel/liaison/action/internal/law"
	"github.com/commrel/liaison/action/internal/workflow"
	"pgregory.net/rapid"
)

func kind() *workflow.Kind {
	return &workflow.Kind{Name: "request", Status: "status", Moves: []*workflow.Move{{}},
		States: []workflow.State{{Name: "submitted", Initial: true}, {Name: "accepted"}, {Name: "done", Final: true}}}
}

// lagging is a record whose file says was and that is now.
func lagging(was, now string) *event.Record {
	return &event.Record{Kind: kind(), ID: "r.yaml", Path: "r.yaml", Live: true, Landed: true, FileStatus: was, State: now,
		Events: []event.Event{{Name: event.Filed, Evidence: evidence.Unknown}, {Name: event.Moved, Evidence: evidence.Landed}}}
}

func TestLagging(t *testing.T) {
	tests := []struct {
		name   string
		file   string
		change func(*event.Record)
		want   string // the new file; "" for none
		warns  string // the warning; "" for none
	}{
		{"a status that lags is replaced", "title: A\nstatus: submitted # as filed\nhelp: [x]\n", nil, "title: A\nstatus: accepted # as filed\nhelp: [x]\n", ""},
		{"a quoted one too", "status: \"submitted\"\n", nil, "status: accepted\n", ""},
		{"a file without a status gets one at its end", "title: A\n", func(r *event.Record) { r.FileStatus = "" }, "title: A\nstatus: accepted\n", ""},
		{"its line ends stay", "title: A\r\n", func(r *event.Record) { r.FileStatus = "" }, "title: A\r\nstatus: accepted\r\n", ""},
		{"a file without a status shows the initial state", "title: A\n", func(r *event.Record) { r.FileStatus, r.State = "", "submitted" }, "", ""},
		{"a file that shows the state is left alone", "status: accepted\n", func(r *event.Record) { r.FileStatus = "accepted" }, "", ""},
		{"a removed record is left alone", "status: submitted\n", func(r *event.Record) { r.Live = false }, "", ""},
		{"a record that never landed is left alone", "status: submitted\n", func(r *event.Record) { r.Live, r.Landed = false, false }, "", ""},
		{"a kind without a status has nothing to write", "x: y\n", func(r *event.Record) { r.Kind.Status = "" }, "", ""},
		{"a kind without moves says in its files what is so", "status: submitted\n", func(r *event.Record) { r.Kind.Moves = nil }, "", ""},
		{"a state on unknown evidence is not written down", "status: submitted\n", func(r *event.Record) { r.Events[1].Evidence = evidence.Unknown }, "",
			"the file says submitted, and the record is accepted; that is not known well enough to write it down"},
		{"a flow mapping takes no new line", "{title: A}\n", func(r *event.Record) { r.FileStatus = "" }, "",
			"the file says nothing, and the record is accepted; the value cannot be written in place: r.yaml: `status` is not a plain value on one line"},
		{"a flow mapping that has a status is rewritten in it", "{status: submitted, title: A}\n", nil, "{status: accepted, title: A}\n", ""},
		{"a status over several lines is not touched", "status: >-\n  submitted\n", nil, "",
			"the file says submitted, and the record is accepted; the value cannot be written in place: r.yaml: `status` is not a plain value on one line"},
		{"a status that is a list is not touched", "status: [submitted]\n", func(r *event.Record) { r.FileStatus = "submitted" }, "",
			"the file says submitted, and the record is accepted; the value cannot be written in place: r.yaml: `status` is not a plain value on one line"},
		{"a state that is no plain word is not written", "status: submitted\n", func(r *event.Record) { r.State = "In Progress" }, "",
			"the file says submitted, and the record is In Progress; the value cannot be written in place: \"status: In Progress\" is not a plain word"},
		{"a file that is no YAML is not touched", "status: [\n", nil, "", "the file says submitted, and the record is accepted; the file cannot be read: this is not YAML"},
		{"a file that is not there is not made", "", nil, "", "the file says submitted, and the record is accepted; the file cannot be read: no such file"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			rec := lagging("submitted", "accepted")
			if test.change != nil {
				test.change(rec)
			}
			read := func(path string) ([]byte, error) {
				if path != "r.yaml" || test.file == "" {
					return nil, errors.New("no such file")
				}
				return []byte(test.file), nil
			}
			splices, fs := effect.Lagging(&event.Ledger{Records: []*event.Record{rec}}, read)
			var got, warning string
			for _, s := range splices {
				got = string(s.Content)
				if s.Path != rec.Path || s.Was != rec.FileStatus || s.Now != rec.State {
					t.Errorf("the splice is %+v", s)
				}
			}
			for _, f := range fs {
				warning = f.Found
				if f.Rule != "status-lags" || f.Severity != "warning" || f.Path != "r.yaml" {
					t.Errorf("the finding is %v", f)
				}
			}
			if got != test.want || !strings.HasPrefix(warning, test.warns) || (warning == "") != (test.warns == "") {
				t.Errorf("file %q, expected %q\nwarning %q, expected %q", got, test.want, warning, test.warns)
			}
		})
	}
}

func TestOneRecordThatCannotBeWrittenDoesNotStopTheOthers(t *testing.T) {
	bad, good := lagging("submitted", "accepted"), lagging("submitted", "done")
	bad.Path, good.Path = "bad.yaml", "good.yaml"
	splices, fs := effect.Lagging(&event.Ledger{Records: []*event.Record{bad, good}}, func(p string) ([]byte, error) {
		if p == "bad.yaml" {
			return nil, errors.New("gone")
		}
		return []byte("status: submitted\n"), nil
	})
	if len(splices) != 1 || splices[0].Path != "good.yaml" || len(fs) != 1 || fs[0].Path != "bad.yaml" {
		t.Errorf("%v %v", splices, fs)
	}
}

func TestAWriteBackTouchesNoOtherByte(t *testing.T) {
	lines := []string{"title: 'It''s | a \"title\"'", "# status: submitted", "summary: >-\n  text\n  status: submitted\n", "nested:\n  status: submitted", "list: [status, submitted]", "ü: é", "", "   ", "text: |\n  a\n\n"}
	law.Check(t, func(t *rapid.T) {
		some := rapid.SliceOfDistinct(rapid.SampledFrom(lines), rapid.ID[string]).Draw(t, "lines")
		written := rapid.SampledFrom([]string{"status: submitted", "status:   submitted  # why", "status: 'submitted'", "\"status\": submitted"}).Draw(t, "status")
		at := rapid.IntRange(0, len(some)).Draw(t, "at")
		end := rapid.SampledFrom([]string{"", "\n"}).Draw(t, "end")
		eol := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "line end")
		file := func(status string) string {
			return strings.ReplaceAll(strings.Join(slices.Insert(slices.Clone(some), at, status), "\n")+end, "\n", eol)
		}
		src := file(written)
		if doc, _ := document.Parse("r.yaml", []byte(src)); doc == nil {
			t.Skip("not a record")
		}
		splices, fs := effect.Lagging(&event.Ledger{Records: []*event.Record{lagging("submitted", "accepted")}}, func(string) ([]byte, error) { return []byte(src), nil })
		if len(splices) != 1 {
			t.Fatalf("not written: %v\n%s", fs, src)
		}
		want := file(strings.Replace(strings.ReplaceAll(written, "'", ""), "submitted", "accepted", 1))
		if got := string(splices[0].Content); got != want {
			t.Fatalf("got %q, expected %q", got, want)
		}
	})
}

func TestTheMessageOfAWriteBack(t *testing.T) {
	got := effect.Message([]effect.Splice{{Path: "requests/2026/a.yaml", Now: "accepted"}, {Path: "requests/2026/b.yaml", Was: "accepted", Now: "resourced"}})
	want := "Update the status of 2 records\n\n- requests/2026/a.yaml: nothing to accepted\n- requests/2026/b.yaml: accepted to resourced\n"
	if got != want {
		t.Errorf("got %q", got)
	}
	many := effect.Message(make([]effect.Splice, 1234))
	if !strings.HasPrefix(many, "Update the status of 1234 records\n\n") || !strings.HasSuffix(many, "- and 1134 more\n") || strings.Count(many, "\n") != 103 {
		t.Errorf("of many: %q …", many[:80])
	}
}

func FuzzForeignTextDoesNothingInACommitMessage(f *testing.F) {
	for _, s := range nasty {
		f.Add(s, s)
	}
	trailer := regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]* ?:`)
	f.Fuzz(func(t *testing.T, path, was string) {
		got := effect.Message([]effect.Splice{{Path: path, Was: was, Now: "accepted"}})
		lines := strings.Split(got, "\n")
		if len(lines) != 4 || lines[0] != "Update the status of 1 record" || lines[1] != "" || lines[3] != "" {
			t.Fatalf("%q", got)
		}
		if hit := live.FindString(lines[2]); hit != "" || trailer.MatchString(lines[2]) {
			t.Errorf("%q is live in %q", hit, lines[2])
		}
	})
}
