package proposal

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commrel/liaison"
	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/check"
	"github.com/commrel/liaison/action/internal/desk"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/replay"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/commrel/liaison/action/internal/workflow"
	"github.com/commrel/liaison/schemas"
)

// imported is a repository written by git fast-import, which writes any tree at all, and
// quickly.
type imported struct {
	t   testing.TB
	dir string
	out *bufio.Writer
	end func()
	at  time.Time
	n   int            // commits so far
	tip map[string]int // by branch
}

// compiled is one cache for all tests of this package.
var compiled = workflow.NewCache()

func newImport(t testing.TB) *imported {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed: the repository is written with it")
	}
	r := &imported{t: t, dir: t.TempDir(), at: time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC), tip: map[string]int{}}
	env := append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull)
	init := exec.Command("git", "init", "-q", "--bare", "-b", "main", r.dir)
	init.Env = env
	if out, err := init.CombinedOutput(); err != nil {
		t.Fatalf("git init: %v\n%s", err, out)
	}
	cmd := exec.Command("git", "-C", r.dir, "-c", "core.compression=1", "fast-import", "--quiet", "--done", "--depth=0")
	cmd.Env = env
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	in, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	r.out = bufio.NewWriterSize(in, 1<<20)
	r.end = func() {
		fmt.Fprintln(r.out, "done")
		_ = r.out.Flush()
		_ = in.Close()
		if err := cmd.Wait(); err != nil {
			t.Fatalf("git fast-import: %v\n%s", err, stderr.String())
		}
	}
	return r
}

// commit begins a commit of somebody (login#id) on a branch, from a commit or from nothing (0).
func (r *imported) commit(branch string, from int, who string, merges ...int) *imported {
	r.begin(branch, who, noreply(who), "Change things")
	if from != 0 {
		fmt.Fprintf(r.out, "from :%d\n", from)
	}
	for _, m := range merges {
		fmt.Fprintf(r.out, "merge :%d\n", m)
	}
	return r
}

// squash continues main with a commit of somebody's that GitHub wrote.
func (r *imported) squash(who, message string) *imported {
	from := r.tip["main"]
	r.begin("main", who, "GitHub <noreply@github.com>", message)
	fmt.Fprintf(r.out, "from :%d\n", from)
	return r
}

func (r *imported) begin(branch, author, committer, message string) {
	r.at = r.at.Add(time.Hour)
	r.n++
	r.tip[branch] = r.n
	fmt.Fprintf(r.out, "commit refs/heads/%s\nmark :%d\nauthor %s %d +0000\ncommitter %s %d +0000\ndata %d\n%s\n", branch, r.n,
		noreply(author), r.at.Unix(), committer, r.at.Unix(), len(message), message)
}

func noreply(who string) string {
	login, id, _ := strings.Cut(who, "#")
	return fmt.Sprintf("%s <%s+%s@users.noreply.github.com>", login, id, login)
}

// on continues a branch.
func (r *imported) on(branch, who string) *imported { return r.commit(branch, r.tip[branch], who) }

// branch begins a branch of main.
func (r *imported) branch(name, who string) *imported { return r.commit(name, r.tip["main"], who) }

func (r *imported) file(path, content string) *imported { return r.entry("100644", path, content) }

func (r *imported) entry(mode, path, content string) *imported {
	fmt.Fprintf(r.out, "M %s inline %s\ndata %d\n%s\n", mode, path, len(content), content)
	return r
}

func (r *imported) gone(path string) *imported {
	fmt.Fprintf(r.out, "D %s\n", path)
	return r
}

func (r *imported) moved(from, to string) *imported {
	fmt.Fprintf(r.out, "R %s %s\n", from, to)
	return r
}

// desk lays out the shipped definition and schemas, and a roster: boss#1 is the manager, cl#2
// a liaison, pm#11 a product manager.
func (r *imported) desk() *imported {
	r.file(".github/liaison.yaml", string(liaison.Definition))
	entries, err := schemas.FS.ReadDir(".")
	if err != nil {
		r.t.Fatal(err)
	}
	for _, e := range entries {
		src, err := schemas.FS.ReadFile(e.Name())
		if err != nil {
			r.t.Fatal(err)
		}
		r.file("schemas/"+e.Name(), string(src))
	}
	r.file("roster/teams/editing.yaml", "names: [{name: Editing}]\ndepartments: [{department: product}]\n")
	for login, is := range map[string]struct {
		id   int
		role string
	}{"boss": {1, "manager"}, "cl": {2, "liaison"}, "pm": {11, "staff"}} {
		r.file("roster/people/"+login+".yaml", member(login, is.id, is.role))
	}
	return r
}

