package action_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// An actionFile is what action.yml may say; a key that is not here fails the test.
type actionFile struct {
	Name        string
	Description string
	Inputs      map[string]actionInput
	Outputs     map[string]actionOutput
	Runs        struct {
		Using string
		Steps []actionStep
	}
}

type actionInput struct {
	Description string
	Required    bool
	Default     *string
}

type actionOutput struct {
	Description string
	Value       string
}

type actionStep struct {
	Name, ID, If, Shell, Run string
	Env                      map[string]string
}

func TestTheActionDocumentsItsFace(t *testing.T) {
	action := readAction(t)
	for name, input := range action.Inputs {
		if !isSentence(input.Description) {
			t.Errorf("input %s: the description is no sentence: %q", name, input.Description)
		}
		if input.Required == (input.Default != nil) {
			t.Errorf("input %s: want it either required or with a default", name)
		}
		if !action.reads(name) {
			t.Errorf("input %s: no step reads it", name)
		}
	}
	for name, output := range action.Outputs {
		if !isSentence(output.Description) {
			t.Errorf("output %s: the description is no sentence: %q", name, output.Description)
		}
	}
}

func TestTheActionMixesNoInputIntoItsScripts(t *testing.T) {
	for _, step := range readAction(t).Runs.Steps {
		if strings.Contains(step.Run, "${{") {
			t.Errorf("step %q: an expression inside run: is text that bash executes; pass it through env", step.Name)
		}
		if step.Shell != "bash" {
			t.Errorf("step %q: shell is %q, want bash", step.Name, step.Shell)
		}
	}
}

func TestOnlyTheProgramSeesTheToken(t *testing.T) {
	for _, step := range readAction(t).Runs.Steps {
		for name, value := range step.Env {
			if strings.Contains(value, "inputs.token") && (step.ID != "run" || name != "GITHUB_TOKEN") {
				t.Errorf("step %q passes the token as %s", step.Name, name)
			}
		}
	}
}

func TestArgumentsArriveUntouched(t *testing.T) {
	arguments := []string{
		"two words", "  indented", `"double"`, `'single'`, `back\slash`, "$(touch owned)", "`touch owned`",
		"$HOME", "--leading=dash", "-n", "--", "*", "?[a-z]", "{a,b}", "~", "!1", "a;b|c&d>e", "#no comment", "é🙂",
	}
	job := newJob(t)
	job.env["LIAISON_ARGS"] = "\n" + strings.Join(arguments, "\n  \n") + "\n\n"
	job.run(t)
	want := slices.Concat([]string{"report"}, arguments)
	if got := job.arguments(t); !slices.Equal(got, want) {
		t.Errorf("the program got\n%q\nwant\n%q", got, want)
	}
	if _, err := os.Stat(filepath.Join(job.workspace, "desk", "owned")); err == nil {
		t.Error("an argument was executed")
	}
}

func TestACommandNeedsNoArguments(t *testing.T) {
	job := newJob(t)
	job.run(t)
	if got := job.arguments(t); !slices.Equal(got, []string{"report"}) {
		t.Errorf("the program got %q, want only the command", got)
	}
}

func TestTheExitCodeIsTheSteps(t *testing.T) {
	for _, code := range []int{0, 1, 2, 3, 4, 141} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			job := newJob(t)
			job.env["FAKE_EXIT"] = fmt.Sprint(code)
			if _, got := job.run(t); got != code {
				t.Errorf("the step exits with %d, want %d", got, code)
			}
			if got := job.outputs(t)["exit-code"]; got != fmt.Sprint(code) {
				t.Errorf("exit-code is %q, want %d", got, code)
			}
		})
	}
}

func TestTheOutputIsKeptAndShown(t *testing.T) {
	job := newJob(t)
	job.env["FAKE_OUTPUT"] = "# Report\n"
	log, _ := job.run(t)
	if got := readFile(t, job.outputs(t)["output-file"]); got != "# Report\n" {
		t.Errorf("the output file holds %q", got)
	}
	if !strings.Contains(log, "# Report\n") {
		t.Errorf("the log does not show the output:\n%s", log)
	}
	if got := readFile(t, job.env["GITHUB_STEP_SUMMARY"]); got != "" {
		t.Errorf("nobody asked for a summary, it holds %q", got)
	}
}

