package action_test

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const workflowDir = "../.github/workflows"

// workflowTable is what each workflow is started by, may do, and does: all of it, one line for
// each. A workflow that is not here, or says anything else, fails the test.
var workflowTable = map[string][]string{
	"validate.yml": {
		"on pull_request: types opened, synchronize, reopened, edited",
		"group validate-${{ github.event.pull_request.number }}, cancels: true",
		"may contents: read",
		"checkout ref ${{ github.event.pull_request.base.ref }}",
		"checkout ref refs/pull/${{ github.event.pull_request.number }}/head, path proposal",
		"setup-go go.mod",
		"liaison check --base origin/${{ github.event.pull_request.base.ref }}" +
			" --head ${{ github.event.pull_request.head.sha }}" +
			" --actor ${{ github.event.pull_request.user.login }}#${{ github.event.pull_request.user.id }}" +
			" --format=github, in proposal",
		"liaison check --base origin/${{ github.event.pull_request.base.ref }}" +
			" --head ${{ github.event.pull_request.head.sha }}" +
			" --actor ${{ github.event.pull_request.user.login }}#${{ github.event.pull_request.user.id }}" +
			" --format=markdown, in proposal, by ${{ runner.temp }}/liaison, summary true, if ${{ !cancelled() }}",
	},
	"gate.yml": {
		"on pull_request_target: types opened, synchronize, reopened, edited; branches main",
		"group gate-${{ github.event.pull_request.number }}, cancels: false",
		"may contents: read, pull-requests: write, statuses: write",
		"checkout ref main",
		"setup-go go.mod",
		"liaison gate --pull ${{ github.event.pull_request.number }} --sweep --apply, with token",
	},
	"reconcile.yml": {
		"on pull_request_review: types submitted, dismissed",
		"on pull_request_target: types closed; branches main",
		"on push: branches main",
		"on workflow_dispatch",
		"group reconcile, cancels: false",
		"if github.event_name != 'pull_request_review' || github.event.pull_request.head.repo.full_name == github.repository",
		"may contents: write, pull-requests: read",
		"checkout ref main",
		"setup-go go.mod",
		"liaison reconcile --apply --only witness,status, with token",
	},
	"commands.yml": {
		"on issue_comment: types created",
		"group commands-${{ github.event.comment.id }}, cancels: false",
		"if github.event.issue.pull_request && startsWith(github.event.comment.body, '/')",
		"may contents: write, pull-requests: write",
		"checkout ref main",
		"setup-go go.mod",
		"liaison command --pull ${{ github.event.issue.number }} --comment ${{ github.event.comment.id }} --apply, with token",
	},
	"scheduled.yml": {
		"on schedule: cron 23 * * * *",
		"on workflow_dispatch",
		"group scheduled, cancels: false",
		"may contents: write, issues: write, pull-requests: read",
		"checkout ref main",
		"setup-go go.mod",
		"liaison reconcile --apply, with token",
		"liaison report --quarter current, by ${{ runner.temp }}/liaison, summary true, if ${{ !cancelled() }}",
	},
	"ci.yml": {
		"on pull_request",
		"on push: branches main",
		"group ci-${{ github.ref }}, cancels: ${{ github.event_name == 'pull_request' }}",
		"may contents: read",
		"checkout",
		"setup-go go.mod",
		"run .ci/run",
	},
}

// pins are the only actions from outside, each at one commit.
var pins = map[string]string{
	"actions/checkout": "3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1",
	"actions/setup-go": "b7ad1dad31e06c5925ef5d2fc7ad053ef454303e # v7.0.0",
}

// A workflowFile is what a workflow may say; a key that is not here (env, defaults, container,
// strategy, secrets, environment, …) fails the test. Keys that decide something are nodes, so
// that one left out is not taken for one that is empty.
type workflowFile struct {
	Name        string
	On          map[string]*workflowTrigger
	Permissions yaml.Node
	Concurrency struct {
		Group  string
		Cancel yaml.Node `yaml:"cancel-in-progress"`
	}
	Jobs map[string]workflowJob
}

// A workflowTrigger narrows an event; schedule has a list of cron lines instead.
type workflowTrigger struct {
	Types, Branches []string
	Cron            []string `yaml:"-"`
}

func (w *workflowTrigger) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.SequenceNode {
		var lines []struct{ Cron string }
		if err := node.Decode(&lines); err != nil {
			return err
		}
		for _, line := range lines {
			w.Cron = append(w.Cron, line.Cron)
		}
		return nil
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		list, known := map[string]*[]string{"types": &w.Types, "branches": &w.Branches}[node.Content[i].Value]
		if !known {
			return fmt.Errorf("a trigger has the key %s: want types or branches", node.Content[i].Value)
		}
		if err := node.Content[i+1].Decode(list); err != nil {
			return err
		}
	}
	return nil
}

