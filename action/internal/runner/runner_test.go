package runner_test

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/runner"
	"github.com/google/go-cmp/cmp"
)

func annotate(t testing.TB, fs []finding.Finding, debt int) string {
	t.Helper()
	var b bytes.Buffer
	if err := runner.Annotate(&b, fs, debt); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestAFindingIsOneCommand(t *testing.T) {
	tests := []struct {
		name string
		f    finding.Finding
		want string
	}{
		{"an error at its place",
			finding.Finding{Rule: "unknown-key", Path: "requests/a.yaml", Line: 4, Column: 2, Found: "`x` is not a key", Expected: "`y`", Fix: "did you mean `y`?"},
			"::error file=requests/a.yaml,line=4,endLine=4,col=2,title=Liaison%3A unknown-key::`x` is not a key; expected `y`%0Amend: did you mean `y`?\n"},
		{"a warning for a whole file",
			finding.Finding{Rule: "stray-file", Severity: finding.Warning, Path: "a.yaml", Found: "nothing reads this"},
			"::warning file=a.yaml,title=Liaison%3A stray-file::nothing reads this\n"},
		{"the range that an edit replaces",
			finding.Finding{Rule: "r", Path: "a", Line: 1, Column: 3, Found: "x", Edit: finding.Edit{Line: 1, Column: 3, EndLine: 1, EndColumn: 8}},
			"::error file=a,line=1,endLine=1,col=3,endColumn=8,title=Liaison%3A r::x\n"},
		{"lines that an edit replaces",
			finding.Finding{Rule: "r", Path: "a", Line: 2, Column: 1, Found: "x", Edit: finding.Edit{Line: 2, Column: 1, EndLine: 5, EndColumn: 1}},
			"::error file=a,line=2,endLine=4,title=Liaison%3A r::x\n"},
		{"an edit elsewhere",
			finding.Finding{Rule: "r", Path: "a", Line: 2, Column: 1, Found: "x", Edit: finding.Edit{Line: 9, Column: 1, EndLine: 9, EndColumn: 1}},
			"::error file=a,line=2,endLine=2,col=1,title=Liaison%3A r::x\n"},
		{"text that would be a command",
			finding.Finding{Rule: "r", Path: "a:b,c%0A::set-output", Found: "100%\r\n::stop-commands::x\n##[group]y %0A"},
			"::error file=a%3Ab%2Cc%250A%3A\u2060%3Aset-output,title=Liaison%3A r::100%25%0D%0A:\u2060:stop-commands:\u2060:x%0A##\u2060[group]y %250A\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, annotate(t, []finding.Finding{tt.f}, 0)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhatGitHubDoesNotShowIsCounted(t *testing.T) {
	many := func(errors, warnings int) (fs []finding.Finding) {
		for range errors {
			fs = append(fs, finding.Finding{Rule: "r", Path: "p", Found: "x"})
		}
		for range warnings {
			fs = append(fs, finding.Finding{Rule: "r", Severity: finding.Warning, Path: "p", Found: "x"})
		}
		return fs
	}
	const notice = "::notice title=Liaison::"
	tests := []struct {
		errors, warnings, debt int
		want                   string
	}{
		{10, 10, 0, ""},
		{11, 10, 0, notice + "1 more error than GitHub shows: the log of this step has them all.\n"},
		{12, 14, 0, notice + "2 more errors and 4 more warnings than GitHub shows: the log of this step has them all.\n"},
		{0, 11, 3, notice + "1 more warning than GitHub shows: the log of this step has them all. 3 older defects, not from this change: `liaison check` lists all.\n"},
		{0, 0, 1, notice + "1 older defect, not from this change: `liaison check` lists all.\n"},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.errors, tt.warnings, tt.debt), func(t *testing.T) {
			lines := strings.SplitAfter(annotate(t, many(tt.errors, tt.warnings), tt.debt), "\n")
			got := strings.Join(lines[tt.errors+tt.warnings:], "")
			if got != tt.want {
				t.Errorf("%q", got)
			}
		})
	}
}

// A heard is a command as the runner hears it.
type heard struct {
	name       string
	properties map[string]string
	data       string
}

// known are the commands that the runner obeys.
var known = []string{"error", "warning", "notice", "debug", "group", "endgroup", "set-output", "save-state", "set-env", "add-path",
	"add-mask", "add-matcher", "remove-matcher", "stop-commands", "echo", "internal-set-repo-path"}

// hear reads output as the runner does, rule by rule: .NET's lines; a `::` command at the
// beginning of a line; else a `##[` command anywhere in it. Property order and escapes are
// the runner's; nothing is shared with the writer.
func hear(output string) (commands []heard, loose []string) {
	for _, line := range regexp.MustCompile(`\r\n|\r|\n`).Split(output, -1) {
		if line == "" {
			continue
		}
		if c, ok := second(line); ok {
			commands = append(commands, c)
		} else if c, ok := first(line); ok {
			commands = append(commands, c)
		} else {
			loose = append(loose, line)
		}
	}
	return commands, loose
}

func second(line string) (heard, bool) {
	line = strings.TrimLeft(line, " \t\v\f\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000")
	rest, ok := strings.CutPrefix(line, "::")
	if !ok {
		return heard{}, false
	}
	info, data, ok := strings.Cut(rest, "::")
	if !ok {
		return heard{}, false
	}
	return command(info, ",", data, [][2]string{{"%0D", "\r"}, {"%0A", "\n"}, {"%3A", ":"}, {"%2C", ","}, {"%25", "%"}},
		[][2]string{{"%0D", "\r"}, {"%0A", "\n"}, {"%25", "%"}})
}

func first(line string) (heard, bool) {
	_, rest, ok := strings.Cut(line, "##[")
	if !ok {
		return heard{}, false
	}
	info, data, ok := strings.Cut(rest, "]")
	if !ok {
		return heard{}, false
	}
	escapes := [][2]string{{"%3B", ";"}, {"%0D", "\r"}, {"%0A", "\n"}, {"%5D", "]"}, {"%25", "%"}}
	return command(info, ";", data, escapes, escapes)
}

func command(info, separator, data string, inProperty, inData [][2]string) (heard, bool) {
	name, list, _ := strings.Cut(info, " ")
	if !slices.Contains(known, strings.ToLower(name)) {
		return heard{}, false
	}
	c := heard{name, map[string]string{}, unescape(data, inData)}
	for _, p := range strings.Split(strings.TrimSpace(list), separator) {
		key, value, _ := strings.Cut(p, "=")
		value = strings.TrimLeft(value, "=")
		if key != "" && value != "" {
			c.properties[key] = unescape(value, inProperty)
		}
	}
	return c, true
}

func unescape(s string, escapes [][2]string) string {
	for _, e := range escapes {
		s = strings.ReplaceAll(s, e[0], e[1])
	}
	return s
}

// said is text as it reaches a reader: without the joiners, and with a mark for each
// character that is not shown.
var (
	said   = strings.NewReplacer("\u2060", "")
	hidden = regexp.MustCompile(`[\x{0000}-\x{0009}\x{000B}\x{000C}\x{000E}-\x{001F}\x{007F}-\x{009F}\x{061C}\x{200E}\x{200F}\x{202A}-\x{202E}\x{2028}\x{2029}\x{2066}-\x{2069}]`)
)

func asSaid(s string) string {
	return said.Replace(hidden.ReplaceAllString(strings.ToValidUTF8(string([]rune(s)), "\uFFFD"), "\uFFFD"))
}

func FuzzTheRunnerHearsOurCommandsOnly(f *testing.F) {
	for _, s := range []string{
		"", "x", "::set-output name=a::b", "\n::set-output name=a::b", "\r::stop-commands::x", "\u2028::add-path::x", "%0A::error::x", "%250A",
		"##[set-env name=A]b", "#\u2060#[x", "##[##[group]]", ":::", "a::b", ",file=x", ":", "::", "=x", " x ", "\x85::warning::x", "\xff\xfe", "%", "%2", "]", ";", "a\u2060::b", ":\u2060:",
	} {
		f.Add(s, "p", s, s)
		f.Add("r", s, "found", "")
	}
	f.Fuzz(func(t *testing.T, rule, path, found, fix string) {
		fs := []finding.Finding{
			{Rule: rule, Path: path, Line: 3, Column: 4, Found: found, Fix: fix},
			{Rule: rule, Severity: finding.Warning, Path: path, Found: found},
		}
		output := annotate(t, fs, 1)
		commands, loose := hear(output)
		if len(loose) > 0 || len(commands) != 3 {
			t.Fatalf("%q: %d commands, and %q", output, len(commands), loose)
		}
		if !utf8.ValidString(output) || strings.Contains(output, "##[") {
			t.Errorf("%q", output)
		}
		for i, name := range []string{"error", "warning", "notice"} {
			if commands[i].name != name {
				t.Errorf("command %d is %s", i, commands[i].name)
			}
		}
		want := asSaid(found)
		if fix != "" {
			want += "\nmend: " + asSaid(fix)
		}
		if got := said.Replace(commands[0].data); got != want {
			t.Errorf("said %q, heard %q", want, got)
		}
		allowed := []string{"file", "line", "endLine", "col", "title"}
		for key := range commands[0].properties {
			if !slices.Contains(allowed, key) {
				t.Errorf("a property %q", key)
			}
		}
		if got := commands[0].properties["line"]; got != "3" {
			t.Errorf("line %q", got)
		}
		file := strings.TrimLeft(strings.TrimSpace(asSaid(path)), "=")
		if got := said.Replace(commands[0].properties["file"]); strings.TrimSpace(got) != strings.TrimSpace(file) {
			t.Errorf("file %q, heard %q", file, got)
		}
	})
}