func TestTwoRunsInOneJobKeepTheirOutputsApart(t *testing.T) {
	job := newJob(t)
	job.env["FAKE_OUTPUT"] = "first"
	job.run(t)
	first := job.outputs(t)["output-file"]
	job.env["FAKE_OUTPUT"] = "second"
	job.run(t)
	if got := readFile(t, first); got != "first" {
		t.Errorf("the first run's output became %q", got)
	}
}

func TestTheSummaryIsAppendedWhenAskedFor(t *testing.T) {
	job := newJob(t)
	job.env["LIAISON_SUMMARY"] = "true"
	job.env["FAKE_OUTPUT"] = "# Report\n"
	job.env["FAKE_EXIT"] = "1"
	writeFile(t, job.env["GITHUB_STEP_SUMMARY"], "before\n", 0o600)
	job.run(t)
	if got := readFile(t, job.env["GITHUB_STEP_SUMMARY"]); got != "before\n# Report\n" {
		t.Errorf("the summary holds %q", got)
	}
}

func TestASummaryTooLongForGitHubIsCutAndSaysSo(t *testing.T) {
	job := newJob(t)
	job.env["LIAISON_SUMMARY"] = "true"
	job.env["FAKE_REPEAT"] = "1100000"
	job.run(t)
	got := readFile(t, job.env["GITHUB_STEP_SUMMARY"])
	const end = "\n\nCut here: 1000000 of 1100000 bytes shown.\n"
	if len(got) != 1_000_000+len(end) || !strings.HasSuffix(got, end) {
		t.Errorf("the summary has %d bytes and ends in %q", len(got), got[max(0, len(got)-80):])
	}
}

func TestTheRunnerObeysOutputOnlyWhenAnnotationsAreAskedFor(t *testing.T) {
	tests := []struct {
		name, args string
		live       bool
	}{
		{"no format", "", false},
		{"another format", "--format=json", false},
		{"the format inside another argument", "--title=a --format=github", false},
		{"annotations", "--format=github", true},
		{"annotations on two lines", "--format\ngithub", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			job := newJob(t)
			job.env["LIAISON_ARGS"] = test.args
			job.env["FAKE_OUTPUT"] = "::error::from the program"
			log, _ := job.run(t)
			if live := slices.Contains(obeyed(log), "::error::from the program"); live != test.live {
				t.Errorf("obeyed: %t, want %t:\n%s", live, test.live, log)
			}
			if after := obeyed(log + "\n::notice::later"); !slices.Contains(after, "::notice::later") {
				t.Errorf("commands of later steps are not obeyed again:\n%s", log)
			}
		})
	}
}

func TestTheProgramRunsInTheRepository(t *testing.T) {
	job := newJob(t)
	elsewhere := t.TempDir()
	for dir, want := range map[string]string{
		".": job.workspace, "desk": filepath.Join(job.workspace, "desk"), elsewhere: elsewhere,
	} {
		job.env["LIAISON_DIR"] = dir
		job.run(t)
		if got := readFile(t, job.seen("dir")); got != want {
			t.Errorf("repository-dir %s: the program ran in %s, want %s", dir, got, want)
		}
	}
}

func TestAnEmptyTokenIsNoToken(t *testing.T) {
	job := newJob(t)
	for token, want := range map[string]string{"": "unset", "secret": "secret"} {
		job.env["GITHUB_TOKEN"] = token
		log, _ := job.run(t)
		if got := readFile(t, job.seen("token")); got != want {
			t.Errorf("token %q: the program saw %q, want %q", token, got, want)
		}
		if token != "" && strings.Contains(log, token) {
			t.Error("the token is in the log")
		}
	}
}

func TestWithoutABinaryTheBuiltOneRuns(t *testing.T) {
	job := newJob(t)
	if err := os.Rename(filepath.Join(job.workspace, "fake liaison"), filepath.Join(job.env["RUNNER_TEMP"], "liaison")); err != nil {
		t.Fatal(err)
	}
	job.env["LIAISON_BINARY"] = ""
	if log, code := job.run(t); code != 0 {
		t.Errorf("exit code %d:\n%s", code, log)
	}
}

