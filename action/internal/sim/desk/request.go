package desk

import (
	"fmt"
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/sim/github"
)

// A request lives through its tale.
type request struct {
	w *github.World
	tale
	path   string
	pull   int
	extra  []string // lines that came to the file after its filing
	status string
	edits  int
}

// content is the file as it reads now.
func (r *request) content() []byte {
	lines := []string{
		"# yaml-language-server: $schema=../../schemas/request.schema.json",
		"title: " + quoted(r.title),
		"team: " + r.team,
		fmt.Sprintf("summary: An invented request, number %d of its year, to show how a desk works.", r.filed.YearDay()),
		"help: [" + r.help + "]",
		"wanted_by: " + r.filed.AddDate(0, 4, 0).Format(time.DateOnly),
		"goal: " + r.goal,
	}
	if r.status != "" {
		lines = append(lines, "status: "+r.status)
	}
	return []byte(strings.Join(append(lines, r.extra...), "\n") + "\n")
}

func (r *request) files() map[string][]byte { return map[string][]byte{r.path: r.content()} }

func (r *request) file() (err error) {
	r.pull, err = r.w.OpenPull(r.filer, r.filed, "Request: "+r.title, r.files())
	return err
}

// act plays one scene.
func (r *request) act(verb string, at time.Time) error {
	switch verb {
	case "answer":
		return r.w.Comment(r.pull, r.cl, at, "Thank you. I have read it and will come back to you.")
	case "ask":
		return r.w.Review(r.pull, r.cl, at, "changes_requested", "Which wikis is this about?")
	case "reply":
		r.extra = append(r.extra, "audience: {wikis: [frwiki, arwiki]}")
		return r.w.PushPull(r.pull, r.filer, at, "Name the wikis", r.files())
	case "merge":
		return r.w.Merge(r.pull, r.cl, at, r.style)
	case "intern":
		return r.w.Merge(r.pull, "example-intern", at, r.style)
	case "withdraw":
		return r.w.ClosePull(r.pull, r.filer, at, "We no longer need this.")
	case "ghost":
		return r.w.ClosePull(r.pull, "example-ghost", at, "")
	case "back":
		return r.w.ReopenPull(r.pull, r.filer, at)
	case "decline":
		return r.w.ClosePull(r.pull, r.cl, at, "This is for another team.")
	}
	return r.change(verb, at)
}

// change plays a scene that lands by a pull request of its own.
func (r *request) change(verb string, at time.Time) error {
	author, files := r.cl, map[string][]byte{}
	switch verb {
	case "assign":
		r.extra = append(r.extra, "assignees: [{person: "+r.cl+"}]", "starts: "+at.Format(time.DateOnly))
	case "start", "resume", "accept":
		r.status = map[string]string{"start": "in-progress", "resume": "in-progress", "accept": "accepted"}[verb]
	case "stall":
		r.status = "stalled"
		r.extra = append(r.extra, "reason: The wikis are busy with something else.")
	case "done":
		r.status = "done"
		r.extra = append(r.extra, "outcome: It was said where it should be said, and the answers are summarised.")
	case "duplicate":
		r.status = "duplicate"
		r.extra = append(r.extra, "duplicate_of: requests/2025/announce-example-parser-update.yaml")
	case "mistake", "reopen":
		r.again(verb)
	case "edit":
		r.edits++
		author = r.filer
		r.extra = append(r.extra, "priority_of: Example plan")
	case "steal":
		return r.land(verb, "example-stranger", at, map[string][]byte{r.path: r.stolen()})
	case "rename":
		files[r.path] = nil
		r.path = strings.Replace(r.path, ".yaml", "-renamed.yaml", 1)
	default:
		return fmt.Errorf("%s: %q is no scene", r.slug, verb)
	}
	files[r.path] = r.content()
	return r.land(verb, author, at, files)
}

// again sends the request back to its beginning.
func (r *request) again(verb string) {
	r.status = "submitted"
	reason := map[string]string{"mistake": "It was merged by mistake.", "reopen": "The question came back."}[verb]
	var kept []string
	for _, line := range r.extra {
		if !strings.HasPrefix(line, "assignees:") && !strings.HasPrefix(line, "starts:") && !strings.HasPrefix(line, "outcome:") {
			kept = append(kept, line)
		}
	}
	r.extra = append(kept, "reason: "+reason)
}

// stolen is the file with a status that its author may not set; the file keeps it until the
// next change.
func (r *request) stolen() []byte {
	status := r.status
	defer func() { r.status = status }()
	r.status = "done"
	return r.content()
}

// land opens a pull request and merges it an hour later.
func (r *request) land(verb, author string, at time.Time, files map[string][]byte) error {
	n, err := r.w.OpenPull(author, at, fmt.Sprintf("%s: %s", verb, r.title), files)
	if err != nil {
		return err
	}
	return r.w.Merge(n, r.cl, at.Add(time.Hour), r.style)
}
