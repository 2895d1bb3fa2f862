package report_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/google/go-cmp/cmp"
)

func TestComparingClocks(t *testing.T) {
	inTime := answer(filed("a", "A", response, monday, 1), 3)
	tooLate := late(inTime)
	tooLate.Due = after(1)
	later := inTime
	later.Due = after(20)
	second := inTime
	second.Cycle = 2
	flip := func(was, is, dueWas, dueIs string) []report.Flip {
		return []report.Flip{{Record: "requests/2026/a.yaml", Title: "A", Target: "first-response", Cycle: 1, Was: was, Is: is, DueWas: dueWas, DueIs: dueIs}}
	}
	const then, soon = "2026-07-13T09:00:00Z", "2026-07-07T09:00:00Z"
	tests := []struct {
		name          string
		before, after []clock.Clock
		want          report.WhatIf
	}{
		{"nothing", nil, nil, report.WhatIf{}},
		{"the same", []clock.Clock{inTime}, []clock.Clock{inTime}, report.WhatIf{Clocks: 1}},
		{"kept, and then late", []clock.Clock{inTime}, []clock.Clock{tooLate}, report.WhatIf{Clocks: 1, Flipped: 1, Flips: flip("met", "breached", then, soon)}},
		{"due at another time, and kept all the same", []clock.Clock{inTime}, []clock.Clock{later}, report.WhatIf{Clocks: 1, Moved: 1}},
		{"gone", []clock.Clock{inTime}, nil, report.WhatIf{Clocks: 1, Flipped: 1, Flips: flip("met", "", then, "")}},
		{"come", []clock.Clock{second}, []clock.Clock{inTime, second}, report.WhatIf{Clocks: 2, Flipped: 1, Flips: flip("", "met", "", then)}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got report.WhatIf
			got.Compare(test.before, test.after)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAWhatIfNamesFiftyAndCountsTheRest(t *testing.T) {
	var before []clock.Clock
	for i := range 60 {
		before = append(before, answer(filed(fmt.Sprintf("r%02d", 59-i), "R", response, monday, 1), 3))
	}
	w := report.WhatIf{Rules: true}
	w.Compare(before, nil)
	if w.Flipped != 60 || len(w.Flips) != 50 || w.Flips[0].Record != "requests/2026/r00.yaml" {
		t.Errorf("%d flipped, %d named, %v first", w.Flipped, len(w.Flips), w.Flips[0])
	}
	for face, out := range facesOf(t, report.Check{Base: strings.Repeat("b", 40), WhatIf: &w}) {
		if face != "json" && (!strings.Contains(out, "60 would stand otherwise") || !strings.Contains(out, "and 10 more")) {
			t.Errorf("%s:\n%s", face, out)
		}
	}
}

// facesOf are the faces of a check that tell of clocks.
func facesOf(t *testing.T, c report.Check) map[string]string {
	t.Helper()
	var text, md, js bytes.Buffer
	for _, err := range []error{c.Text(&text, false), c.Markdown(&md), c.JSON(&js)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	validate(t, "check", js.Bytes())
	return map[string]string{"text": text.String(), "markdown": md.String(), "json": js.String()}
}

func TestAWhatIfSaysWhatItCompares(t *testing.T) {
	tests := []struct {
		name string
		w    report.WhatIf
		want string
	}{
		{"rules", report.WhatIf{Rules: true, Clocks: 3}, "Of 3 clocks, none would stand otherwise, had these rules always stood. Clocks that have started keep the rules of their start, so merging this changes none of them."},
		{"records", report.WhatIf{Facts: true, Clocks: 1, Flipped: 1, Moved: 2}, "Of 1 clock, 1 would stand otherwise, and 2 more would only be due at another time once this is merged: the dates in these records are facts, for what has happened too."},
		{"both", report.WhatIf{Rules: true, Facts: true, Clocks: 2}, "had these rules always stood and with these records."},
		{"nothing, since it cannot be told", report.WhatIf{Rules: true, Why: "the clone is shallow"}, "What this change does to clocks cannot be told: the clone is shallow."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for face, out := range facesOf(t, report.Check{Base: strings.Repeat("b", 40), WhatIf: &test.w}) {
				if face != "json" && !strings.Contains(out, test.want) {
					t.Errorf("%s:\n%s", face, out)
				}
			}
		})
	}
}

func FuzzForeignTextDoesNothingInAWhatIf(f *testing.F) {
	for i, s := range nasty {
		f.Add(s, nasty[(i+2)%len(nasty)])
	}
	f.Fuzz(func(t *testing.T, title, why string) {
		shown := func(title, why string) map[string]string {
			c := answer(filed("x", title, response, monday, 24), 3)
			c.Record.ID = "r" + title
			w := report.WhatIf{Rules: true}
			w.Compare([]clock.Clock{c}, []clock.Clock{late(c)})
			out := facesOf(t, report.Check{WhatIf: &w})
			w.Why = "w" + why
			out["why"] = facesOf(t, report.Check{WhatIf: &w})["markdown"]
			return out
		}
		bad, good := shown(title, why), shown("x", "x")
		for face := range bad {
			if strings.Count(bad[face], "\n") != strings.Count(good[face], "\n") {
				t.Errorf("foreign text adds lines to %s:\n%s", face, bad[face])
			}
		}
		for _, face := range []string{"markdown", "why"} {
			for _, line := range strings.Split(bad[face], "\n") {
				if row := strings.HasPrefix(line, "| `"); row {
					harmless(t, strings.ReplaceAll(line, "**", ""))
				}
				if strings.ContainsAny(line, "\x00\x1b\r") {
					t.Errorf("a control character: %q", line)
				}
			}
		}
	})
}
