package action_test

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A cited document can be opened: comments and pages name files that are in the repository,
// sections that are in those, rules and KPIs that have the number, and tests that there are.
func TestWhatIsCitedIsThere(t *testing.T) {
	l, err := readLibrary(os.DirFS(".."))
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range []string{"README.md", "action/README.md", "docs/decisions/as-of.md"} {
		if l.pages[page] == "" {
			t.Fatalf("%s was not among the pages read: the test looks in the wrong place", page)
		}
	}
	for _, complaint := range l.complaints() {
		t.Error(complaint)
	}
}

func TestEachCitationCanFail(t *testing.T) {
	const code = "action/internal/clock/run.go"
	commented := func(comment string) string { return "package clock\n\n" + comment + "\nvar x = \"docs/none.md\"\n" }
	shelf := map[string]string{
		"README.md":                         "# Liaison\n\nSee [design](docs/design.md#time-and-evidence) and `docs/domain.md`.\n",
		"docs/design.md":                    "# Design\n\n## Time and evidence\n\n1. **Landings.** First.\n2. **Author dates** never.\n\n## Effects\n\n3. **No rule.**\n",
		"docs/domain.md":                    "# Domain\n\n## KPIs\n\n1. **Share.** Of all.\n2. **Median.** Of some.\n",
		"action/internal/clock/run_test.go": "package clock_test\n\nfunc TestRun(*testing.T) {}\n",
	}
	tests := []struct {
		name, file, text string
		want             string // "" for no complaint
	}{
		{"what is there", code, commented("// As in docs/design.md, \"Effects\".\n// So is docs/design.md, \"Time and\n// evidence\", rules 1 to 2 (docs/domain.md, KPIs 1 and 2; README.md)."), ""},
		{"a file that is not there", code, commented("// See docs/none.md."), code + ":3 cites docs/none.md, which is not there"},
		{"a file of another folder by its bare name", code, commented("// See domain.md."), code + ":3 cites domain.md, which is not there"},
		{"a section that is not there", code, commented("// See docs/design.md, \"Causes\"."), code + ":3 cites docs/design.md, \"Causes\": there is no such section"},
		{"a rule that is not there", code, commented("// See docs/design.md, \"Time and evidence\", rule 3."), code + ":3 cites \"Time and evidence\", rule 3: docs/design.md has none of that number"},
		{"the last of several rules", code, commented("// See docs/design.md, \"Time and\n// evidence\", rules 1 to 3."), code + ":3 cites \"Time and evidence\", rule 3: docs/design.md has none of that number"},
		{"a KPI that is not there", code, commented("// See docs/domain.md, KPIs 1 and 4."), code + ":3 cites KPI 4: docs/domain.md has none of that number"},
		{"a document by no name that could be opened", code, commented("// See (design, \"Effects\")."), code + ":3 cites \"design\": name the file, such as docs/design.md"},
		{"a comment in a test", "action/internal/clock/law_test.go", "package clock_test\n\n// See docs/none.md.\n", "action/internal/clock/law_test.go:3 cites docs/none.md, which is not there"},
		{"a link that leads nowhere", "docs/guide.md", "# Guide\n\nSee [more](more.md).\n", "docs/guide.md cites more.md, which is not there"},
		{"a link to a folder that is not there", "docs/guide.md", "# Guide\n\nSee [more](more/).\n", "docs/guide.md cites more/, which is not there"},
		{"a link beside the page", "docs/guide.md", "# Guide\n\nSee [design](design.md), [the top](../README.md), [all](../docs/) and [out](https://example.org/x.md).\n", ""},
		{"a link to a section that is not there", "docs/guide.md", "# Guide\n\nSee [why](design.md#why).\n", "docs/guide.md cites design.md#why: there is no such section"},
		{"a link to a section of its own", "docs/guide.md", "# Guide\n\nSee [why](#why-so).\n\n## Why, so?\n", ""},
		{"a rule in a page", "docs/guide.md", "# Guide\n\nSee docs/design.md, \"Time and evidence\", rule 9.\n", "docs/guide.md cites \"Time and evidence\", rule 9: docs/design.md has none of that number"},
		{"a test that is there", "docs/guide.md", "# Guide\n\nHeld by `TestRun`.\n", ""},
		{"a test that is not there", "docs/guide.md", "# Guide\n\nHeld by `TestWalk`.\n", "docs/guide.md cites the test TestWalk, which is not there"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files := maps.Clone(shelf)
			files[test.file] = test.text
			l, err := readLibrary(mapFS(files))
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(l.complaints(), "\n"); got != test.want {
				t.Errorf("complaints:\n%s\nwant:\n%s", got, test.want)
			}
		})
	}
}

