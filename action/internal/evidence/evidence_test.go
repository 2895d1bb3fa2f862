package evidence_test

import (
	"testing"

	"github.com/commrel/liaison/action/internal/evidence"
)

var grades = []evidence.Grade{evidence.Witnessed, evidence.Landed, evidence.Claimed, evidence.Declared, evidence.Unknown}

func TestAFigureIsAsGoodAsTheWeakestThatItRestsOn(t *testing.T) {
	for i, a := range grades {
		for k, b := range grades {
			if got, want := evidence.Weakest(a, b), grades[max(i, k)]; got != want {
				t.Errorf("Weakest(%v, %v) = %v, want %v", a, b, got, want)
			}
		}
	}
	if got := evidence.Weakest(); got != evidence.Witnessed {
		t.Errorf("Weakest() = %v: nothing weakens nothing", got)
	}
}

func TestEveryGradeHasItsNameAndItsWords(t *testing.T) {
	want := [][2]string{
		{"witnessed", "GitHub's record"}, {"landed", "merge time"}, {"claimed", "somebody's clock or word"},
		{"declared", "imported"}, {"unknown", "unknown"},
	}
	for i, g := range grades {
		text, err := g.MarshalText()
		if got := [2]string{string(text), g.Words()}; err != nil || got != want[i] {
			t.Errorf("grade %d is %v, %v; want %v", i, got, err, want[i])
		}
	}
}
