package event_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/commrel/liaison"
	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/gitrepo"
	"github.com/commrel/liaison/action/internal/workflow"
)

// A workshop is a repository made by the real git. Every commit says its hour; authors' dates
// are nonsense.
type workshop struct {
	t      *testing.T
	dir    string
	github bool // GitHub is the committer
}

func newWorkshop(t *testing.T) *workshop {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed: this story is told by the real one")
	}
	w := &workshop{t: t, dir: t.TempDir()}
	w.git(0, lia, "init", "-q", "-b", "main")
	return w
}

func (w *workshop) git(hour float64, who account.Account, args ...string) string {
	w.t.Helper()
	name, mail := who.Login, fmt.Sprintf("%d+%s@users.noreply.github.com", who.ID, who.Login)
	cmd := exec.Command("git", args...)
	cmd.Dir = w.dir
	committer, address := name, mail
	if w.github {
		committer, address = "GitHub", "noreply@github.com"
	}
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + w.dir, "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=" + os.DevNull,
		// No hooks to copy, no logs of refs, no wait for the disk, no process that tidies up: they would cost more than the story.
		"GIT_TEMPLATE_DIR=", "GIT_CONFIG_COUNT=3", "GIT_CONFIG_KEY_0=core.logAllRefUpdates", "GIT_CONFIG_VALUE_0=false",
		"GIT_CONFIG_KEY_1=maintenance.auto", "GIT_CONFIG_VALUE_1=false", "GIT_CONFIG_KEY_2=core.fsync", "GIT_CONFIG_VALUE_2=none",
		"GIT_AUTHOR_NAME=" + name, "GIT_AUTHOR_EMAIL=" + mail, "GIT_AUTHOR_DATE=1999-01-01T00:00:00Z",
		"GIT_COMMITTER_NAME=" + committer, "GIT_COMMITTER_EMAIL=" + address, "GIT_COMMITTER_DATE=" + at(hour).Format(time.RFC3339),
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		w.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// commit writes files, given as path and content in turn, and commits them; "" removes one.
func (w *workshop) commit(hour float64, who account.Account, files ...string) string {
	w.t.Helper()
	for i := 0; i < len(files); i += 2 {
		full := filepath.Join(w.dir, files[i])
		if files[i+1] == "" {
			if err := os.Remove(full); err != nil {
				w.t.Fatal(err)
			}
			continue
		}
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			w.t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(files[i+1]), 0o600); err != nil {
			w.t.Fatal(err)
		}
	}
	w.git(hour, who, "add", "-A")
	w.git(hour, who, "commit", "-q", "-m", "a commit")
	return w.head()
}

// head is the commit of the checked-out branch, whose ref is a file of its own.
func (w *workshop) head() string {
	w.t.Helper()
	ref := w.file("HEAD")
	return w.file(strings.TrimPrefix(ref, "ref: "))
}

// file is what a file of git's own says.
func (w *workshop) file(name string) string {
	w.t.Helper()
	b, err := os.ReadFile(filepath.Join(w.dir, ".git", name))
	if err != nil {
		w.t.Fatal(err)
	}
	return strings.TrimSpace(string(b))
}

// read is the story that the repository tells, with what the witness saw.
func (w *workshop) read(def *workflow.Definition, pulls ...event.Pull) *story {
	w.t.Helper()
	repo, err := gitrepo.Open(w.dir)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = repo.Close() })
	landings, err := repo.History(context.Background(), w.head(), func(path string) bool { return def.KindOf(path) != nil }, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	s := &story{t: w.t, def: def, landings: landings, pulls: pulls, blobs: map[string]string{}, asOf: at(1000)}
	for _, l := range landings {
		for _, c := range l.Changes {
			if c.New == "" {
				continue
			}
			text, err := repo.Blob(c.New)
			if err != nil {
				w.t.Fatal(err)
			}
			s.blobs[c.New] = string(text)
		}
	}
	return s
}

func asked(who, what string) string {
	return fmt.Sprintf("title: %s\nteam: editing\nsummary: %s\nhelp: [%s]\nwanted_by: flexible\n", what, strings.Repeat(what+" ", 5), who)
}

