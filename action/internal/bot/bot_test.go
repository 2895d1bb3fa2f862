package bot_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commrel/liaison"
	"github.com/commrel/liaison/action/internal/bot"
	"github.com/commrel/liaison/action/internal/desk"
	"github.com/commrel/liaison/action/internal/hub"
	"github.com/commrel/liaison/action/internal/replay"
	simdesk "github.com/commrel/liaison/action/internal/sim/desk"
	"github.com/commrel/liaison/action/internal/sim/github"
	"github.com/commrel/liaison/action/internal/workflow"
)

// morning is when the desk opens.
var morning = time.Date(2026, time.July, 1, 9, 0, 0, 0, time.UTC)

// A quiet console remembers what it is told.
type quiet struct{ said, plans []string }

func (q *quiet) Say(words string)   { q.said = append(q.said, words) }
func (q *quiet) Print(words string) { q.said = append(q.said, words) }
func (q *quiet) Done(words string)  { q.said = append(q.said, words) }
func (q *quiet) Plan(p bot.Plan) error {
	for _, e := range p.Effects {
		q.plans = append(q.plans, e.String())
	}
	return nil
}

// A site is a desk on its first day with its GitHub, and what was read of its history.
type site struct {
	world    *github.World
	options  bot.Options
	readings []string // begun, in order
}

func newSite(t *testing.T) *site {
	t.Helper()
	repo := filepath.Join(t.TempDir(), "desk.git")
	world, err := simdesk.Found(repo)
	if err != nil {
		t.Fatal(err)
	}
	world.SetNow(morning)
	if err := world.Witness(); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(world.Handler())
	t.Cleanup(server.Close)
	s := &site{world: world}
	s.options = bot.Options{
		Where: desk.Where{Repo: repo},
		Forge: bot.Forge{API: server.URL + "/", Server: server.URL, Token: simdesk.Token, Repository: simdesk.Owner + "/" + simdesk.Name},
		Clock: hub.Clock{Now: func() time.Time { return morning }, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }},
		Most:  100,
		Reading: replay.Reading{Definitions: workflow.NewCache(), Progress: func(what string) func(done, total int) {
			s.readings = append(s.readings, what)
			return nil
		}},
	}
	return s
}

func (s *site) proposes(t *testing.T, n int) {
	t.Helper()
	for i := range n {
		text := fmt.Sprintf("title: Request %d\nteam: example-editing\nsummary: An invented request.\nhelp: [announcement]\nwanted_by: flexible\n", i)
		path := fmt.Sprintf("requests/2026/request-%d.yaml", i)
		if _, err := s.world.OpenPull("example-pm-dana", morning, fmt.Sprintf("Request %d", i), map[string][]byte{path: []byte(text)}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestASweepReadsHistoryOnce(t *testing.T) {
	s := newSite(t)
	s.proposes(t, 5)
	session, err := bot.Begin(t.Context(), s.options, &quiet{})
	if err != nil {
		t.Fatal(err)
	}
	defer session.End()
	g, err := session.Gate(t.Context(), bot.Gate{Sweep: true})
	if err != nil || len(g.Failed) > 0 {
		t.Fatal(err, g.Failed)
	}
	if len(g.Verdicts) != 5 || g.Failing() {
		t.Errorf("%d verdicts, failing: %t", len(g.Verdicts), g.Failing())
	}
	if want := []string{"reading history"}; !slices.Equal(s.readings, want) {
		t.Errorf("read %q, want %q", s.readings, want)
	}
}

func TestASweepReadsHistoryOnceMoreWhereRulesFindOtherFiles(t *testing.T) {
	s := newSite(t)
	s.proposes(t, 2)
	for _, folder := range []string{"ideas", "plan"} {
		text := strings.Replace(string(liaison.Definition), "files: plans/*.yaml", "files: "+folder+"/*.yaml", 1)
		if _, err := s.world.OpenPull("example-pm-dana", morning, folder, map[string][]byte{workflow.Path: []byte(text)}); err != nil {
			t.Fatal(err)
		}
	}
	session, err := bot.Begin(t.Context(), s.options, &quiet{})
	if err != nil {
		t.Fatal(err)
	}
	defer session.End()
	if g, err := session.Gate(t.Context(), bot.Gate{Sweep: true}); err != nil || len(g.Verdicts) != 4 {
		t.Fatal(err, g.Failed)
	}
	if want := slices.Repeat([]string{"reading history"}, 3); !slices.Equal(s.readings, want) {
		t.Errorf("read %q, want %q", s.readings, want)
	}
}

func TestAReconciliationReadsHistoryOnce(t *testing.T) {
	s := newSite(t)
	s.proposes(t, 3)
	q := &quiet{}
	if err := bot.RunReconcile(t.Context(), s.options, bot.Reconcile{}, q); err != nil {
		t.Fatal(err)
	}
	if want := []string{"reading pull requests", "reading history"}; !slices.Equal(s.readings, want) {
		t.Errorf("read %q, want %q", s.readings, want)
	}
	if len(q.plans) == 0 {
		t.Error("nothing is planned, though three pull requests are new")
	}
}

func TestARepositoryWithoutANameIsRefused(t *testing.T) {
	s := newSite(t)
	s.options.Forge.Repository = ""
	_, err := bot.Begin(t.Context(), s.options, &quiet{})
	if _, unnamed := err.(*bot.Unnamed); !unnamed {
		t.Errorf("found %v, want that the repository has no name", err)
	}
}
