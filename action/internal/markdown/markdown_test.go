package markdown_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/commrel/liaison/action/internal/markdown"
)

func TestForeignTextIsShownAsCode(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"a word", "toolbar", "`toolbar`"},
		{"a mention stays code", "@everyone", "`@everyone`"},
		{"a backtick needs a longer fence", "a`b", "``a`b``"},
		{"backticks at the ends stand off the fence", "`a`", "`` `a` ``"},
		{"a run of backticks is outrun", "a```b", "````a```b````"},
		{"only backticks", "``", "``` `` ```"},
		{"lines become one", "a\n\n# b\r\nc", "`a # b c`"},
		{"what turns text around is left out", "a\u202eb\u0007", "`ab`"},
		{"bytes that are no text are shown as such", "a\xffb", "`a\ufffdb`"},
		{"nothing is nothing", " \n ", ""},
		{"what is not seen is nothing", "\u202e", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := markdown.Code(tt.in); got != tt.want {
				t.Errorf("Code(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestABarDoesNotEndACell(t *testing.T) {
	if got, want := markdown.Cell("a|b"), "`a\\|b`"; got != want {
		t.Errorf("Cell = %q, want %q", got, want)
	}
}

func TestPlainTextCallsNobody(t *testing.T) {
	tests := []struct {
		name, in string
		limit    int
		want     string
	}{
		{"words stay as they are", "Tell communities: über 50 % (now)", 80, "Tell communities: über 50 % (now)"},
		{"a mention is broken", "@team", 80, "@\u2060team"},
		{"a reference is broken", "Fixes #12", 80, "Fixes #\u206012"},
		{"so is one in another repository", "Closes a/b#12", 80, "Closes a/b#\u206012"},
		{"so is the old way of writing one, in any case", "GH-1 gh-2 Gh-3", 80, "GH-\u20601 gh-\u20602 Gh-\u20603"},
		{"an address is broken", "https://x.example", 80, "https:\u2060//x.example"},
		{"a command to skip the checks is broken", "[skip ci]", 80, "[\u2060skip ci]"},
		{"HTML is none", "<b>x</b>", 80, "‹b›x‹/b›"},
		{"long text ends in a mark", "abcdef", 4, "abc…"},
		{"text of the length allowed stays", "abcd", 4, "abcd"},
		{"no room gives only the mark", "abcd", 0, "…"},
		{"lines become one", "a\r\n\r\nb", 80, "a b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := markdown.Plain(tt.in, tt.limit); got != tt.want {
				t.Errorf("Plain(%q, %d) = %q, want %q", tt.in, tt.limit, got, tt.want)
			}
		})
	}
}

func seed(f *testing.F) {
	for _, s := range []string{"", "`", "``` ` ``", "@x", "#1", "GH-1", "<script>", "a|b", "a\\|b", "[x](y)", "[skip ci]", "http://x", "a\u2060@b", "@\u202ex", "G\u202eH-1", "\xff"} {
		f.Add(s)
	}
}

// inert are lines on which nothing but one code span stands: an opening run of backticks
// and the same run at the end, which does not occur in between.
func inert(s string) bool {
	fence := s[:len(s)-len(strings.TrimLeft(s, "`"))]
	inner, closed := strings.CutSuffix(strings.TrimPrefix(s, fence), fence)
	if fence == "" || !closed || strings.ContainsAny(s, "\n\r") {
		return false
	}
	for _, run := range regexp.MustCompile("`+").FindAllString(inner, -1) {
		if len(run) == len(fence) {
			return false
		}
	}
	return !strings.HasPrefix(inner, "`") && !strings.HasSuffix(inner, "`")
}

func FuzzCodeIsOneClosedSpan(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, s string) {
		if got := markdown.Code(s); got != "" && !inert(got) {
			t.Errorf("Code(%q) = %q, which is not one code span", s, got)
		}
	})
}

// bar matches a bar that would end a table's cell.
var bar = regexp.MustCompile(`(^|[^\\])\|`)

func FuzzCellHasNoOpenBar(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, s string) {
		got := markdown.Cell(s)
		if bar.MatchString(got) || strings.ReplaceAll(got, `\|`, "|") != markdown.Code(s) {
			t.Errorf("Cell(%q) = %q", s, got)
		}
	})
}

// acts matches what GitHub acts upon in a title or a commit message.
var acts = regexp.MustCompile(`(?i)@[a-z0-9]|#[0-9]|gh-[0-9]|<|>|\[(skip|ci|no|actions)|://|[\n\r]|\x{202E}`)

func FuzzPlainDoesNothing(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, s string) {
		got := markdown.Plain(s, 50)
		if acts.MatchString(got) || !utf8.ValidString(got) || utf8.RuneCountInString(got) > 50 {
			t.Errorf("Plain(%q) = %q", s, got)
		}
	})
}

func TestWordsAreWordsAndAllElseIsCode(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"words stay", "nobody may accept it; it stays open.", "nobody may accept it; it stays open."},
		{"what is quoted is code", "there is no state `done`", "there is no state `done`"},
		{"a mention is code", "merged by @example-mara, who may not", "merged by `@example-mara`, who may not"},
		{"so is a reference", "pull request #12 was closed", "pull request `#12` was closed"},
		{"so are an address and a tag", "see www.example.org <b>", "see `www.example.org` `<b>`"},
		{"nothing is nothing", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := markdown.Words(tt.in); got != tt.want {
				t.Errorf("Words(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}
