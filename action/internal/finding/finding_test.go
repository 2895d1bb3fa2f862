package finding_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/law"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// anyFinding draws from few values, so that equal parts are frequent.
func anyFinding(t *rapid.T) finding.Finding {
	word := func(name string) string { return rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, name) }
	number := func(name string) int { return rapid.IntRange(0, 2).Draw(t, name) }
	return finding.Finding{
		Rule: word("rule"), Path: word("path"), Line: number("line"), Column: number("column"),
		Severity: rapid.SampledFrom([]finding.Severity{"", finding.Error, finding.Warning}).Draw(t, "severity"),
		Found:    word("found"), Expected: word("expected"), Fix: word("fix"),
	}
}

func TestTheOrderIsTotal(t *testing.T) {
	law.Check(t, func(t *rapid.T) {
		a, b, c := anyFinding(t), anyFinding(t), anyFinding(t)
		if finding.Compare(a, b) != -finding.Compare(b, a) {
			t.Fatalf("%v and %v are each before the other", a, b)
		}
		if finding.Compare(a, b) <= 0 && finding.Compare(b, c) <= 0 && finding.Compare(a, c) > 0 {
			t.Fatalf("%v ≤ %v ≤ %v, but not %v ≤ %v", a, b, c, a, c)
		}
		if (finding.Compare(a, b) == 0) != (string(encoded(t, a)) == string(encoded(t, b))) {
			t.Fatalf("%v and %v: equal in the order, but not in what is printed, or the other way round", a, b)
		}
	})
}

func encoded(t *rapid.T, f finding.Finding) []byte {
	js, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	return js
}

func TestSortingTwiceIsSortingOnce(t *testing.T) {
	law.Check(t, func(t *rapid.T) {
		fs := rapid.SliceOf(rapid.Custom(anyFinding)).Draw(t, "findings")
		before := slices.Clone(fs)
		once := finding.Sorted(fs)
		if diff := cmp.Diff(once, finding.Sorted(once)); diff != "" {
			t.Fatal(diff)
		}
		if diff := cmp.Diff(before, fs); diff != "" {
			t.Fatalf("the argument was changed: %s", diff)
		}
		for i := 1; i < len(once); i++ {
			if finding.Compare(once[i-1], once[i]) >= 0 {
				t.Fatalf("%v is not before %v", once[i-1], once[i])
			}
		}
	})
}

func TestSortedKeepsOneOfTwoThatSayTheSame(t *testing.T) {
	unmarked := finding.Finding{Rule: "r", Path: "p"}
	marked := finding.Finding{Rule: "r", Path: "p", Severity: finding.Error}
	if got := finding.Sorted([]finding.Finding{unmarked, marked}); len(got) != 1 {
		t.Errorf("Sorted = %v, want one: no severity means error", got)
	}
}

func TestFindingsStandInTheOrderOfTheFile(t *testing.T) {
	at := func(path string, line, column int) finding.Finding {
		return finding.Finding{Path: path, Line: line, Column: column}
	}
	want := []finding.Finding{at("a", 0, 0), at("a", 2, 9), at("a", 10, 1), at("a", 10, 2), at("b", 1, 1)}
	got := finding.Sorted([]finding.Finding{want[4], want[2], want[0], want[3], want[1]})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTheLineOfAFinding(t *testing.T) {
	tests := []struct {
		name string
		in   finding.Finding
		want string
	}{
		{"says where, what and what was expected", finding.Finding{Rule: "r", Path: "a.yaml", Line: 2, Column: 5, Found: "x", Expected: "y"}, "a.yaml:2:5: error: x; expected y [r]"},
		{"leaves out the place where the file as a whole is meant", finding.Finding{Rule: "r", Path: "a.yaml", Found: "x"}, "a.yaml: error: x [r]"},
		{"says when it is only a warning", finding.Finding{Rule: "r", Path: "a.yaml", Severity: finding.Warning, Found: "x"}, "a.yaml: warning: x [r]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.in.String(); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestTheJSONOfAFindingHasEveryKeyInOrder(t *testing.T) {
	f := finding.Finding{Rule: "r", Path: "p", Line: 1, Column: 2, Found: "x", Expected: "y"}
	got, err := json.Marshal(f)
	const want = `{"rule":"r","severity":"error","path":"p","line":1,"column":2,"message":"x; expected y","found":"x","expected":"y","fix":"","edit":null}`
	if err != nil || string(got) != want {
		t.Errorf("got  %s, %v\nwant %s", got, err, want)
	}
}

func TestOnlyErrorsFail(t *testing.T) {
	warning, unmarked := finding.Finding{Severity: finding.Warning}, finding.Finding{}
	if finding.Failing(nil) || finding.Failing([]finding.Finding{warning}) {
		t.Error("a warning fails")
	}
	if !finding.Failing([]finding.Finding{warning, unmarked}) {
		t.Error("an error among warnings does not fail")
	}
}
