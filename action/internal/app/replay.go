package app

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/desk"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/replay"
)

// A face prints a result.
type face func(*replay.Result) error

// printReplay replays a desk and prints the result in the face that was asked for.
func (a *App) printReplay(ctx context.Context, w when, format string, faces map[string]face) error {
	print, err := chosen(format, faces)
	if err != nil {
		return err
	}
	return a.tell(ctx, w, nil, print)
}

// tell replays a desk, prints the result and closes the desk. A teller is told the records instead.
func (a *App) tell(ctx context.Context, w when, teller func() func(*event.Record), print face) error {
	a.makeRoom(historyRoom)
	q, err := w.question(a.Now())
	if err != nil {
		return err
	}
	q.Teller = teller
	at, err := w.desk()
	if err != nil {
		return err
	}
	at.Rev = q.Rev
	d, err := desk.Open(at, a.Definitions)
	if err != nil {
		return err
	}
	defer d.Close()
	p, err := replay.Of(ctx, d, q, a.reading(w.cache))
	if err != nil {
		return err
	}
	a.remark(p)
	return print(p)
}

// reading is how history is read: with a bar on a terminal.
func (a *App) reading(index string) replay.Reading {
	return replay.Reading{Definitions: a.Definitions, Index: index, Progress: a.progress}
}

// remark says what is remarkable about a result, on standard error.
func (a *App) remark(p *replay.Result) {
	a.printFindings(p.Witness.Findings)
	if p.Ahead != nil {
		a.say(p.Ahead.String())
	}
}

// say tells something on standard error.
func (a *App) say(words string) { fmt.Fprintf(a.Stderr, "liaison: %s\n", words) }

// chosen is the face that --format names.
func chosen[F any](format string, faces map[string]F) (F, error) {
	face, ok := faces[spelled(format, slices.Collect(maps.Keys(faces)))]
	if !ok {
		return face, usage("--format %s: expected %s", format, names(faces))
	}
	return face, nil
}

// names lists the keys of a set of choices, for a message.
func names[V any](choices map[string]V) string {
	return strings.Join(slices.Sorted(maps.Keys(choices)), " or ")
}
