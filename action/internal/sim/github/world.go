// Package github turns what people do on GitHub into a stateful GitHub in memory: it keeps
// issues, pull requests and labels, writes commits to a bare repository, and serves both
// over HTTP as GitHub's API does. It reads no clock and rolls no dice: the same deeds give
// the same ids, numbers and bytes. Tests and the demo command use it.
package github

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/sim/git"
)

// mainRef is the default branch of every world.
const mainRef = "refs/heads/main"

// A World is one repository on GitHub and the people around it. It is safe for use by
// several goroutines at once, as long as nothing else writes to its repository.
//
// Every deed takes the time at which it happens. The clock moves on to it; a zero time
// means now.
type World struct {
	// Record tells which paths count as records; nil: none.
	Record func(path string) bool
	// Clean gives what the gate keeps of a clean record; nil, or not ok: nothing is kept.
	Clean func(path string, content []byte) (title string, fields map[string]any, ok bool)

	mu        sync.Mutex
	repo      *git.Repo
	owner     string
	name      string
	now       time.Time
	lastID    int64
	accounts  []account.Account
	left      map[int64]bool // accounts that were deleted, by id
	tokens    map[string]Pass
	protected map[string]bool // by branch
	threads   []*thread       // thread n is at n-1
	labels    []label
	statuses  []status // oldest first
	log       []Call
	events    []Event
	quiet     bool // a GITHUB_TOKEN is at work
	private   bool
	rules     []Rule

	limit       int // requests an hour; 0 for no limit
	limitStatus int
	throttled   bool
	uses        map[string]*use // by token

	lagCalls int
	lagTime  time.Duration
	past     []replica // the newest last

	exchanges string // the folder to which exchanges are written; "" for none

	plans  []*planned
	killAt int // 0: nobody is killed
	kill   func()
}

// New makes a world around a repository, with nobody in it.
func New(repo *git.Repo, owner, name string) *World {
	return &World{
		repo: repo, owner: owner, name: name,
		tokens: map[string]Pass{}, protected: map[string]bool{}, uses: map[string]*use{}, left: map[int64]bool{},
		exchanges: os.Getenv(exchangesVariable),
	}
}

// SetNow sets GitHub's clock, forwards or backwards.
func (w *World) SetNow(t time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = stamp(t)
}

// Advance moves GitHub's clock on.
func (w *World) Advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = stamp(w.now.Add(d))
}

// Protect closes a branch to direct updates over the API, whoever asks, or opens it again.
// Merges and Push, which stands for somebody who may, still land.
func (w *World) Protect(branch string, on bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.protected["refs/heads/"+branch] = on
}

// Push lands a commit on main without a pull request and returns its id.
func (w *World) Push(actor string, at time.Time, message string, files map[string][]byte) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	who, err := w.account(actor)
	if err != nil {
		return "", err
	}
	c := git.Commit{Files: files, Author: noReply(who), Time: w.tick(at), Message: message}
	if tip, ok := w.repo.Ref(mainRef); ok {
		c.Parents = []string{tip}
	}
	id, err := w.repo.Commit(c)
	if err != nil {
		return "", err
	}
	w.pushed(mainRef, id, who)
	return id, w.repo.SetRef(mainRef, id)
}

// tick moves the clock on to the time of a deed and returns the deed's stamp.
func (w *World) tick(at time.Time) time.Time {
	if at.IsZero() {
		return w.now
	}
	at = stamp(at)
	if at.After(w.now) {
		w.now = at
	}
	return at
}

// stamp is a time as GitHub gives it: UTC, whole seconds.
func stamp(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }

// id hands out the next number for whatever is not an issue.
func (w *World) id() int64 {
	w.lastID++
	return w.lastID
}

// main is the tip of the default branch.
func (w *World) main() (string, error) {
	tip, ok := w.repo.Ref(mainRef)
	if !ok {
		return "", fmt.Errorf("main has no commit yet: push one first")
	}
	return tip, nil
}

// here reports whether a request's path names this world's repository, or none.
func (w *World) here(r *http.Request) bool {
	owner, name := r.PathValue("owner"), r.PathValue("repo")
	return owner == "" || strings.EqualFold(owner, w.owner) && strings.EqualFold(name, w.name)
}