type workflowJob struct {
	If          string
	RunsOn      string `yaml:"runs-on"`
	Timeout     int    `yaml:"timeout-minutes"`
	Permissions yaml.Node
	Steps       []workflowStep
}

type workflowStep struct {
	Name, If, Run string
	Uses          yaml.Node
	With          map[string]string
}

func TestTheWorkflowsKeepTheirTableAndInvariants(t *testing.T) {
	for _, complaint := range workflowComplaints(readWorkflows(t)) {
		t.Error(complaint)
	}
}

func TestTheAdministratorsGuideTellsTheTable(t *testing.T) {
	guide := readFile(t, "../docs/administrators.md")
	for file, table := range workflowTable {
		var events []string
		rights := ""
		for _, line := range table {
			if event, is := strings.CutPrefix(line, "on "); is {
				event, _, _ = strings.Cut(event, ":")
				events = append(events, "`"+event+"`")
			}
			if may, is := strings.CutPrefix(line, "may "); is {
				rights = may
			}
		}
		row := fmt.Sprintf("\n| `%s` | %s | %s | ", file, strings.Join(events, ", "), rights)
		if !strings.Contains(guide, row) {
			t.Errorf("docs/administrators.md has no row that begins with %s", row)
		}
	}
}

func TestEachLineOfAWorkflowIsHeld(t *testing.T) {
	texts := readWorkflows(t)
	for file, text := range texts {
		lines := strings.SplitAfter(text, "\n")
		for i, line := range lines {
			if idle := strings.TrimLeft(line, " -"); strings.TrimSpace(idle) == "" || strings.HasPrefix(idle, "#") || strings.HasPrefix(idle, "name:") {
				continue
			}
			without := strings.Join(slices.Delete(slices.Clone(lines), i, i+1), "")
			if len(workflowComplaints(with(texts, file, without))) == 0 {
				t.Errorf("%s:%d can be deleted without a complaint: %s", file, i+1, strings.TrimSpace(line))
			}
		}
	}
}

func TestNoWorkflowGetsOneRightMore(t *testing.T) {
	scopes := []string{"actions", "attestations", "checks", "contents", "deployments", "discussions", "id-token",
		"issues", "models", "packages", "pages", "pull-requests", "security-events", "statuses"}
	jobRights := regexp.MustCompile(`(?m)^    permissions:\n`)
	texts := readWorkflows(t)
	for file, text := range texts {
		if !jobRights.MatchString(text) {
			t.Errorf("%s: no job has permissions of its own", file)
		}
		for _, scope := range scopes {
			for _, right := range []string{"read", "write", "none"} {
				given := jobRights.ReplaceAllString(text, "$0      "+scope+": "+right+"\n")
				if len(workflowComplaints(with(texts, file, given))) == 0 {
					t.Errorf("%s: a job may have %s: %s without a complaint", file, scope, right)
				}
			}
		}
		for _, all := range []string{"read-all", "write-all", "{contents: read}"} {
			given := strings.Replace(text, "permissions: {}", "permissions: "+all, 1)
			if len(workflowComplaints(with(texts, file, given))) == 0 {
				t.Errorf("%s: permissions: %s for all jobs makes no complaint", file, all)
			}
		}
	}
}

