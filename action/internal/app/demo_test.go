package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/app"
	simdesk "github.com/commrel/liaison/action/internal/sim/desk"
	"github.com/commrel/liaison/action/internal/sim/github"
	"github.com/google/go-cmp/cmp"
)

// A lab is the demo's desk with its GitHub behind a real server on loopback.
type lab struct {
	t     *testing.T
	world *github.World
	repo  string
	env   map[string]string
}

// story is the demo's world, told once for all tests: each has a copy.
var story = sync.OnceValues(func() (*github.World, error) {
	return simdesk.Build(filepath.Join(shared, "story.git"))
})

func newLab(t *testing.T) *lab {
	t.Helper()
	told, err := story()
	if err != nil {
		t.Fatal(err)
	}
	repo := filepath.Join(t.TempDir(), "desk.git")
	world, err := told.Copy(repo)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(world.Handler())
	t.Cleanup(server.Close)
	return &lab{t, world, repo, map[string]string{
		"GITHUB_API_URL": server.URL + "/", "GITHUB_TOKEN": simdesk.Token, "GITHUB_REPOSITORY": simdesk.Owner + "/" + simdesk.Name,
	}}
}

// run runs a command at the end of the story, and returns its exit code and output.
func (l *lab) run(args ...string) (code int, out, err string) {
	var stdout, stderr bytes.Buffer
	a := &app.App{Stdin: strings.NewReader(""), Definitions: compiled, Stdout: &stdout, Stderr: &stderr,
		Getenv: func(k string) string { return l.env[k] }, Now: func() time.Time { return simdesk.AsOf },
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }}
	code = a.Run(context.Background(), append(args, "--repo", l.repo))
	return code, stdout.String(), stderr.String()
}

// want runs a command that must end with an exit code, and returns its output.
func (l *lab) want(code int, args ...string) string {
	l.t.Helper()
	got, out, stderr := l.run(args...)
	if got != code {
		l.t.Fatalf("liaison %s: exit code %d, expected %d\n%s%s", strings.Join(args, " "), got, code, out, stderr)
	}
	return out + stderr
}

func TestASecondApplyMakesNoRequestThatWrites(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.want(0, "reconcile", "--apply")
	if len(l.world.Writes()) == 0 {
		t.Fatal("the first run wrote nothing: the test would show nothing")
	}
	l.world.Reset()
	if out := l.want(0, "reconcile", "--apply"); !strings.Contains(out, "Nothing to do") {
		t.Errorf("the second run says:\n%s", out)
	}
	if writes := l.world.Writes(); len(writes) > 0 {
		t.Errorf("the second run wrote: %v", writes)
	}
}

func TestAPlanThatNobodyAppliesWritesNothing(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	if out := l.want(0, "reconcile"); !strings.Contains(out, "nothing is written without --apply") {
		t.Errorf("the plan says:\n%s", out)
	}
	if writes := l.world.Writes(); len(writes) > 0 {
		t.Errorf("planning wrote: %v", writes)
	}
}

func TestTheProgramsOwnWriteBackIsNoEvent(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	events, clocks := l.want(0, "events"), l.want(0, "clocks")
	if out := l.want(0, "reconcile", "--apply"); !strings.Contains(out, "wrote 8 statuses to main") {
		t.Fatalf("expected a write-back:\n%s", out)
	}
	if diff := cmp.Diff(events, l.want(0, "events")); diff != "" {
		t.Errorf("the write-back changed events (-before +after):\n%s", diff)
	}
	if diff := cmp.Diff(clocks, l.want(0, "clocks")); diff != "" {
		t.Errorf("the write-back changed clocks (-before +after):\n%s", diff)
	}
}

func TestApplyingUnderAnotherIdentityIsRefused(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.world.Token("stranger", "example-stranger")
	l.env["GITHUB_TOKEN"] = "stranger"
	out := l.want(3, "reconcile", "--apply")
	if !strings.Contains(out, "the token acts as example-stranger#9000000022, and the definition's bot is example-liaison[bot]#100") {
		t.Errorf("it says:\n%s", out)
	}
	if writes := l.world.Writes(); len(writes) > 0 {
		t.Errorf("it wrote: %v", writes)
	}
}

func TestAHumansCloseIsRespected(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.want(0, "reconcile", "--apply")
	number := l.world.Issues()[0].Number
	if err := l.world.HumanClose(number, "example-mara"); err != nil {
		t.Fatal(err)
	}
	if out := l.want(0, "reconcile", "--apply"); !strings.Contains(out, "Nothing to do") {
		t.Errorf("after a human closed #%d:\n%s", number, out)
	}
}

func TestAProtectedBranchLagsAndTheRestIsDone(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.world.Protect("main", true)
	out := l.want(4, "reconcile", "--apply")
	if !strings.Contains(out, "lag") || !strings.Contains(out, "opened #") {
		t.Errorf("it says:\n%s", out)
	}
}

