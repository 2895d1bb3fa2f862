package desk_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/desk"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/sim/git"
	"github.com/commrel/liaison/action/internal/workflow"
)

const (
	notes = "desk: Notes\nkinds: {note: {files: notes/*.yaml}}\n"
	plans = "desk: Plans\nbranch: kept\nkinds: {plan: {files: plans/*.yaml}}\n"
)

// written is a bare repository with a commit for each text of the definition, oldest first,
// on a branch.
func written(t *testing.T, r *git.Repo, branch string, texts ...string) (commits []string) {
	t.Helper()
	for i, text := range texts {
		c := git.Commit{Files: map[string][]byte{workflow.Path: []byte(text)}, Author: git.Who{Name: "E", Email: "e@example.org"},
			Time: time.Date(2026, 5, 1+i, 9, 0, 0, 0, time.UTC), Message: "Define\n"}
		if i > 0 {
			c.Parents = []string{commits[i-1]}
		}
		id, err := r.Commit(c)
		if err == nil {
			err = r.SetRef("refs/heads/"+branch, id)
		}
		if err != nil {
			t.Fatal(err)
		}
		commits = append(commits, id)
	}
	return commits
}

func repository(t *testing.T) *git.Repo {
	t.Helper()
	r, err := git.Init(filepath.Join(t.TempDir(), "r.git"))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func opened(t *testing.T, w desk.Where) desk.Desk {
	t.Helper()
	d, err := desk.Open(w, workflow.NewCache())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

func TestTheDefinitionMayNameItsBranch(t *testing.T) {
	r := repository(t)
	written(t, r, "main", plans)
	kept := written(t, r, "kept", notes)
	d := opened(t, desk.Where{Repo: r.Dir()})
	if d.Head != kept[0] || d.Def.Desk != "Notes" {
		t.Errorf("the desk is %q at %s, want that of the branch which the definition names", d.Def.Desk, d.Head)
	}
	if d := opened(t, desk.Where{Repo: r.Dir(), Rev: "main"}); d.Def.Desk != "Plans" {
		t.Errorf("the desk is %q, want that of the revision which was asked for", d.Def.Desk)
	}
}

func TestElsewhereIsAnotherDesk(t *testing.T) {
	r := repository(t)
	commits := written(t, r, "main", notes, notes+"# more\n")
	d := opened(t, desk.Where{Repo: r.Dir()})
	before, err := d.At(commits[0])
	if err != nil {
		t.Fatal(err)
	}
	if d.Head != commits[1] || before.Head != commits[0] || before.Def != d.Def {
		t.Errorf("the desk is at %s, and the earlier one at %s", d.Head, before.Head)
	}
	if src, err := before.Tree.Read(workflow.Path); err != nil || string(src) != notes {
		t.Errorf("the earlier tree reads %q, %v", src, err)
	}
}

func TestDefectsOfTheDefinitionAreValues(t *testing.T) {
	r := repository(t)
	written(t, r, "main", "desk: Notes\n")
	d := opened(t, desk.Where{Repo: r.Dir()})
	var defects *finding.Defects
	if err := d.Defined(); !errors.As(err, &defects) || len(defects.Findings) != 1 || d.Def != nil {
		t.Errorf("%v with %v, want one finding and no definition", err, d.Findings)
	}
}

func TestATextFromOutsideStandsForTheTreesOwn(t *testing.T) {
	r := repository(t)
	written(t, r, "main", "not: a definition\n")
	text := &desk.Text{Path: "notes.yaml", Source: []byte(notes), Outside: true}
	d := opened(t, desk.Where{Repo: r.Dir(), Text: text})
	if d.Def == nil || d.Def.Desk != "Notes" || len(d.Text.Sum()) != 64 {
		t.Errorf("the desk is %+v, by %q", d.Def, d.Text.Sum())
	}
	if own := (desk.Text{Source: []byte(notes)}).Sum(); own != "" {
		t.Errorf("the tree's own text has the sum %q, want none", own)
	}
}

func TestATreeWithoutADefinitionSaysWhatToDo(t *testing.T) {
	r := repository(t)
	if _, err := desk.Open(desk.Where{Repo: r.Dir()}, workflow.NewCache()); err == nil {
		t.Error("an empty repository is a desk")
	}
	id, err := r.Commit(git.Commit{Files: map[string][]byte{"README.md": []byte("hello\n")}, Author: git.Who{Name: "E", Email: "e@example.org"}, Time: time.Unix(1_700_000_000, 0).UTC(), Message: "Begin\n"})
	if err == nil {
		err = r.SetRef("refs/heads/main", id)
	}
	if err != nil {
		t.Fatal(err)
	}
	_, err = desk.Open(desk.Where{Repo: r.Dir()}, workflow.NewCache())
	if err == nil || !strings.Contains(err.Error(), "there is no "+workflow.Path+" in revision main: expected the desk's definition there") {
		t.Errorf("%v", err)
	}
}
