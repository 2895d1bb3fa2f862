package workflow_test

import (
	"testing"

	"github.com/commrel/liaison/action/internal/workflow"
)

func TestGlobs(t *testing.T) {
	tests := []struct {
		glob, path string
		want       bool
	}{
		{"requests/*/*.yaml", "requests/2026/a.yaml", true},
		{"requests/*/*.yaml", "requests/a.yaml", false},
		{"requests/*/*.yaml", "requests/2026/a.yml", false},
		{"plans/a.yaml", "plans/a.yaml", true},
		{"plans/a.yaml", "plans/ab.yaml", false},
		{"**/x.yaml", "x.yaml", true},
		{"**/x.yaml", "a/b/x.yaml", true},
		{"**/x.yaml", "a/b/xx.yaml", false},
		{"a/**", "a/b", true},
		{"a/**", "ab", false},
		{"a/**/b.yaml", "a/b.yaml", true},
		{"a/?.yaml", "a/b.yaml", true},
		{"a/[a-c].y[a]ml", "a/b.yaml", true},
	}
	for _, tt := range tests {
		g, err := workflow.ParseGlob(tt.glob)
		if err != nil {
			t.Fatal(err)
		}
		if got := g.Match(tt.path); got != tt.want {
			t.Errorf("%s of %s: %v", tt.glob, tt.path, got)
		}
	}
}
