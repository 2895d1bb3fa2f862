package replay_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/desk"
	"github.com/commrel/liaison/action/internal/replay"
	"github.com/commrel/liaison/action/internal/sim/git"
	"github.com/commrel/liaison/action/internal/workflow"
)

// A day is what lands on a day of January 2026, at nine: a file with a text.
type day struct {
	n          int
	path, text string
}

// within is a definition by which an ask is answered so soon, where a condition holds.
func within(days int, where string) string {
	return fmt.Sprintf("desk: Asks\nkinds: {ask: {files: asks/*.yaml, status: status}}\n"+
		"targets: {answered: {of: ask, where: \"%s\", start: filed, stop: moved(answered), within: %d days}}\n", where, days)
}

func at(n int) time.Time { return time.Date(2026, time.January, n, 9, 0, 0, 0, time.UTC) }

func empty(t *testing.T) *git.Repo {
	t.Helper()
	r, err := git.Init(filepath.Join(t.TempDir(), "r.git"))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// grow is a branch of a repository on which the days land, one after another; it gives the
// last commit.
func grow(t *testing.T, r *git.Repo, branch string, days ...day) (tip string) {
	t.Helper()
	files, parents := map[string][]byte{}, []string(nil)
	for _, d := range days {
		files[d.path] = []byte(d.text)
		id, err := r.Commit(git.Commit{Files: files, Parents: parents, Author: git.Who{Name: "E", Email: "e@example.org"}, Time: at(d.n), Message: "Change\n"})
		if err == nil {
			err = r.SetRef("refs/heads/"+branch, id)
		}
		if err != nil {
			t.Fatal(err)
		}
		parents, tip = []string{id}, id
	}
	return tip
}

func opened(t *testing.T, r *git.Repo) desk.Desk {
	t.Helper()
	d, err := desk.Open(desk.Where{Repo: r.Dir()}, workflow.NewCache())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

// repository is one in which the days landed on the default branch.
func repository(t *testing.T, days ...day) desk.Desk {
	t.Helper()
	r := empty(t)
	grow(t, r, "main", days...)
	return opened(t, r)
}

// asOf asks for the desk as of a day's noon.
func asOf(t *testing.T, d desk.Desk, n int) (*replay.Result, error) {
	noon := at(n).Add(3 * time.Hour)
	return replay.Of(t.Context(), d, replay.Question{AsOf: noon, Now: noon, Asked: true}, replay.Reading{Definitions: workflow.NewCache()})
}

func replayed(t *testing.T, d desk.Desk, n int) *replay.Result {
	t.Helper()
	p, err := asOf(t, d, n)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// clocks are one line each, and notices another one each.
func clocks(p *replay.Result) (out []string) {
	for _, c := range p.Clocks {
		out = append(out, fmt.Sprintf("%s %s, due on the %d", c.Record.ID, c.State, c.Due.Day()))
	}
	for _, n := range p.Notices {
		words, _, _ := strings.Cut(n.Words, " as of")
		out = append(out, words)
	}
	return out
}

func TestADayKnowsNothingOfLaterOnes(t *testing.T) {
	d := repository(t,
		day{5, workflow.Path, within(7, "true")},
		day{6, "asks/a.yaml", "title: A\nstatus: asked\n"},
		day{8, workflow.Path, within(3, "true")},
		day{9, "asks/b.yaml", "title: B\nstatus: asked\n"},
		day{10, workflow.Path, "desk: [\n"},
		day{12, "asks/a.yaml", "title: A\nstatus: answered\n"},
		day{14, workflow.Path, within(2, "true")},
		day{15, "asks/c.yaml", "title: C\nstatus: asked\n"},
	)
	tests := []struct {
		name string
		day  int
		want []string
	}{
		{"nothing is asked yet", 5, nil},
		{"the first definition is in force", 6, []string{"asks/a.yaml running, due on the 13"}},
		{"a clock keeps the definition that was in force when it started", 9, []string{"asks/a.yaml running, due on the 13", "asks/b.yaml running, due on the 12"}},
		{"a broken definition leaves the good one before it in force", 11, []string{
			"asks/a.yaml running, due on the 13", "asks/b.yaml running, due on the 12", "the definition is broken"}},
		{"an answer stops a clock", 12, []string{
			"asks/a.yaml met, due on the 13", "asks/b.yaml breached, due on the 12", "the definition is broken"}},
		{"each clock keeps its own", 16, []string{
			"asks/a.yaml met, due on the 13", "asks/b.yaml breached, due on the 12", "asks/c.yaml running, due on the 17", "the definition is broken"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := clocks(replayed(t, d, tt.day)); !slices.Equal(got, tt.want) {
				t.Errorf("found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

// The title is that of the issue which calls somebody; TestWhatAStrangerProposesCallsNobody
// looks for it.
func TestAConditionWithoutAnAnswerCallsSomebody(t *testing.T) {
	d := repository(t, day{5, workflow.Path, within(7, "record.colour == 'red'")}, day{6, "asks/a.yaml", "title: A\nstatus: asked\n"})
	p := replayed(t, d, 6)
	if len(p.Ledger.Alarms) != 1 || p.Ledger.Alarms[0].Title != "Cannot be judged" || p.Ledger.Alarms[0].Record != "asks/a.yaml" {
		t.Errorf("found %+v, want one alarm about asks/a.yaml", p.Ledger.Alarms)
	}
	if p := replayed(t, d, 5); len(p.Ledger.Alarms) > 0 {
		t.Errorf("before it was asked: %+v", p.Ledger.Alarms)
	}
}

func TestAWitnessThatIsGivenUpKeepsWhatItSaw(t *testing.T) {
	const declared = "witness: liaison/witness\n"
	r := empty(t)
	grow(t, r, "main",
		day{5, workflow.Path, within(7, "true") + declared},
		day{6, "asks/a.yaml", "title: A\nstatus: asked\n"},
		day{8, workflow.Path, within(7, "true")})
	d := opened(t, r)
	if _, err := asOf(t, d, 6); err == nil || !strings.Contains(err.Error(), "declares the witness branch liaison/witness") {
		t.Errorf("found %v, want that the witness which was declared then is not there", err)
	}
	seen := grow(t, r, "liaison/witness", day{5, "README.md", "What GitHub saw.\n"})
	for n, want := range map[int]string{6: seen, 9: ""} {
		if p := replayed(t, opened(t, r), n); p.Inputs.Witness != want || p.Witness.Commit != want {
			t.Errorf("on the %d by the witness at %q, want %q", n, p.Inputs.Witness, want)
		}
	}
}
