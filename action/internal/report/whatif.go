package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/finding"
)

// A WhatIf is how clocks would stand otherwise after a change to what they hang on.
type WhatIf struct {
	Rules   bool   `json:"rules"`         // the change is to the definition, its calendars or schemas: compared as if either had always stood
	Facts   bool   `json:"facts"`         // the change is to records that roles and conditions look at, such as the roster: merging it does this
	Why     string `json:"why,omitempty"` // why it cannot be told; "" : it can
	Clocks  int    `json:"clocks"`        // how many were compared, those that come or go included
	Flipped int    `json:"flipped"`       // how many would stand otherwise
	Moved   int    `json:"moved"`         // how many would stand as they do, and be due at another time
	Flips   []Flip `json:"flips"`         // the first of them, by record, target, cycle and round
}

// A Flip is one clock that would stand otherwise.
type Flip struct {
	Record string `json:"record"` // id
	Title  string `json:"title"`
	Target string `json:"target"`
	Cycle  int    `json:"cycle"`
	Round  int    `json:"round"` // in the cycle, where the target repeats
	Was    string `json:"was"`   // its state; "" : there is no such clock
	Is     string `json:"is"`    // likewise, after the change
	DueWas string `json:"due_was"`
	DueIs  string `json:"due_is"`
}

// mostFlips is how many clocks a what-if names: enough to see what a change does, few enough
// for a comment.
const mostFlips = 50

// Compare counts and names the clocks that stand otherwise after than before.
func (w *WhatIf) Compare(before, after []clock.Clock) {
	flips := map[string]*Flip{}
	at := func(c clock.Clock) *Flip {
		key := fmt.Sprintf("%s\x00%s\x00%d\x00%d", c.Record.ID, c.Target.Name, c.Cycle, c.Round)
		if flips[key] == nil {
			flips[key] = &Flip{Record: c.Record.ID, Title: c.Record.Title, Target: c.Target.Name, Cycle: c.Cycle, Round: c.Round}
		}
		return flips[key]
	}
	for _, c := range before {
		f := at(c)
		f.Was, f.DueWas = string(c.State), due(c)
	}
	for _, c := range after {
		f := at(c)
		f.Is, f.DueIs = string(c.State), due(c)
	}
	w.Clocks = len(flips)
	for _, f := range flips {
		switch {
		case f.Was != f.Is:
			w.Flips = append(w.Flips, *f)
		case f.DueWas != f.DueIs:
			w.Moved++
		}
	}
	slices.SortFunc(w.Flips, func(a, b Flip) int {
		return cmp.Or(cmp.Compare(a.Record, b.Record), cmp.Compare(a.Target, b.Target), cmp.Compare(a.Cycle, b.Cycle), cmp.Compare(a.Round, b.Round))
	})
	w.Flipped = len(w.Flips)
	w.Flips = w.Flips[:min(len(w.Flips), mostFlips)]
}

// normal has an empty list where there is nothing.
func (w *WhatIf) normal() *WhatIf {
	if w == nil {
		return nil
	}
	out := *w
	out.Flips = append([]Flip{}, w.Flips...)
	return &out
}

// words say what was compared and what came of it.
func (w *WhatIf) words() string {
	if w.Why != "" {
		return "What this change does to clocks cannot be told: " + closed(w.Why)
	}
	flipped := "none would stand otherwise"
	if w.Flipped > 0 {
		flipped = fmt.Sprintf("%d would stand otherwise", w.Flipped)
	}
	if w.Moved > 0 {
		flipped += fmt.Sprintf(", and %d more would only be due at another time", w.Moved)
	}
	s := fmt.Sprintf("Of %s, %s", finding.Count(w.Clocks, "clock"), flipped)
	switch {
	case w.Rules && w.Facts:
		return s + ", had these rules always stood and with these records. Clocks that have started keep the rules of their start; dates in records are facts, and count when they land."
	case w.Rules:
		return s + ", had these rules always stood. Clocks that have started keep the rules of their start, so merging this changes none of them."
	}
	return s + " once this is merged: the dates in these records are facts, for what has happened too."
}

// text is what a change does to clocks, for a terminal.
func (w *WhatIf) text(p pen) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", inert(w.words()))
	for _, f := range w.Flips {
		fmt.Fprintf(&b, "  %s: %s, cycle %d%s: %s\n", p.in(bold, inert(f.Record)), inert(f.Target), f.Cycle, f.round(), f.turn())
	}
	if n := w.Flipped - len(w.Flips); n > 0 {
		fmt.Fprintf(&b, "  … and %d more\n", n)
	}
	return b.String()
}

// round says which of several in a cycle it is.
func (f Flip) round() string {
	if f.Round < 2 {
		return ""
	}
	return fmt.Sprintf(", round %d", f.Round)
}

// turn says how a clock stands and would stand.
func (f Flip) turn() string {
	stand := func(state, due string) string {
		switch {
		case state == "":
			return "no clock"
		case due == "":
			return clock.State(state).Words()
		}
		return clock.State(state).Words() + " (due " + due + ")"
	}
	return stand(f.Was, f.DueWas) + " -> " + stand(f.Is, f.DueIs)
}

// item is one clock as a row.
func (f Flip) item() string {
	name := cell(f.Record)
	if title := cell(f.Title); title != "" {
		name = title + "<br>" + name
	}
	if f.Cycle > 1 {
		name += fmt.Sprintf(", cycle %d", f.Cycle)
	}
	name += f.round()
	was, is, _ := strings.Cut(f.turn(), " -> ")
	return fmt.Sprintf("| %s | %s | %s | **%s** |\n", name, target(f.Target), was, is)
}

// block is what a change does to clocks, as a section of a comment.
func (w *WhatIf) block(p *page) {
	open := "### What if\n\n" + prose(w.words()) + "\n\n"
	if len(w.Flips) > 0 {
		open += "| record | promise | now | then |\n|---|---|---|---|\n"
	}
	end := "\n"
	if n := w.Flipped - len(w.Flips); n > 0 {
		end = fmt.Sprintf("\n…and %d more.\n\n", n)
	}
	p.section(open, len(w.Flips), func(i int) string { return w.Flips[i].item() }, end)
}