func TestWrongInputsAreRefusedByName(t *testing.T) {
	for variable, wrong := range map[string]struct{ value, input string }{
		"LIAISON_COMMAND": {"", "command"},
		"LIAISON_SUMMARY": {"yes", "summary"},
		"LIAISON_BINARY":  {"no/such/file", "binary"},
		"LIAISON_DIR":     {"no/such/folder", "repository-dir"},
	} {
		t.Run(wrong.input, func(t *testing.T) {
			job := newJob(t)
			job.env[variable] = wrong.value
			log, code := job.run(t)
			if code != 2 || !strings.Contains(log, "::error title=Liaison::The input \""+wrong.input+"\"") {
				t.Errorf("exit code %d, want 2 and an error that names the input:\n%s", code, log)
			}
		})
	}
}

func TestTheBuildUsesTheActionsOwnSource(t *testing.T) {
	job := newJob(t)
	bin := t.TempDir()
	writeFile(t, filepath.Join(bin, "go"), "#!/bin/sh\nprintf '%s|' \"$PWD\" \"$GOWORK\" \"$GOFLAGS\" \"$@\"\n", 0o700)
	job.env["PATH"] = bin
	log, code := job.step(t, "")
	want := strings.Join([]string{
		filepath.Dir(job.env["GITHUB_ACTION_PATH"]), "off", "-mod=readonly",
		"build", "-trimpath", "-buildvcs=false", "-o", job.env["RUNNER_TEMP"] + "/liaison", "./action/cmd/liaison", "",
	}, "|")
	if code != 0 || log != want {
		t.Errorf("exit code %d, go was called with\n%s\nwant\n%s", code, log, want)
	}
}

func TestABuildWithoutGoSaysWhatToDo(t *testing.T) {
	job := newJob(t)
	job.env["PATH"] = t.TempDir()
	log, code := job.step(t, "")
	if code == 0 || !strings.HasPrefix(log, "::error title=Liaison::Go was not found.") {
		t.Errorf("exit code %d:\n%s", code, log)
	}
}

// fakeLiaison notes what it sees beside itself, and prints and exits as its environment says.
const fakeLiaison = `#!/bin/bash
: >"$FAKE_NOTES/arguments"
if (($#)); then printf '%s\n' "$@" >"$FAKE_NOTES/arguments"; fi
printf '%s' "$PWD" >"$FAKE_NOTES/dir"
printf '%s' "${GITHUB_TOKEN-unset}" >"$FAKE_NOTES/token"
printf '%s' "$FAKE_OUTPUT"
if [[ -n $FAKE_REPEAT ]]; then printf "%${FAKE_REPEAT}s" ''; fi
exit "${FAKE_EXIT:-0}"
`

// A job is a workspace on a runner that never was, with a fake program to run in it.
type job struct {
	bash      string
	action    actionFile
	workspace string
	env       map[string]string
}

func newJob(t *testing.T) job {
	t.Helper()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("SKIPPED: bash is missing, the Action's scripts were not run")
	}
	workspace, temp, notes := t.TempDir(), t.TempDir(), t.TempDir()
	actionPath := filepath.Join(t.TempDir(), "action")
	for _, dir := range []string{filepath.Join(workspace, "desk"), actionPath} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	writeFile(t, filepath.Join(workspace, "fake liaison"), fakeLiaison, 0o700)
	j := job{bash: bash, action: readAction(t), workspace: workspace, env: map[string]string{
		"PATH":                os.Getenv("PATH"),
		"RUNNER_TEMP":         temp,
		"GITHUB_ACTION_PATH":  actionPath,
		"GITHUB_OUTPUT":       filepath.Join(temp, "output"),
		"GITHUB_STEP_SUMMARY": filepath.Join(temp, "summary"),
		"LIAISON_COMMAND":     "report",
		"LIAISON_BINARY":      "fake liaison",
		"LIAISON_DIR":         "desk",
		"LIAISON_SUMMARY":     "false",
		"FAKE_NOTES":          notes,
	}}
	writeFile(t, j.env["GITHUB_OUTPUT"], "", 0o600)
	writeFile(t, j.env["GITHUB_STEP_SUMMARY"], "", 0o600)
	return j
}

// run runs the run step as the runner would, and gives its log and exit code.
func (j job) run(t *testing.T) (log string, code int) {
	t.Helper()
	return j.step(t, "run")
}