// The page that says how the program is laid out has the floors as they are.
func TestTheDesignShowsTheFloors(t *testing.T) {
	page := readFile(t, "../docs/design.md")
	_, table, _ := strings.Cut(page, "\n| packages, below `action/` |")
	table, _, _ = strings.Cut(table, "\n\n")
	var got []string
	for _, row := range strings.Split(table, "\n")[1:] {
		cell, _, _ := strings.Cut(strings.TrimPrefix(row, "| "), " |")
		if strings.Contains(cell, "`") {
			got = append(got, strings.ReplaceAll(cell, "`", ""))
		}
	}
	var want []string
	for _, packages := range floors {
		want = append(want, strings.ReplaceAll(shortNames(packages), "action/", ""))
	}
	if !slices.Equal(got, want) {
		t.Errorf("docs/design.md has the rows\n%s\nand the floors are\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// The page on security has a row for each workflow, with what its token may write.
func TestTheSecurityPageTellsWhatMayBeWritten(t *testing.T) {
	page := readFile(t, "../docs/security.md")
	for file, table := range workflowTable {
		var writes []string
		for _, line := range table {
			rights, is := strings.CutPrefix(line, "may ")
			for _, right := range strings.Split(rights, ", ") {
				if scope, write := strings.CutSuffix(right, ": write"); is && write {
					writes = append(writes, scope)
				}
			}
		}
		if writes == nil {
			writes = []string{"nothing"}
		}
		if row := fmt.Sprintf("\n| `%s` | %s | ", file, strings.Join(writes, ", ")); !strings.Contains(page, row) {
			t.Errorf("docs/security.md has no row that begins with %s", row)
		}
	}
}

// A library is the repository's pages, the comments that cite them, and the tests that pages
// cite.
type library struct {
	fsys     fs.FS
	pages    map[string]string // by path from the repository's root
	comments []comment
	tests    map[string]bool
}

// A comment of a Go file.
type comment struct {
	at   string // the file and the line
	text string // without its marks
}

// readLibrary reads all pages and Go files, but for data of tests and for what is hidden.
func readLibrary(fsys fs.FS) (*library, error) {
	l := &library{fsys: fsys, pages: map[string]string{}, tests: map[string]bool{}}
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		base := path.Base(name)
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != "." && name != ".github" && (base == "testdata" || base == "node_modules" || strings.HasPrefix(base, ".")):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".md" && path.Ext(name) != ".go":
			return nil
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		if path.Ext(name) == ".md" {
			l.pages[name] = string(text)
			return nil
		}
		return l.readGo(name, text)
	})
	return l, err
}

// testName is the name of a test, a fuzz test among them.
var testName = regexp.MustCompile(`^(Test|Fuzz)[A-Z]`)

func (l *library) readGo(name string, text []byte) error {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	for _, group := range file.Comments {
		l.comments = append(l.comments, comment{fmt.Sprintf("%s:%d", name, fset.Position(group.Pos()).Line), group.Text()})
	}
	for _, decl := range file.Decls {
		if f, is := decl.(*ast.FuncDecl); is && testName.MatchString(f.Name.Name) {
			l.tests[f.Name.Name] = true
		}
	}
	return nil
}

// complaints are the citations that lead nowhere, those of comments first.
func (l *library) complaints() []string {
	var all []string
	for _, c := range l.comments {
		for _, found := range slices.Concat(l.files(c.text, "."), l.sections(c.text), l.numbers(c.text)) {
			all = append(all, c.at+" cites "+found)
		}
	}
	for _, page := range slices.Sorted(maps.Keys(l.pages)) {
		text := l.pages[page]
		for _, found := range slices.Concat(l.files(text, path.Dir(page)), l.links(page, text), l.sections(text), l.numbers(text), l.named(text)) {
			all = append(all, page+" cites "+found)
		}
	}
	return all
}

// pageName is the path of a page wherever it stands in a text; linked is where a link leads.
var (
	pageName = regexp.MustCompile("[^\\s()\\[\\]<>\"'`|]+\\.md\\b")
	linked   = regexp.MustCompile(`\]\(([^)\s]+)\)`)
)

// files are the pages that a text names outside of links, and that are neither in a folder nor
// at the top.
func (l *library) files(text, folder string) (bad []string) {
	for _, name := range pageName.FindAllString(linked.ReplaceAllString(text, "]"), -1) {
		if !strings.Contains(name, "://") && l.pages[path.Clean(name)] == "" && l.pages[path.Join(folder, name)] == "" {
			bad = append(bad, name+", which is not there")
		}
	}
	return bad
}

// links are those of a page that lead to nothing in the repository.
func (l *library) links(page, text string) (bad []string) {
	for _, m := range linked.FindAllStringSubmatch(text, -1) {
		file, section, _ := strings.Cut(m[1], "#")
		target := path.Join(path.Dir(page), file)
		if file == "" {
			target = page
		}
		switch _, err := fs.Stat(l.fsys, target); {
		case strings.Contains(m[1], ":"), strings.HasPrefix(target, ".."):
		case errors.Is(err, fs.ErrNotExist):
			bad = append(bad, m[1]+", which is not there")
		case section != "" && path.Ext(target) == ".md" && !slices.ContainsFunc(headings(l.pages[target]), func(h string) bool { return anchor(h) == section }):
			bad = append(bad, m[1]+": there is no such section")
		}
	}
	return bad
}

var (
	heading  = regexp.MustCompile(`(?m)^#+ (.+)$`)
	noAnchor = regexp.MustCompile(`[^\p{L}\p{N}_ -]`)
	// section is a page with a part of it: docs/design.md, "Effects".
	section = regexp.MustCompile(`([\w./-]+\.md), "([^"]+)"`)
	// unnamed is a document without the file that it is.
	unnamed = regexp.MustCompile(`\b(design|domain|security|style), (?:"|KPIs? \d|rules? \d)`)
)

func headings(page string) (all []string) {
	for _, m := range heading.FindAllStringSubmatch(page, -1) {
		all = append(all, m[1])
	}
	return all
}

// anchor is what GitHub calls a heading in addresses.
func anchor(heading string) string {
	return strings.ReplaceAll(noAnchor.ReplaceAllString(strings.ToLower(heading), ""), " ", "-")
}

// sections are the parts of pages that a text cites and that are not there.
func (l *library) sections(text string) (bad []string) {
	text = oneLine(text)
	for _, m := range section.FindAllStringSubmatch(text, -1) {
		if page := l.pages[m[1]]; page != "" && !slices.Contains(headings(page), m[2]) {
			bad = append(bad, m[0]+": there is no such section")
		}
	}
	for _, m := range unnamed.FindAllStringSubmatch(text, -1) {
		bad = append(bad, fmt.Sprintf("%q: name the file, such as docs/%s.md", m[1], m[1]))
	}
	return bad
}

// numbered are the lists that are cited by number, each with how that is done.
var numbered = []struct {
	page, section, name string
	cited               *regexp.Regexp
}{
	{"docs/design.md", "Time and evidence", `"Time and evidence", rule`, regexp.MustCompile(`"Time and evidence", rules? (\d+)(?: (?:to|and) (\d+))?`)},
	{"docs/domain.md", "KPIs", "KPI", regexp.MustCompile(`\bKPIs? (\d+)(?: (?:to|and) (\d+))?`)},
}

// numbers are the rules and KPIs that a text cites and that are not there.
func (l *library) numbers(text string) (bad []string) {
	text = oneLine(text)
	for _, n := range numbered {
		there := entries(l.pages[n.page], n.section)
		for _, m := range n.cited.FindAllStringSubmatch(text, -1) {
			for _, number := range m[1:] {
				if number != "" && !slices.Contains(there, number) {
					bad = append(bad, fmt.Sprintf("%s %s: %s has none of that number", n.name, number, n.page))
				}
			}
		}
	}
	return bad
}

var entry = regexp.MustCompile(`(?m)^(\d+)\. \*\*`)

// entries are the numbers of the list in a section of a page; a list that does not count from
// one on has none.
func entries(page, section string) (numbers []string) {
	_, body, _ := strings.Cut(page, "\n## "+section+"\n")
	body, _, _ = strings.Cut(body, "\n## ")
	for i, m := range entry.FindAllStringSubmatch(body, -1) {
		if m[1] != strconv.Itoa(i+1) {
			return nil
		}
		numbers = append(numbers, m[1])
	}
	return numbers
}

var testCited = regexp.MustCompile("`((?:Test|Fuzz)[A-Z]\\w*)`")

// named are the tests that a page names and that are not there.
func (l *library) named(text string) (bad []string) {
	for _, m := range testCited.FindAllStringSubmatch(text, -1) {
		if !l.tests[m[1]] {
			bad = append(bad, "the test "+m[1]+", which is not there")
		}
	}
	return bad
}

func oneLine(text string) string { return string(bytes.Join(bytes.Fields([]byte(text)), []byte(" "))) }