func TestEachInvariantOfTheWorkflowsCanFail(t *testing.T) {
	tests := []struct {
		name           string
		file, old, new string
		want           string // a part of some complaint
	}{
		{"an action at a tag", "gate.yml",
			"actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1", "actions/checkout@v7",
			`uses "actions/checkout@v7", want`},
		{"an action at a short commit", "gate.yml",
			"@3d3c42e5aac5ba805825da76410c181273ba90b1", "@3d3c42e5", "want"},
		{"a pin without its version", "reconcile.yml", " # v7.0.1", "", "want actions/checkout@3d3c42e5"},
		{"another action", "ci.yml", "actions/setup-go@b7ad1dad31e06c5925ef5d2fc7ad053ef454303e # v7.0.0",
			"actions/cache@b7ad1dad31e06c5925ef5d2fc7ad053ef454303e # v7.0.0", "actions/cache"},
		{"an artifact across the border", "validate.yml",
			"        uses: ./action\n", "        uses: actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f # v7.0.0\n",
			"actions/upload-artifact"},
		{"an action of another repository's folder", "gate.yml", "uses: ./action", "uses: ./proposal/action", "./proposal/action"},
		{"the gate checks out the proposal", "gate.yml",
			"ref: main", "ref: ${{ github.event.pull_request.head.sha }}", `want "checkout ref main"`},
		{"the gate checks out what the event says", "gate.yml", "          ref: main\n", "", `want "checkout ref main"`},
		{"a checkout from another repository", "gate.yml",
			"ref: main", "ref: main\n          repository: example-stranger/desk", "repository"},
		{"a checkout that opts into strangers' code", "gate.yml",
			"ref: main", "ref: main\n          allow-unsafe-pr-checkout: true", "allow-unsafe-pr-checkout"},
		{"the token stays in the clone", "gate.yml",
			"persist-credentials: false", "persist-credentials: true", "persist-credentials"},
		{"a shallow clone", "reconcile.yml", "fetch-depth: 0", "fetch-depth: 1", "fetch-depth"},
		{"a cache", "scheduled.yml", "cache: false", "cache: true", "cache"},
		{"a runner of our own", "gate.yml", "runs-on: ubuntu-latest", "runs-on: self-hosted", "self-hosted"},
		{"an endless job", "gate.yml", "timeout-minutes: 15", "timeout-minutes: 0", "timeout-minutes"},
		{"a job of a day", "gate.yml", "timeout-minutes: 15", "timeout-minutes: 1440", "timeout-minutes"},
		{"an expression in a script", "ci.yml", "run: .ci/run", "run: .ci/run ${{ github.head_ref }}", "an expression inside run"},
		{"a script where there was none", "gate.yml", "uses: ./action", "run: make", `"run make"`},
		{"a step before the program that runs the proposal", "gate.yml", "    steps:\n", "    steps:\n      - run: ./proposal.sh\n", "run ./proposal.sh"},
		{"a stranger's words among the arguments", "commands.yml",
			"${{ github.event.comment.id }}\n            --apply", "${{ github.event.comment.body }}\n            --apply",
			"github.event.comment.body"},
		{"a secret", "gate.yml", "${{ github.token }}", "${{ secrets.EXAMPLE }}", "secrets"},
		{"a variable for all steps", "gate.yml", "\njobs:", "\nenv: {GIT_TRACE: '1'}\n\njobs:", "env"},
		{"a container", "gate.yml", "    runs-on: ubuntu-latest\n", "    runs-on: ubuntu-latest\n    container: example\n", "container"},
		{"a service", "gate.yml", "    runs-on: ubuntu-latest\n", "    runs-on: ubuntu-latest\n    services: {}\n", "services"},
		{"a second job", "gate.yml", "\njobs:\n", "\njobs:\n  other:\n    runs-on: ubuntu-latest\n", "want one job"},
		{"a branch more", "gate.yml", "branches: [main]", "branches: [main, draft]", "branches main, draft"},
		{"a trigger more", "gate.yml", "  pull_request_target:\n", "  workflow_run:\n  pull_request_target:\n", "on workflow_run"},
		{"an event type more", "commands.yml", "types: [created]", "types: [created, edited]", "created, edited"},
		{"a path filter, which leaves heads without a verdict", "gate.yml", "    branches: [main]\n", "    branches: [main]\n    paths: [requests/**]\n", "paths"},
		{"a verdict cut short", "gate.yml", "cancel-in-progress: false", "cancel-in-progress: true", "cancels: true"},
		{"reconcile evicts the scheduled run", "reconcile.yml", "group: reconcile", "group: scheduled", "group scheduled"},
		{"a cron at the full hour", "scheduled.yml", "'23 * * * *'", "'0 * * * *'", "cron 0 "},
		{"issues in reconcile", "reconcile.yml", "witness,status", "witness,status,issues", "witness,status,issues"},
		{"the token for the advisory program", "validate.yml",
			"          command: check\n", "          command: check\n          token: ${{ github.token }}\n", "with token"},
		{"a condition less", "commands.yml", "github.event.issue.pull_request && ", "", `want "if github.event.issue.pull_request`},
		{"an environment", "gate.yml", "    runs-on: ubuntu-latest\n", "    runs-on: ubuntu-latest\n    environment: desk\n", "environment"},
		{"a program that the proposal brings", "validate.yml", "binary: ${{ runner.temp }}/liaison", "binary: proposal/liaison", "by proposal/liaison"},
		{"a failure that does not count", "gate.yml", "        uses: ./action\n", "        uses: ./action\n        continue-on-error: true\n", "continue-on-error"},
	}
	texts := readWorkflows(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			changed := strings.Replace(texts[test.file], test.old, test.new, 1)
			if changed == texts[test.file] {
				t.Fatalf("%s has no %q to change", test.file, test.old)
			}
			got := workflowComplaints(with(texts, test.file, changed))
			if !slices.ContainsFunc(got, func(c string) bool { return strings.Contains(c, test.want) }) {
				t.Errorf("complaints:\n%s\nwant one with: %s", strings.Join(got, "\n"), test.want)
			}
		})
	}
	t.Run("a workflow that is not in the table", func(t *testing.T) {
		if len(workflowComplaints(with(texts, "extra.yml", texts["ci.yml"]))) == 0 {
			t.Error("no complaint")
		}
	})
	t.Run("a workflow that went away", func(t *testing.T) {
		rest := maps.Clone(texts)
		delete(rest, "gate.yml")
		if len(workflowComplaints(rest)) == 0 {
			t.Error("no complaint")
		}
	})
}