func TestAtMostSoManyWritesARun(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	out := l.want(4, "reconcile", "--apply", "--max-writes", "2")
	if !strings.Contains(out, "stopped after 2 writes (--max-writes): 13 left for the next run") {
		t.Errorf("it says:\n%s", out)
	}
	l.want(0, "reconcile", "--apply")
	if out := l.want(0, "reconcile"); !strings.Contains(out, "Nothing to do") {
		t.Errorf("two more runs left:\n%s", out)
	}
}

func TestTheDemoIsTheSameOnEveryRun(t *testing.T) {
	t.Parallel()
	one, two := runDemo(t), runDemo(t)
	for name, content := range one {
		if diff := cmp.Diff(content, two[name]); diff != "" {
			t.Errorf("%s differs between two runs:\n%s", name, diff)
		}
	}
}

// runDemo returns what the demo prints and leaves, without its folder's name.
func runDemo(t *testing.T) map[string]string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "demo")
	var out bytes.Buffer
	a := app.FromOS()
	a.Stdout = &out
	if code := a.Run(context.Background(), []string{"demo", "--out", dir}); code != 0 {
		t.Fatalf("exit code %d\n%s", code, out.String())
	}
	result := map[string]string{"the page": strings.ReplaceAll(out.String(), dir, "DIR")}
	for _, name := range []string{"report.md", "report.json"} {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		result[name] = string(content)
	}
	return result
}

func TestTheDemoTouchesNoFolderOfOthers(t *testing.T) {
	dir := t.TempDir()
	precious := filepath.Join(dir, "report.md")
	if err := os.WriteFile(precious, []byte("mine"), 0o666); err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	a := app.FromOS()
	a.Stdout, a.Stderr = &stderr, &stderr
	if code := a.Run(context.Background(), []string{"demo", "--out", dir}); code != 2 {
		t.Errorf("exit code %d\n%s", code, stderr.String())
	}
	if content, _ := os.ReadFile(precious); string(content) != "mine" {
		t.Error("the demo overwrote a file that it did not make")
	}
}

func TestEveryClockOfTheDemoAddsUp(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	figures := map[string]string{} // record, target and cycle -> seconds that clocks reports
	records := map[string]bool{}
	for _, line := range strings.Split(strings.TrimSpace(l.want(0, "clocks")), "\n")[1:] {
		f := strings.Split(line, ",")
		figures[f[0]+" "+f[1]+" "+f[2]], records[f[0]] = f[6], true
	}
	sums := map[string]string{}
	var totals []int64
	explain := append([]string{"explain"}, slices.Sorted(maps.Keys(records))...)
	told := json.NewDecoder(strings.NewReader(l.want(0, append(explain, "--format", "json")...)))
	for told.More() {
		var x struct {
			Record string
			Clocks []explained
		}
		if err := told.Decode(&x); err != nil {
			t.Fatal(err)
		}
		for _, c := range x.Clocks {
			sums[fmt.Sprintf("%s %s %d", x.Record, c.Target, c.Cycle)] = fmt.Sprint(c.sum(t, x.Record))
			for _, line := range c.Ledger {
				totals = append(totals, line.Total)
			}
		}
	}
	for _, face := range []string{"text", "md"} {
		if diff := cmp.Diff(totals, printed(l.want(0, append(explain, "--format", face)...))); diff != "" {
			t.Errorf("the running totals as %s (-json +%s):\n%s", face, face, diff)
		}
	}
	if len(figures) < 60 {
		t.Errorf("%d clocks: the test would show little", len(figures))
	}
	if diff := cmp.Diff(figures, sums); diff != "" {
		t.Errorf("the ledgers do not sum to the reported seconds (-clocks +explain):\n%s", diff)
	}
}

// explained is a clock with its ledger.
type explained struct {
	Target string
	Cycle  int
	Ledger []struct {
		Time  time.Time
		State string
		Total int64 `json:"total_seconds"`
	}
}

// sum adds the intervals up in which the clock ran; each running total must agree.
func (c explained) sum(t *testing.T, record string) int64 {
	var sum int64
	for i, line := range c.Ledger {
		if i > 0 && c.Ledger[i-1].State == "running" {
			sum += int64(line.Time.Sub(c.Ledger[i-1].Time) / time.Second)
		}
		if line.Total != sum {
			t.Errorf("%s, %s %d, line %d: %d seconds, and the intervals until then sum to %d", record, c.Target, c.Cycle, i+1, line.Total, sum)
		}
	}
	return sum
}

var runningTotal = regexp.MustCompile(`(?m)(\d+)d (\d\d):(\d\d):(\d\d)(?: \|)?$`)

// printed are the running totals of a face for people, in seconds.
func printed(out string) (totals []int64) {
	for _, m := range runningTotal.FindAllStringSubmatch(out, -1) {
		var n [4]int64
		for i := range n {
			n[i], _ = strconv.ParseInt(m[i+1], 10, 64)
		}
		totals = append(totals, ((n[0]*24+n[1])*60+n[2])*60+n[3])
	}
	return totals
}
