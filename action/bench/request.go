package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// A request is one record of a desk, as a file shows it. All names are invented.
type request struct {
	path     string
	title    string
	summary  string
	team     string
	help     string
	wanted   time.Time
	who      string // requester
	goal     string
	wikis    string
	measured string
	stage    int // index into stages
	task     int
}

// stages are the states that a request goes through; each is a legal move from the one
// before it.
var stages = []string{"submitted", "accepted", "resourced", "in-progress", "done"}

var (
	teams = []string{"example-editing", "example-mobile", "example-search", "example-platform"}
	asks  = []string{"announcement", "communication-plan", "feedback-call", "planning", "translation", "consultation", "message-review", "training"}
	wikis = []string{"frwiki", "dewiki", "arwiki", "metawiki", "simplewiki"}
	goals = []string{"none", "none", "none", "example-editing-toolbar"}
	words = strings.Fields(`the new old menu editors readers notice places where talk pages move between wikis before we
		send a short message about changes that gadgets and templates meet when people open it on phones or at home
		with slow networks because local rules differ so please tell us early which names are clear who should be
		asked first how long it may take and what would break for communities that translate their own help text`)
)

// newRequest makes the nth request of a desk, filed at some time.
func newRequest(rng *rand.Rand, n int, filed time.Time) *request {
	name := phrase(rng, 3)
	return &request{
		path:     fmt.Sprintf("requests/%d/%s-%06d.yaml", filed.Year(), strings.ReplaceAll(name, " ", "-"), n),
		title:    fmt.Sprintf("Tell communities about the example %s (%d)", name, n),
		summary:  paragraph(rng, 520),
		team:     pick(rng, teams),
		help:     pick(rng, asks[:4]) + ", " + pick(rng, asks[4:]),
		wanted:   filed.AddDate(0, 2+rng.IntN(6), 0),
		who:      pick(rng, requesters),
		goal:     pick(rng, goals),
		wikis:    pick(rng, wikis[:2]) + ", " + pick(rng, wikis[2:]),
		measured: phrase(rng, 9),
		task:     100_000 + n,
	}
}

// yaml is the file, about a kilobyte long. What a liaison adds comes with the stage.
func (r *request) yaml() []byte {
	var b strings.Builder
	b.WriteString("# yaml-language-server: $schema=../../schemas/request.schema.json\n")
	fmt.Fprintf(&b, "title: %s\nteam: %s\nsummary: >-\n%s", r.title, r.team, r.summary)
	fmt.Fprintf(&b, "help: [%s]\nwanted_by: %s\nstatus: %s\nrequester: %s\n", r.help, r.wanted.Format(time.DateOnly), stages[r.stage], r.who)
	fmt.Fprintf(&b, "audience:\n  wikis: [%s]\n  roles: [editors, developers]\n", r.wikis)
	fmt.Fprintf(&b, "links:\n  - {title: Project page, url: \"https://www.mediawiki.org/wiki/Example_%d\"}\n", r.task)
	fmt.Fprintf(&b, "tracker: {system: phabricator, id: T%d, status: open}\n", r.task)
	if r.stage >= 1 {
		fmt.Fprintf(&b, "goal: %s\npriority: medium\nmode: direct\n", r.goal)
	}
	if r.stage >= 2 {
		fmt.Fprintf(&b, "assignees:\n  - {person: example-lia, duty: lead, share: 20}\nstarts: %s\n", r.wanted.AddDate(0, -1, 0).Format(time.DateOnly))
		fmt.Fprintf(&b, "measured_by: %s\n", r.measured)
	}
	if stages[r.stage] == "done" {
		b.WriteString("outcome: Announced on both wikis before the change came.\n")
	}
	return []byte(b.String())
}

// paragraph is folded text of about so many bytes, indented by two.
func paragraph(rng *rand.Rand, size int) string {
	var b strings.Builder
	for b.Len() < size {
		b.WriteString("  " + phrase(rng, 16) + "\n")
	}
	return b.String()
}

func phrase(rng *rand.Rand, n int) string {
	out := make([]string, n)
	for i := range out {
		out[i] = pick(rng, words)
	}
	return strings.Join(out, " ")
}

func pick[T any](rng *rand.Rand, list []T) T { return list[rng.IntN(len(list))] }