// readWorkflows are the texts of all workflows by the names of their files.
func readWorkflows(t *testing.T) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(workflowDir)
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, e := range entries {
		texts[e.Name()] = readFile(t, filepath.Join(workflowDir, e.Name()))
	}
	return texts
}

// with is texts in which one file says something else.
func with(texts map[string]string, file, text string) map[string]string {
	changed := maps.Clone(texts)
	changed[file] = text
	return changed
}

// workflowComplaints are the differences from the table and the breaches of the invariants.
func workflowComplaints(texts map[string]string) []string {
	var all []string
	for _, file := range slices.Sorted(maps.Keys(workflowTable)) {
		if _, found := texts[file]; !found {
			all = append(all, file+" is missing")
		}
	}
	for _, file := range slices.Sorted(maps.Keys(texts)) {
		for _, complaint := range complaintsAbout(texts[file], workflowTable[file]) {
			all = append(all, file+": "+complaint)
		}
	}
	return all
}

func complaintsAbout(text string, table []string) []string {
	if table == nil {
		return []string{"is not in the table: say there what it is started by, may do, and does"}
	}
	decoder := yaml.NewDecoder(strings.NewReader(text))
	decoder.KnownFields(true)
	var w workflowFile
	if err := decoder.Decode(&w); err != nil {
		return []string{err.Error()}
	}
	if err := decoder.Decode(&yaml.Node{}); err != io.EOF {
		return []string{"holds more than one document"}
	}
	if len(w.Jobs) != 1 {
		return []string{fmt.Sprintf("has %d jobs, want one job", len(w.Jobs))}
	}
	var all []string
	if !isEmptyMapping(w.Permissions) {
		all = append(all, "permissions for all jobs: want {}, and what a job needs in the job")
	}
	if w.Name == "" {
		all = append(all, "has no name")
	}
	if strings.Contains(text, "secrets.") {
		all = append(all, "reads secrets, which no workflow here needs")
	}
	face := w.head()
	for _, job := range w.Jobs {
		all = append(all, job.complaints()...)
		face = append(face, job.face()...)
	}
	return append(all, difference(face, table)...)
}

func isEmptyMapping(node yaml.Node) bool {
	return node.Kind == yaml.MappingNode && len(node.Content) == 0
}

// head is the part of the table that is about when a workflow runs.
func (w workflowFile) head() []string {
	var face []string
	for _, event := range slices.Sorted(maps.Keys(w.On)) {
		face = append(face, "on "+event+w.On[event].String())
	}
	return append(face, "group "+w.Concurrency.Group+", cancels: "+w.Concurrency.Cancel.Value)
}

func (w *workflowTrigger) String() string {
	if w == nil {
		return ""
	}
	var parts []string
	for _, part := range []struct {
		name   string
		values []string
	}{{"types", w.Types}, {"branches", w.Branches}, {"cron", w.Cron}} {
		if len(part.values) > 0 {
			parts = append(parts, part.name+" "+strings.Join(part.values, ", "))
		}
	}
	return ": " + strings.Join(parts, "; ")
}

// face is the part of the table that is about what a job may do and does.
func (j workflowJob) face() []string {
	var face []string
	if j.If != "" {
		face = append(face, "if "+j.If)
	}
	var rights []string
	for i := 0; i+1 < len(j.Permissions.Content); i += 2 {
		rights = append(rights, j.Permissions.Content[i].Value+": "+j.Permissions.Content[i+1].Value)
	}
	slices.Sort(rights)
	face = append(face, "may "+strings.Join(rights, ", "))
	for _, step := range j.Steps {
		face = append(face, step.face())
	}
	return face
}