func member(login string, id int, role string) string {
	return fmt.Sprintf("name: Example %s\ngithub: %s\ngithub_id: %d\nroles:\n  - {role: %s, from: 2020-01-01}\nconsent: {date: 2020-01-01}\n", login, login, id, role)
}

func asked(what string, more ...string) string {
	return fmt.Sprintf("title: %s\nteam: editing\nsummary: Say %s on the wikis.\nhelp: [announcement]\nwanted_by: flexible\n%s", what, what, strings.Join(more, ""))
}

// resultOf is what check says of a branch by somebody.
func resultOf(t testing.TB, dir, head, actor string) report.Check {
	t.Helper()
	c, _ := resultAt(t, dir, "main", head, actor)
	return c
}

// resultAt says beside it how many blobs were read.
func resultAt(t testing.TB, dir, base, head, actor string) (report.Check, int) {
	t.Helper()
	d, p := proposed(t, dir, base, head, actor)
	j, err := p.Authorize(context.Background(), june, source(d))
	if err != nil {
		t.Fatal(err)
	}
	return j.Check, d.Repo.BlobsRead()
}

// june is when all changes are looked at.
var june = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

// proposed is a change between two revisions, by an account or by nobody.
func proposed(t testing.TB, dir, base, head, actor string) (desk.Desk, *Proposal) {
	t.Helper()
	var who account.Account
	var err error
	if actor != "" {
		if who, err = account.Parse(actor); err != nil {
			t.Fatal(err)
		}
	}
	d, err := desk.Open(desk.Where{Repo: dir, Rev: base}, compiled)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	if err := d.Defined(); err != nil {
		t.Fatal(err, d.Findings)
	}
	p, err := Open(d, head, who, compiled)
	if err != nil {
		t.Fatal(err)
	}
	return d, p
}

// source reads the history of a desk.
func source(d desk.Desk) Source {
	return func(ctx context.Context, also *workflow.Definition) (replay.Facts, error) {
		return replay.Reading{Definitions: compiled, Also: also}.Facts(ctx, d, false)
	}
}

func rulesOf(fs []finding.Finding) string {
	var words []string
	for _, f := range fs {
		words = append(words, f.Rule+" "+f.Path)
	}
	return strings.Join(words, "\n")
}

// A change of three files to a desk of 10,000 records reads what it must and nothing else.
func TestAmongTenThousandRecords(t *testing.T) {
	r := newImport(t)
	r.on("main", "boss#1").desk()
	for i := range 10_000 {
		r.file(fmt.Sprintf("requests/%d/request-%04d.yaml", 2017+i/1_000, i), asked(fmt.Sprintf("Request %04d", i)))
	}
	r.branch("change", "cl#2").
		file("requests/2026/new.yaml", asked("A new one", "requester: pm\n")).
		file("requests/2026/request-9998.yaml", asked("Request 9998", "reason: Said more.\n")).
		file("requests/2026/request-9999.yaml", asked("Request 9999", "priority: high\n"))
	r.end()
	c, blobs := resultAt(t, r.dir, "main", "change", "cl#2")
	if len(c.Findings) > 0 || c.Records != 3 {
		t.Errorf("%d records: %v", c.Records, c.Findings)
	}
	const definition, kinds, people, team, edited, new = 1, 5, 3, 1, 2, 1
	if must := definition + kinds + people + team + 2*edited + new; blobs != must {
		t.Errorf("%d blobs were read, expected the definition, the schemas, the people, the team whose department targets ask for, and both sides of the change: %d", blobs, must)
	}
}

const banner = "requests/2026/banner.yaml"

