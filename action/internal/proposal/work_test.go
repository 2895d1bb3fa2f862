package proposal

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/commrel/liaison"
	"github.com/commrel/liaison/action/internal/desk"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/replay"
	"github.com/commrel/liaison/action/internal/roster"
	"github.com/commrel/liaison/action/internal/workflow"
)

// A tally is how often a proposal did what costs most.
type tally struct{ sides, few, all, facts int }

func (c tally) String() string {
	return fmt.Sprintf("sides read %d, history of the changed records %d, of all %d, facts %d", c.sides, c.few, c.all, c.facts)
}

// counted counts what a proposal does from now on.
func counted(p *Proposal, d desk.Desk) (*tally, Source) {
	c, read := &tally{}, source(d)
	p.work.load = func(def *workflow.Definition, entries []record.Entry, read func(string) ([]byte, error)) ([]record.Record, []finding.Finding, error) {
		c.sides++
		return record.Load(def, entries, read)
	}
	p.work.derive = func(in event.Input) (*event.Ledger, *roster.Roster, error) {
		if in.Only == nil {
			c.all++
		} else {
			c.few++
		}
		return event.Derive(in)
	}
	return c, func(ctx context.Context, also *workflow.Definition) (replay.Facts, error) {
		c.facts++
		return read(ctx, also)
	}
}

func TestAProposalReadsEverythingOnce(t *testing.T) {
	tests := []struct {
		name, actor string
		change      func(r *imported)
		want        tally
	}{
		{"a record that is in order", "pm#11", func(r *imported) { r.file(banner, asked("A banner", "channels: [village-pump]\n")) }, tally{1, 2, 0, 1}},
		{"a record with a defect", "pm#11", func(r *imported) { r.file(banner, asked("A banner", "colour: red\n")) }, tally{2, 2, 0, 1}},
		{"a record of nobody knows whom", "", func(r *imported) { r.file(banner, asked("A banner", "channels: [village-pump]\n")) }, tally{1, 0, 0, 0}},
		{"a record that moves", "pm#11", func(r *imported) { r.moved(banner, "requests/2026/big-banner.yaml") }, tally{1, 2, 0, 1}},
		{"the roster", "boss#1", func(r *imported) { r.file("roster/people/new.yaml", member("new", 5, "staff")) }, tally{1, 2, 2, 1}},
		{"the rules", "boss#1", func(r *imported) {
			r.file(".github/liaison.yaml", strings.Replace(string(liaison.Definition), "within: 7 days", "within: 8 days", 1))
		}, tally{1, 2, 2, 1}},
		{"where records stand", "boss#1", func(r *imported) {
			r.file(".github/liaison.yaml", strings.Replace(string(liaison.Definition), "files: plans/*.yaml", "files: plan/*.yaml", 1))
		}, tally{1, 2, 2, 1}},
	}
	r := town(t)
	for i, tt := range tests {
		tt.change(r.branch(fmt.Sprintf("change-%d", i), "pm#11"))
	}
	r.end()
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, p := proposed(t, r.dir, "main", fmt.Sprintf("change-%d", i), tt.actor)
			got, read := counted(p, d)
			if _, err := p.Listed(true); err != nil { // as the gate does
				t.Fatal(err)
			}
			j, err := p.Authorize(context.Background(), june, read)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := p.Listed(false); err != nil { // as the witness does
				t.Fatal(err)
			}
			if *got != tt.want {
				t.Errorf("%v\nwant %v\n%v", got, tt.want, j.Check.Findings)
			}
			if j.Check.WhatIf != nil && j.Check.WhatIf.Why != "" {
				t.Errorf("what would be otherwise cannot be told: %s", j.Check.WhatIf.Why)
			}
		})
	}
}
