package app

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/commrel/liaison/action/internal/desk"
	"github.com/commrel/liaison/action/internal/form"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/schema"
	"github.com/commrel/liaison/action/internal/workflow"
	"github.com/spf13/cobra"
)

func (a *App) new() *cobra.Command {
	var w where
	var stdout bool
	cmd := &cobra.Command{
		Use:   "new KIND SLUG",
		Short: "Begin a record: a commented file made from the schema of its kind",
		Long: `New writes a file to fill in, where the definition has the files of that kind: what is
required stands there, what is offered is commented out, each with what it means. SLUG is the
file's name without .yaml; folders that the definition leaves open go before it, and are this
year where there are none. A file that is there already is never touched.`,
		Example: "  liaison new request my-request\n  liaison new person example-nova\n  liaison new wiki frwiki --stdout",
		Args:    cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			return refuse(a.runNew(w, args[0], args[1], stdout))
		},
	}
	cmd.Flags().StringVar(&w.repo, "repo", ".", "the `DIR` of the repository; it must have a work tree")
	cmd.Flags().StringVar(&w.config, "config", "", "read the definition from this `FILE` instead of "+workflow.Path)
	cmd.Flags().BoolVar(&stdout, "stdout", false, "print the record instead of writing it")
	return cmd
}

func (a *App) runNew(w where, kindName, slug string, stdout bool) error {
	b, err := a.beginner(w)
	if err != nil {
		return err
	}
	defer b.desk.Close()
	kind, err := b.kind(kindName)
	if err != nil {
		return err
	}
	at, text, err := b.begin(kind, slug, a.Now().In(b.desk.Def.Zone()).Year())
	if err != nil {
		return err
	}
	if stdout {
		_, err := a.Stdout.Write(text)
		return err
	}
	if err := b.add(at, text); err != nil {
		return err
	}
	fmt.Fprintf(a.Stdout, "%s\nFill it in; then: liaison check %s\n", at, at)
	return nil
}

// A beginner makes records in the work tree of a desk.
type beginner struct{ desk desk.Desk }

func (a *App) beginner(w where) (b beginner, err error) {
	at, err := w.desk()
	if err != nil {
		return b, err
	}
	p, err := desk.FindPlace(at)
	if err != nil {
		return b, err
	}
	if b.desk, err = p.Define(a.Definitions); err == nil {
		err = b.desk.Defined()
	}
	if err != nil {
		p.Close()
	}
	return b, err
}

func (b beginner) kind(name string) (*workflow.Kind, error) {
	var known []string
	for _, k := range b.desk.Def.Kinds {
		if k.Schema != nil {
			known = append(known, k.Name)
		}
	}
	kind := b.desk.Def.Kind(name)
	switch {
	case kind == nil:
		return nil, usage("the definition has no kind %q; expected one of: %s", name, strings.Join(known, ", "))
	case kind.Schema == nil:
		return nil, usage("the kind %s has no schema to make a record from; expected one of: %s", name, strings.Join(known, ", "))
	}
	return kind, nil
}

// begin makes a record of a kind and says where it belongs.
func (b beginner) begin(kind *workflow.Kind, slug string, year int) (at string, text []byte, err error) {
	src, err := b.desk.Tree.Read(kind.SchemaAt)
	if err != nil {
		return "", nil, err
	}
	schema, err := form.Read(src)
	if err != nil {
		return "", nil, fmt.Errorf("%s: %w", kind.SchemaAt, err)
	}
	if err := schema.Fits(path.Base(slug)); err != nil {
		return "", nil, usage("%v", err)
	}
	if at, err = form.Path(string(kind.Files), slug, year); err != nil {
		return "", nil, usage("%v", err)
	}
	if b.desk.Def.KindOf(at) != kind {
		return "", nil, usage("%s would not be a %s: the definition has those at %s", at, kind.Name, kind.Files)
	}
	return at, schema.Fill(form.Record{
		Path: at, Schema: kind.SchemaAt, First: b.warning(kind), Owners: kind.Owners, Derived: derived(kind),
	}), nil
}

// derived is the field that shows a state which follows from what happens.
func derived(kind *workflow.Kind) string {
	if len(kind.Moves) == 0 {
		return ""
	}
	return kind.Status
}

// warning is the first line of a record of a kind that refuses some matters: where they go.
func (b beginner) warning(kind *workflow.Kind) string {
	for _, refusal := range kind.Schema.Refusals() {
		if route := b.route(refusal); route != "" {
			return "Public for ever. Safety, legal, personal: not here. Go to: " + route
		}
	}
	return ""
}

// route is the record that says where refused matters go; "" for none.
func (b beginner) route(refusal schema.Refusal) string {
	files, err := b.desk.Tree.Files()
	if err != nil {
		return ""
	}
	for _, f := range files {
		if kind := b.desk.Def.KindOf(f.Path); kind == nil || kind.Name != refusal.Route.Kind || !f.Regular {
			continue
		}
		src, err := b.desk.Tree.Read(f.Path)
		if err != nil {
			continue
		}
		if values, ok := record.Values(src); ok && values[refusal.Route.Where] == true {
			return f.Path
		}
	}
	return ""
}

// add writes a file into the work tree, never through a link that leads out of it and never
// over another: one whose name differs in its case only counts as the same.
func (b beginner) add(at string, text []byte) error {
	files, err := b.desk.Tree.Files()
	if err != nil {
		return err
	}
	for _, f := range files {
		if strings.EqualFold(f.Path, at) {
			return fmt.Errorf("%s is there already: nothing was written", f.Path)
		}
	}
	root, err := os.OpenRoot(b.desk.Repo.Root())
	if err != nil {
		return err
	}
	defer root.Close()
	if err := root.MkdirAll(path.Dir(at), 0o777); err != nil {
		return err
	}
	file, err := root.OpenFile(at, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already: nothing was written", at)
	} else if err != nil {
		return err
	}
	_, err = file.Write(text)
	return errors.Join(err, file.Close())
}
