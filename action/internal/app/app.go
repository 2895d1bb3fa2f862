// Package app wires the rest together: one file per command, which turns arguments into
// calls and results into faces and exit codes.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"time"

	"github.com/commrel/liaison/action/internal/bot"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/workflow"
	"github.com/spf13/cobra"
)

// Exit codes, for scripts.
const (
	exitClean   = 0
	exitFound   = 1 // findings
	exitUsage   = 2 // wrong usage
	exitRefused = 3 // could not or would not answer
	exitPartly  = 4 // partly applied
)

// An App is the program with everything outside of it, so that all of it runs in a test.
type App struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Getenv         func(string) string
	Now            func() time.Time
	Sleep          func(context.Context, time.Duration) error // waits for GitHub; nil: as long as it says
	Definitions    *workflow.Cache                            // definitions and schemas that were compiled; nil: a cache of its own
}

// FromOS is the program in its natural place.
func FromOS() *App {
	return &App{os.Stdin, os.Stdout, os.Stderr, os.Getenv, time.Now, nil, nil}
}

// An exit is an error that knows its exit code.
type exit struct {
	code int
	err  error // nil: everything has been said
}

// Error is what is printed, if anything.
func (e *exit) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

// Unwrap is the cause.
func (e *exit) Unwrap() error { return e.err }

// refuse gives an error that knows no exit code the one that its kind has.
func refuse(err error) error {
	var known *exit
	var partly *bot.Partly
	var unnamed *bot.Unnamed
	switch {
	case err == nil || errors.As(err, &known):
		return err
	case errors.As(err, &partly):
		return &exit{exitPartly, err}
	case errors.As(err, &unnamed):
		return &exit{exitUsage, err}
	}
	return &exit{exitRefused, err}
}

// found is the exit after findings that have been printed.
func found() error { return &exit{code: exitFound} }

// usage is wrong usage that only the command itself can see.
func usage(format string, args ...any) error {
	return &exit{exitUsage, fmt.Errorf(format, args...)}
}

// Run runs one command and returns its exit code.
func (a *App) Run(ctx context.Context, args []string) (code int) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Fprintf(a.Stderr, "liaison: an error of the program, please report it: %v\n%s", r, debug.Stack())
			code = exitRefused
		}
	}()
	if a.Definitions == nil {
		a.Definitions = workflow.NewCache()
	}
	root := a.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	var known *exit
	switch {
	case err == nil:
		return exitClean
	case errors.As(err, &known):
		var defects *finding.Defects
		if errors.As(err, &defects) {
			a.printFindings(defects.Findings)
		}
		if msg := known.Error(); msg != "" {
			fmt.Fprintf(a.Stderr, "liaison: %s\n", msg)
		}
		return known.code
	}
	fmt.Fprintf(a.Stderr, "liaison: %v\nTry: liaison --help\n", err)
	return exitUsage
}

func (a *App) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "liaison",
		Short: "A support desk that lives in a Git repository",
		Long: `Liaison checks the records of a desk, turns their history into events and clocks,
says whether the desk's promises were kept, and makes GitHub show what it should.

Exit codes: 0 clean, 1 findings, 2 wrong usage, 3 could not or would not answer,
4 partly applied.`,
		SilenceErrors: true, SilenceUsage: true,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetIn(a.Stdin)
	root.SetOut(a.Stdout)
	root.SetErr(a.Stderr)
	root.AddCommand(a.check(), a.new(), a.events(), a.clocks(), a.report(), a.explain(), a.gate(), a.command(), a.reconcile(), a.witnessCommands(), a.demo(), a.version())
	return root
}