// town is a desk with a request of pm's that was accepted, one of a guest's who is not in
// the roster, and some old defects.
func town(t testing.TB) *imported {
	r := newImport(t)
	r.on("main", "boss#1").desk().
		file("roster/teams/other.yaml", "names: [{name: Other}]\ndepartments: [{department: product}]\n")
	r.branch("filed", "pm#11").file(banner, asked("A banner"))
	r.commit("main", r.tip["main"], "cl#2", r.tip["filed"]).file(banner, asked("A banner"))
	r.on("main", "guest#50").file("requests/2026/guest.yaml", asked("A guest's"))
	r.on("main", "cl#2").
		file("requests/2026/stated.yaml", asked("One with a status", "status: submitted\n")).
		file("requests/2026/broken.yaml", "title: [\n").
		file("requests/2026/leaky.yaml", asked("One that leaks", "audience: Write to one@example.net.\n"))
	return r
}

func TestWhatAnAuthorMayNotDoByDetours(t *testing.T) {
	const stranger = "stranger#99"
	tests := []struct {
		name, actor string
		change      func(r *imported)
		want        []string // rules of the findings; none: it may land
	}{
		{"the requester says more", "pm#11", func(r *imported) { r.file(banner, asked("A banner", "channels: [village-pump]\n")) }, nil},
		{"the requester moves their file", "pm#11", func(r *imported) { r.moved(banner, "requests/2026/big-banner.yaml") }, nil},
		{"a stranger moves a file", stranger, func(r *imported) { r.moved(banner, "requests/2026/mine.yaml") }, []string{"record-owner"}},
		{"a stranger replaces a file by another", stranger, func(r *imported) {
			r.gone(banner).file("requests/2026/mine.yaml", "title: Quite another\nteam: other\nsummary: It has nothing in common.\nhelp: [advice]\nwanted_by: 2026-09-01\n")
		}, []string{"deletion"}},
		{"a stranger turns a request into a plan", stranger, func(r *imported) { r.moved(banner, "plans/banner.yaml") }, []string{"deletion"}},
		{"a stranger writes only a comment", stranger, func(r *imported) { r.file(banner, "# Mine!\n"+asked("A banner")) }, []string{"record-owner"}},
		{"a stranger takes a status away", stranger, func(r *imported) { r.file("requests/2026/stated.yaml", asked("One with a status")) }, []string{"field-owner"}},
		{"a stranger breaks a file", stranger, func(r *imported) { r.file(banner, "title: [\n") }, []string{"record-owner"}},
		{"a stranger breaks a broken file otherwise", stranger, func(r *imported) { r.file("requests/2026/broken.yaml", "title: [[\n") }, []string{"record-owner"}},
		{"a stranger puts a link in the place of a file", stranger, func(r *imported) { r.entry("120000", banner, "/etc/passwd") }, []string{"deletion", "regular-file"}},
		{"a stranger puts a link in the place of a folder", stranger, func(r *imported) { r.gone("requests").entry("120000", "requests", "roster") }, []string{"deletion", "regular-file"}},
		{"a mode", "pm#11", func(r *imported) { r.entry("100755", banner, asked("A banner")) }, []string{"file-mode"}},
		{"another file that differs by case", "pm#11", func(r *imported) { r.file("requests/2026/Banner.yaml", asked("Another")) }, []string{"path-twin"}},
		{"another folder that differs by case", "pm#11", func(r *imported) { r.file("Requests/2026/new.yaml", asked("Another")) }, []string{"path-twin"}},
		{"a file renamed by case alone", "pm#11", func(r *imported) { r.moved(banner, "requests/2026/Banner.yaml") }, nil},
		{"a second record with the manager's number", stranger, func(r *imported) { r.file("roster/people/evil.yaml", member("evil", 1, "staff")) }, []string{"field-owner", "twin"}},
		{"signing up under another's login", stranger, func(r *imported) {
			r.file("roster/people/evil.yaml", "name: Evil\ngithub: boss\ngithub_id: 99\nconsent: {date: 2026-01-01}\n")
		}, []string{"field-owner", "twin"}},
		{"a stranger who makes themselves liaison in the same change", stranger, func(r *imported) {
			r.file("roster/people/stranger.yaml", member("stranger", 99, "liaison")).file(banner, asked("A banner", "priority: high\n"))
		}, []string{"field-owner roles", "field-owner priority"}},
		{"a stranger who names themselves requester", stranger, func(r *imported) { r.file(banner, asked("A banner", "requester: stranger\n")) }, []string{"field-owner requester"}},
		{"a stranger who took over a login of the roster", "pm#98", func(r *imported) { r.file(banner, asked("A banner", "channels: [village-pump]\n")) }, []string{"field-owner channels"}},
		{"a stranger who took over a login that only history knows", "guest#51", func(r *imported) {
			r.file("requests/2026/guest.yaml", asked("A guest's", "status: withdrawn\nreason: No more.\n"))
		}, []string{"field-owner reason", "move"}},
		{"the guest themselves", "guest#50", func(r *imported) {
			r.file("requests/2026/guest.yaml", asked("A guest's", "status: withdrawn\nreason: No more.\n"))
		}, nil},
		{"filing for somebody else in two steps", "pm#11", func(r *imported) { r.file(banner, asked("A banner", "requester: boss\n")) }, []string{"filer"}},
		{"a reason that says nothing", "cl#2", func(r *imported) {
			r.file(banner, asked("A banner", "status: stalled\nreason: \" \"\n"))
		}, []string{"move"}},
		{"a definition under a name in other capitals", stranger, func(r *imported) { r.file(".GitHub/liaison.yaml", "desk: Mine\n") }, []string{"rules-owner", "path-twin"}},
		{"code owners at the top", stranger, func(r *imported) { r.file("CODEOWNERS", "* @stranger\n") }, []string{"rules-owner"}},
		{"one leak in the place of another", "cl#2", func(r *imported) {
			r.file("requests/2026/leaky.yaml", asked("One that leaks", "audience: Write to two@example.net.\n"))
		}, []string{"private"}},
		{"an old leak that stays", "cl#2", func(r *imported) {
			r.file("requests/2026/leaky.yaml", asked("One that still leaks", "audience: Write to one@example.net.\n"))
		}, nil},
	}
	r := town(t)
	for i, tt := range tests {
		tt.change(r.branch(fmt.Sprintf("change-%d", i), tt.actor))
	}
	r.end()
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := resultOf(t, r.dir, fmt.Sprintf("change-%d", i), tt.actor)
			said := ""
			for _, f := range c.Findings {
				said += f.String() + "\n"
			}
			for _, rule := range tt.want {
				name, field, _ := strings.Cut(rule, " ")
				if !strings.Contains(said, "["+name+"]") || !strings.Contains(said, "`"+field) && field != "" {
					t.Errorf("no finding of %s", rule)
				}
			}
			if finding.Failing(c.Findings) != (len(tt.want) > 0) || t.Failed() {
				t.Errorf("expected %v, found:\n%s", tt.want, said)
			}
		})
	}
}