// step runs the step with the id; the build step has none. What a step's env says without an
// expression holds; the rest is the test's to set.
func (j job) step(t *testing.T, id string) (log string, code int) {
	t.Helper()
	i := slices.IndexFunc(j.action.Runs.Steps, func(s actionStep) bool { return s.ID == id })
	if i < 0 {
		t.Fatalf("action.yml has no step with id %q", id)
	}
	step := j.action.Runs.Steps[i]
	script := filepath.Join(t.TempDir(), "script.sh")
	writeFile(t, script, step.Run, 0o600)
	command := exec.Command(j.bash, "--noprofile", "--norc", "-eo", "pipefail", script)
	command.Dir = j.workspace
	command.Env = []string{}
	for name, value := range step.Env {
		if !strings.Contains(value, "${{") {
			command.Env = append(command.Env, name+"="+value)
		}
	}
	for name, value := range j.env {
		command.Env = append(command.Env, name+"="+value)
	}
	output, err := command.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(output), command.ProcessState.ExitCode()
}

// seen is the file in which the fake program noted what it saw.
func (j job) seen(what string) string { return filepath.Join(j.env["FAKE_NOTES"], what) }

func (j job) arguments(t *testing.T) []string {
	t.Helper()
	return strings.Split(strings.TrimSuffix(readFile(t, j.seen("arguments")), "\n"), "\n")
}

// outputs reads what the step wrote to GITHUB_OUTPUT; a later line wins.
func (j job) outputs(t *testing.T) map[string]string {
	t.Helper()
	outputs := map[string]string{}
	for line := range strings.Lines(readFile(t, j.env["GITHUB_OUTPUT"])) {
		name, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		if !ok {
			t.Fatalf("GITHUB_OUTPUT has the line %q", line)
		}
		outputs[name] = value
	}
	return outputs
}

var workflowCommand = regexp.MustCompile(`^\s*::([^:]+)::(.*)$`)

// obeyed are the lines of a log that a runner takes for commands, as it reads them: none
// between stop-commands and its token.
func obeyed(log string) []string {
	var lines []string
	stopped := ""
	for line := range strings.SplitSeq(log, "\n") {
		command := workflowCommand.FindStringSubmatch(line)
		switch {
		case command == nil:
		case stopped != "":
			if command[1] == stopped {
				stopped = ""
			}
		case command[1] == "stop-commands":
			stopped = command[2]
		default:
			lines = append(lines, line)
		}
	}
	return lines
}

func readAction(t *testing.T) actionFile {
	t.Helper()
	decoder := yaml.NewDecoder(bytes.NewReader([]byte(readFile(t, "action.yml"))))
	decoder.KnownFields(true)
	var action actionFile
	if err := decoder.Decode(&action); err != nil {
		t.Fatal(err)
	}
	if err := decoder.Decode(&struct{}{}); err != io.EOF {
		t.Fatal("action.yml holds more than one document")
	}
	if action.Runs.Using != "composite" || len(action.Runs.Steps) == 0 || len(action.Inputs) == 0 {
		t.Fatal("action.yml is no composite action with steps and inputs")
	}
	return action
}

// reads says whether a step uses the input, in its env or its condition.
func (a actionFile) reads(input string) bool {
	use := regexp.MustCompile(`\binputs\.` + regexp.QuoteMeta(input) + `(\W|$)`)
	for _, step := range a.Runs.Steps {
		for _, value := range step.Env {
			if use.MatchString(value) {
				return true
			}
		}
		if use.MatchString(step.If) {
			return true
		}
	}
	return false
}

// actionlint reads the workflows only, so the Action's own scripts are given to shellcheck here.
func TestTheActionsScriptsPassShellcheck(t *testing.T) {
	shellcheck, err := exec.LookPath("shellcheck")
	if err != nil {
		t.Skip("SKIPPED: shellcheck is missing, the Action's scripts were not linted")
	}
	for _, step := range readAction(t).Runs.Steps {
		lint := exec.Command(shellcheck, "--shell=bash", "-")
		lint.Stdin = strings.NewReader("set -eo pipefail # as the runner starts bash\n" + step.Run)
		if output, err := lint.CombinedOutput(); err != nil {
			t.Errorf("step %q: %v\n%s", step.Name, err, output)
		}
	}
}

func isSentence(text string) bool {
	return len(strings.Fields(text)) >= 4 && strings.HasSuffix(text, ".")
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func writeFile(t *testing.T, name, text string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}