func (s workflowStep) face() string {
	action, _, _ := strings.Cut(s.Uses.Value, "@")
	face := "uses " + s.Uses.Value
	switch action {
	case "":
		face = "run " + s.Run
	case "actions/checkout":
		face = "checkout" + s.inputs("ref", "path")
	case "actions/setup-go":
		face = "setup-go " + s.With["go-version-file"]
	case "./action":
		face = "liaison " + s.With["command"]
		for line := range strings.Lines(s.With["args"]) {
			face += " " + strings.TrimSuffix(line, "\n")
		}
		if s.With["repository-dir"] != "" {
			face += ", in " + s.With["repository-dir"]
		}
		if s.With["binary"] != "" {
			face += ", by " + s.With["binary"]
		}
		if s.With["summary"] != "" {
			face += ", summary " + s.With["summary"]
		}
		if s.With["token"] != "" {
			face += ", with token"
		}
	}
	if s.If != "" {
		face += ", if " + s.If
	}
	return face
}

// inputs are those of the named ones that the step sets.
func (s workflowStep) inputs(names ...string) string {
	var parts []string
	for _, name := range names {
		if s.With[name] != "" {
			parts = append(parts, " "+name+" "+s.With[name])
		}
	}
	return strings.Join(parts, ",")
}

// complaints are the breaches of what holds for every job, whatever it is for.
func (j workflowJob) complaints() []string {
	var all []string
	if j.RunsOn != "ubuntu-latest" {
		all = append(all, fmt.Sprintf("runs on %q, want ubuntu-latest, which GitHub keeps", j.RunsOn))
	}
	if j.Timeout < 1 || j.Timeout > 60 {
		all = append(all, fmt.Sprintf("timeout-minutes is %d, want 1 to 60", j.Timeout))
	}
	for _, step := range j.Steps {
		for _, complaint := range step.complaints() {
			all = append(all, fmt.Sprintf("step %q %s", step.Name, complaint))
		}
	}
	return all
}

// fixedInputs are what a step that uses an action has to set, to these values.
var fixedInputs = map[string]map[string]string{
	"actions/checkout": {"persist-credentials": "false", "fetch-depth": "0"},
	"actions/setup-go": {"cache": "false"},
	"./action":         {},
}

// freeInputs are what it may set beside them; the table says to what.
var freeInputs = map[string][]string{
	"actions/checkout": {"ref", "path"},
	"actions/setup-go": {"go-version-file"},
	"./action":         {"command", "args", "repository-dir", "binary", "summary", "token"},
}

func (s workflowStep) complaints() []string {
	if strings.Contains(s.Run, "${{") {
		return []string{"has an expression inside run: pass it through env"}
	}
	if s.Uses.IsZero() {
		return nil
	}
	var all []string
	action, _, _ := strings.Cut(s.Uses.Value, "@")
	if complaint := pinComplaint(action, strings.TrimSpace(s.Uses.Value+" "+s.Uses.LineComment)); complaint != "" {
		all = append(all, complaint)
	}
	for name, value := range fixedInputs[action] {
		if s.With[name] != value {
			all = append(all, fmt.Sprintf("has %s: %q, want %s", name, s.With[name], value))
		}
	}
	for name := range s.With {
		_, fixed := fixedInputs[action][name]
		if !fixed && !slices.Contains(freeInputs[action], name) {
			all = append(all, fmt.Sprintf("sets %s, which the table knows nothing of", name))
		}
	}
	if token := s.With["token"]; token != "" && token != "${{ github.token }}" {
		all = append(all, fmt.Sprintf("has the token %s, want ${{ github.token }}", token))
	}
	return all
}

// pinComplaint says that a step uses something else than our own Action or a pin, or nothing.
func pinComplaint(action, used string) string {
	pin, known := pins[action]
	switch {
	case used == "./action" || known && used == action+"@"+pin:
		return ""
	case known:
		return fmt.Sprintf("uses %q, want %s@%s", used, action, pin)
	}
	return fmt.Sprintf("uses %q, want ./action or one of the pins", used)
}

// difference are the lines that are in one of two lists only, or elsewhere.
func difference(got, want []string) []string {
	if slices.Equal(got, want) {
		return nil
	}
	var all []string
	for i := range max(len(got), len(want)) {
		g, w := at(got, i), at(want, i)
		if g != w {
			all = append(all, fmt.Sprintf("says %q, want %q", g, w))
		}
	}
	return all
}

func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}