// What the base has come to since the branch was cut is no part of the change, and what
// merging would leave is.
func TestABaseThatMovedOn(t *testing.T) {
	r := town(t)
	r.branch("more", "pm#11").file(banner, asked("A banner", "channels: [village-pump]\n"))
	r.branch("twin", "boss#1").file("roster/people/second.yaml", member("second", 5, "staff"))
	r.branch("no-team", "boss#1").gone("roster/teams/other.yaml")
	r.branch("back", "pm#11").file("requests/2026/stated.yaml", asked("One with a status", "status: submitted\nchannels: [village-pump]\n"))
	r.branch("cross", "pm#11").file(banner, asked("A banner", "channels: [wiki]\n"))
	r.on("main", "cl#2").file("requests/2026/between.yaml", asked("One between"))
	at := r.tip["main"]
	r.commit("main", at, "cl#2", r.tip["cross"]).file(banner, asked("A banner", "priority: high\n"))
	r.commit("cross", r.tip["cross"], "pm#11", at).file("requests/2026/between.yaml", asked("One between"))
	r.on("main", "boss#1").
		file("roster/people/first.yaml", member("first", 5, "staff")).
		file("requests/2026/late.yaml", strings.Replace(asked("A late one"), "team: editing", "team: other", 1)).
		file("requests/2026/stated.yaml", asked("One with a status", "status: accepted\n"))
	r.end()
	for head, want := range map[string]string{
		"more":    "",
		"main":    "",
		"twin":    "twin roster/people/second.yaml",
		"no-team": "unknown-team requests/2026/late.yaml",
		"back":    "",
		"cross":   "several-forks .github/liaison.yaml",
	} {
		actor := "pm#11"
		if head == "twin" || head == "no-team" {
			actor = "boss#1"
		}
		if head == "back" {
			actor = "cl#2"
		}
		c := resultOf(t, r.dir, head, actor)
		if got := rulesOf(c.Findings); got != want {
			t.Errorf("%s: found %q, expected %q: %v", head, got, want, c.Findings)
		}
	}
	if c := resultOf(t, r.dir, "main", "stranger#99"); len(c.Findings)+len(c.Debt)+c.Records > 0 {
		t.Errorf("a revision against itself: %v, debt %v", c.Findings, c.Debt)
	}
}