// One story by the real git: merge, squash, rebase, octopus and rename, some witnessed and
// some not. Its events are the table below, which was written by hand before it ran.
func TestAStoryToldByGit(t *testing.T) {
	w := newWorkshop(t)
	root := w.commit(-100, mara, "roster/people/mara.yaml", person(mara, "manager", "2020-01-01"), lias, person(lia, "liaison", "2020-01-01"))

	// #1, witnessed: Ann's branch, merged by Lia with a merge commit.
	w.git(0, ann, "checkout", "-q", "-b", "one", root)
	w.commit(1, ann, "requests/2026/merged.yaml", asked("planning", "one"))
	w.commit(2, ann, "requests/2026/merged.yaml", asked("planning", "One"))
	w.git(0, lia, "checkout", "-q", "main")
	w.git(10, lia, "merge", "-q", "--no-ff", "-m", "Merge #1", "one")
	one := w.head()

	// Unwitnessed: a merge commit, whose branch began at hour 11.
	w.git(0, bob, "checkout", "-q", "-b", "two")
	w.commit(11, bob, "requests/2026/unseen-merge.yaml", asked("survey", "two"))
	w.commit(12, bob, "requests/2026/unseen-merge.yaml", asked("survey", "Two"))
	w.git(0, lia, "checkout", "-q", "main")
	w.git(20, lia, "merge", "-q", "--no-ff", "-m", "Merge two", "two")

	// Unwitnessed: a squash, committed by GitHub, who is nobody.
	w.git(0, bob, "checkout", "-q", "-b", "three")
	w.commit(21, bob, "requests/2026/unseen-squash.yaml", asked("training", "three"))
	w.git(0, lia, "checkout", "-q", "main")
	w.git(0, lia, "merge", "-q", "--squash", "three")
	w.github = true
	w.git(30, bob, "commit", "-q", "-m", "Squash three")
	w.github = false

	// #4, witnessed: two commits, rebased by GitHub; the clock of the second is slow.
	first := w.commit(31, ann, "requests/2026/rebased.yaml", asked("meeting", "four"))
	last := w.commit(29, ann, "requests/2026/rebased.yaml", asked("meeting", "Four"))

	// Unwitnessed: an octopus of two branches.
	w.git(0, ann, "checkout", "-q", "-b", "five", "main")
	w.commit(41, ann, "requests/2026/arm-a.yaml", asked("visit", "five"))
	w.git(0, ann, "checkout", "-q", "-b", "six", "main")
	w.commit(42, ann, "requests/2026/arm-b.yaml", asked("onboarding", "six"))
	w.git(0, lia, "checkout", "-q", "main")
	w.git(0, lia, "commit", "-q", "--allow-empty", "-m", "no fast-forward")
	w.git(50, lia, "merge", "-q", "-m", "Octopus", "five", "six")

	// A rename with an edit, then a landed status, then a removal, all pushed by Lia.
	w.commit(60, lia, "requests/2026/merged.yaml", "", "requests/2027/renamed.yaml", asked("planning", "One")+"goal: none\n")
	w.commit(61, lia, "requests/2027/renamed.yaml", asked("planning", "One")+"goal: none\nstatus: stalled\nreason: Holidays\n")
	w.commit(62, lia, "requests/2026/arm-b.yaml", "")

	s := w.read(define(t, liaison.Definition),
		event.Pull{Number: 1, Entries: []event.Entry{saw(3, "opened", ann), saw(9, "reviewed/approved", lia), merged(10, lia, one, one)}},
		event.Pull{Number: 4, Entries: []event.Entry{saw(25, "opened", ann), merged(35, lia, first, last)}})
	s.want(
		"3h merged: filed >submitted by ann, witnessed",
		"9h merged: responded by lia, witnessed",
		"10h merged: moved submitted>accepted by lia, witnessed",
		"11h unseen-merge: filed >submitted by bob, claimed",
		"20h unseen-merge: responded by lia, claimed",
		"20h unseen-merge: moved submitted>accepted by lia, claimed",
		"25h rebased: filed >submitted by ann, witnessed",
		"30h unseen-squash: filed >submitted by bob, landed",
		"30h unseen-squash: responded by somebody, unknown",
		"30h unseen-squash: moved submitted>accepted by somebody, unknown",
		"35h rebased: responded by lia, witnessed",
		"35h rebased: moved submitted>accepted by lia, witnessed",
		"41h arm-a: filed >submitted by ann, claimed",
		"41h arm-b: filed >submitted by ann, claimed",
		"50h arm-a: responded by lia, claimed",
		"50h arm-a: moved submitted>accepted by lia, claimed",
		"50h arm-b: responded by lia, claimed",
		"50h arm-b: moved submitted>accepted by lia, claimed",
		"60h merged: renamed requests/2026/merged.yaml>requests/2027/renamed.yaml by lia, landed",
		"60h merged: edited by lia, landed",
		"61h merged: moved accepted>stalled by lia, claimed",
		"61h merged: edited by lia, landed",
		"62h arm-b: removed by lia, landed",
	)
	w.unseenSquash(s)
}

// unseenSquash: a squash that nobody witnessed is unknown, and never met.
func (w *workshop) unseenSquash(s *story) {
	w.t.Helper()
	s.def = unconditional(s.def)
	ledger, ros := s.derive()
	seen := 0
	for _, c := range clock.Run(s.def, ledger, ros, s.asOf) {
		if c.Record.ID != "requests/2026/unseen-squash.yaml" {
			continue
		}
		seen++
		if c.State != clock.Unknown || c.Why == "" {
			w.t.Errorf("%s of an unwitnessed squash is %s (%s), want unknown", c.Target.Name, c.State, c.Why)
		}
	}
	if seen != 2 {
		w.t.Errorf("an unwitnessed squash has %d clocks, want 2", seen)
	}
}