// The same authority over what has landed.
func TestALandedDetourGainsNothing(t *testing.T) {
	tests := map[string]func(r *imported){
		"liaison in the same change": func(r *imported) {
			r.on("main", "stranger#99").file("roster/people/stranger.yaml", member("stranger", 99, "liaison")).
				file(banner, asked("A banner", "status: done\noutcome: Said.\n"))
		},
		"requester in the same change": func(r *imported) {
			r.on("main", "stranger#99").file(banner, asked("A banner", "requester: stranger\nstatus: withdrawn\nreason: Mine.\n"))
		},
		"a login of the roster, taken over": func(r *imported) {
			r.on("main", "pm#98").file(banner, asked("A banner", "status: withdrawn\nreason: Mine.\n"))
		},
		"a login that only history knows, taken over": func(r *imported) {
			r.on("main", "guest#51").file("requests/2026/guest.yaml", asked("A guest's", "status: withdrawn\nreason: Mine.\n"))
		},
		"a squash that says who accepts": func(r *imported) {
			r.squash("stranger#99", "Accept the banner (#7)\n\nstatus: done\nReviewed-by: cl#2\nCo-authored-by: cl <2+cl@users.noreply.github.com>").
				file(banner, asked("A banner", "status: done\noutcome: Said.\n"))
		},
	}
	states := func(r *imported) string {
		d, err := desk.Open(desk.Where{Repo: r.dir}, compiled)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		p, err := replay.Of(context.Background(), d, replay.Question{AsOf: june, Now: june}, replay.Reading{Definitions: compiled})
		if err != nil {
			t.Fatal(err)
		}
		out := ""
		for _, rec := range p.Ledger.Records {
			out += rec.Path + " " + rec.State + "\n"
		}
		return out
	}
	quiet := town(t)
	quiet.end()
	want := states(quiet)
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			r := town(t)
			change(r)
			r.end()
			got := strings.ReplaceAll(states(r), "roster/people/stranger.yaml \n", "")
			if got != want {
				t.Errorf("states:\n%s\nexpected:\n%s", got, want)
			}
		})
	}
}

// What a change introduces and what it finds there are together what a check of the head
// says of the changed files.
func TestIntroducedAndDebtAreAllThereIs(t *testing.T) {
	r := town(t)
	r.branch("some", "cl#2").
		file("requests/2026/leaky.yaml", asked("One that leaks", "audience: Write to one@example.net.\n", "colour: red\n")).
		file("requests/2026/broken.yaml", "title: [\n# still\n").
		file("requests/2026/new.yaml", strings.Replace(asked("New"), "editing", "editting", 1)).
		file("roster/people/twin.yaml", member("twin", 2, "nonsense"))
	r.end()
	c := resultOf(t, r.dir, "some", "")
	place, err := desk.FindPlace(desk.Where{Repo: r.dir, Rev: "some"})
	if err != nil {
		t.Fatal(err)
	}
	defer place.Close()
	whole, err := check.Tree(place, compiled, check.Options{Fresh: true, Now: june,
		Wanted: []string{"requests/2026/leaky.yaml", "requests/2026/broken.yaml", "requests/2026/new.yaml", "roster/people"}})
	if err != nil {
		t.Fatal(err)
	}
	both := finding.Sorted(append(append([]finding.Finding{}, c.Findings...), c.Debt...))
	unsaid := func(f finding.Finding) bool { return f.Rule == "no-actor" }
	if !slices.ContainsFunc(both, unsaid) {
		t.Error("that nobody's rights were judged is not said")
	}
	both = slices.DeleteFunc(both, unsaid)
	if got, want := fmt.Sprint(both), fmt.Sprint(whole.Findings); got != want || len(c.Debt) == 0 || len(c.Findings) == 0 {
		t.Errorf("introduced %v\ndebt %v\nin all %v", c.Findings, c.Debt, whole.Findings)
	}
}
