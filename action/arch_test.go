// Package action_test holds the tests of the program as a whole: its layout (this file)
// and the Action's face, action.yml.
package action_test

import (
	"bytes"
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
	"testing/fstest"
)

const (
	module       = "github.com/commrel/liaison"
	mainFile     = "action/cmd/liaison/main.go"
	mainMaxLines = 20
	root         = "." // the folder whose package is the module's own: the files that a desk starts from
)

// floors is the layout, top to bottom. A package imports only from the floors below its own.
var floors = [][]string{
	{"action/cmd/liaison", "action/bench"},
	internal("app"),
	internal("bot", "sim/desk"),
	internal("proposal", "sim/github"),
	internal("replay", "check"),
	internal("desk", "check/cache", "witness", "hub", "runner"),
	internal("gitrepo", "sim/git", "golden", "law"),
	internal("odb"),
	internal("effect", "report"), // the I/O line: from here down, no I/O and no clock
	internal("review"),
	internal("clock"),
	internal("rule", "event", "command"),
	internal("roster", "form"),
	internal("record"),
	internal("workflow"),
	internal("schema"),
	internal("document"),
	append(internal("account", "finding", "evidence", "worktime", "markdown", "estimate", "inflate"), "schemas", root),
	internal("pattern", "memo"),
}

// ioLine is the highest floor without I/O: that of effect and report.
var ioLine = floorOf("action/internal/report")

// fences name the only packages that may import a library, or a package below its path.
var fences = []struct {
	library string
	allowed []string
}{
	{"github.com/go-git", internal("gitrepo", "sim/git")},
	{"github.com/google/go-github", internal("hub", "sim/github")},
	{"go.yaml.in/yaml", internal("document")},
	{"sigs.k8s.io/yaml", internal("document")},
	{"github.com/santhosh-tekuri/jsonschema", internal("schema", "workflow")},
	{"cel.dev/cel-go", internal("workflow")},
	{"pgregory.net/rapid", internal("law")},
	{"github.com/spf13", internal("app")}, // flags and exit codes
	{"github.com/schollz/progressbar", internal("app")},
	{"golang.org/x/term", internal("app")},
}

// mostRooms is how many of our packages one may import, and appsRooms how many app may, which
// wires most of them together.
const (
	mostRooms = 18
	appsRooms = 20
)

// impure lists what a package below the I/O line may not import, each with all below its
// path; pureExceptions are allowed all the same.
var (
	impure         = []string{"os", "net", "log", "io/ioutil", "syscall", "math/rand", "crypto/rand", "runtime/debug"}
	pureExceptions = []string{"net/netip", "net/url"}
)

// worldly are the names that read the machine's clock, its zones or its files, or wait, of
// packages that are pure otherwise.
var worldly = map[string]struct {
	names   []string
	instead string
}{
	"time": {[]string{
		"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTicker", "NewTimer", "LoadLocation", "Local",
	}, "time is an argument, and zones are worktime.Zone's"},
	"path/filepath": {[]string{"Abs", "EvalSymlinks", "Glob", "Walk", "WalkDir"}, "paths are names and nothing more"},
}

// luck lists what a test may not use, and what it uses instead: a run that draws other values
// than the one before fails for what nobody changed.
var luck = []struct {
	library, name string // the name is that under which it is known where it is imported
	uses          []string
	instead       string
}{
	{"pgregory.net/rapid", "rapid", []string{"Check", "MakeCheck"}, "law.Check draws the same values in every run"},
	{"math/rand", "rand", drawers, "rand.New draws by a seed"},
	{"math/rand/v2", "rand", drawers, "rand.New draws by a seed"},
}

// drawers are the functions of both packages rand that draw by no seed of ours.
var drawers = []string{
	"ExpFloat64", "Float32", "Float64", "Int", "Int31", "Int31n", "Int32", "Int32N", "Int63", "Int63n", "Int64", "Int64N", "IntN", "Intn",
	"N", "NormFloat64", "Perm", "Read", "Shuffle", "Uint", "Uint32", "Uint32N", "Uint64", "Uint64N", "UintN",
}

// emptyNames say nothing about what a package turns into what.
var emptyNames = []string{"util", "utils", "common", "helper", "helpers", "models", "pkg", "misc"}

func TestTheTreeKeepsItsFloorsAndFences(t *testing.T) {
	tree, err := parseTree(os.DirFS(".."))
	if err != nil {
		t.Fatal(err)
	}
	if _, found := tree["action/arch_test.go"]; !found {
		t.Fatal("this file was not among those read: the test looks in the wrong place")
	}
	for _, complaint := range tree.complaints() {
		t.Error(complaint)
	}
}

func TestEachCheckCanFail(t *testing.T) {
	const clockFile = "action/internal/clock/run.go"
	tests := []struct {
		name  string
		files map[string]string
		want  []string
	}{
		{
			name: "a sound tree has no complaint",
			files: map[string]string{
				mainFile:                         importing("main", module+"/action/internal/app"),
				"action/internal/gitrepo/git.go": importing("gitrepo", "os", "github.com/go-git/go-git/v5"),
				clockFile:                        importing("clock", "net/url", "time", module+"/action/internal/event"),
				"schemas/embed.go":               importing("schemas", "embed"),
			},
		},
		{
			name:  "an import from a higher floor",
			files: map[string]string{clockFile: importing("clock", module+"/action/internal/report")},
			want: []string{clockFile + ":2 imports …/report, which is on a higher floor " +
				"(report is 11, clock 9): move the code or the floor"},
		},
		{
			name:  "an import from the same floor",
			files: map[string]string{"action/internal/rule/rule.go": importing("rule", module+"/action/internal/event")},
			want: []string{"action/internal/rule/rule.go:2 imports …/event, which is on the same floor " +
				"(event is 8, rule 8): move the code or the floor"},
		},
		{
			name:  "a package that is on no floor",
			files: map[string]string{"action/internal/ledger/ledger.go": "package ledger"},
			want: []string{"action/internal/ledger is on no floor: " +
				"give it one in floors, action/arch_test.go"},
		},
		{
			name:  "an import of a package that is on no floor",
			files: map[string]string{clockFile: importing("clock", module+"/tools/x")},
			want:  []string{clockFile + ":2 imports …/x, which is on no floor: give it one in floors, action/arch_test.go"},
		},
		{
			name:  "a library behind another package's fence",
			files: map[string]string{"action/internal/record/load.go": importing("record", "sigs.k8s.io/yaml")},
			want:  []string{"action/internal/record/load.go:2 imports sigs.k8s.io/yaml, which only document may import"},
		},
		{
			name:  "a later version of a fenced library",
			files: map[string]string{"action/internal/app/app.go": importing("app", "github.com/google/go-github/v60/github")},
			want: []string{"action/internal/app/app.go:2 imports github.com/google/go-github/v60/github, " +
				"which only hub, sim/github may import"},
		},
		{
			name:  "I/O below the line",
			files: map[string]string{clockFile: importing("clock", "os/exec", "net/http", "log/slog", "math/rand/v2")},
			want: []string{
				clockFile + ":2 imports os/exec: below the I/O line nothing touches the world",
				clockFile + ":3 imports net/http: below the I/O line nothing touches the world",
				clockFile + ":4 imports log/slog: below the I/O line nothing touches the world",
				clockFile + ":5 imports math/rand/v2: below the I/O line nothing touches the world",
			},
		},
		{
			name:  "the machine's clock below the line",
			files: map[string]string{clockFile: "package clock\nimport \"time\"\nvar started = time.Now()"},
			want:  []string{clockFile + ":3 uses time.Now: below the I/O line time is an argument, and zones are worktime.Zone's"},
		},
		{
			name:  "the machine's clock under another name, kept for later",
			files: map[string]string{clockFile: "package clock\nimport t \"time\"\nvar now = t.Now"},
			want:  []string{clockFile + ":3 uses time.Now: below the I/O line time is an argument, and zones are worktime.Zone's"},
		},
		{
			name:  "the machine's clock with no name at all",
			files: map[string]string{clockFile: "package clock\nimport . \"time\"\nvar now = Now"},
			want:  []string{clockFile + ":2 imports time as \".\": below the I/O line its uses must show"},
		},
		{
			name:  "a zone of the machine's",
			files: map[string]string{clockFile: "package clock\nimport \"time\"\nvar zone = time.Local\nvar load = time.LoadLocation"},
			want: []string{
				clockFile + ":3 uses time.Local: below the I/O line time is an argument, and zones are worktime.Zone's",
				clockFile + ":4 uses time.LoadLocation: below the I/O line time is an argument, and zones are worktime.Zone's",
			},
		},
		{
			name:  "a zone of the machine's, by a method",
			files: map[string]string{clockFile: "package clock\nimport \"time\"\nvar local = time.Unix(0, 0).Local()"},
			want:  []string{clockFile + ":3 calls Local(): below the I/O line time is an argument, and zones are worktime.Zone's"},
		},
		{
			name:  "a look at the machine's files",
			files: map[string]string{clockFile: "package clock\nimport \"path/filepath\"\nvar abs, real, join = filepath.Abs, filepath.EvalSymlinks, filepath.Join"},
			want: []string{
				clockFile + ":3 uses filepath.Abs: below the I/O line paths are names and nothing more",
				clockFile + ":3 uses filepath.EvalSymlinks: below the I/O line paths are names and nothing more",
			},
		},
		{
			name:  "the runtime's knobs below the line",
			files: map[string]string{clockFile: importing("clock", "runtime/debug")},
			want:  []string{clockFile + ":2 imports runtime/debug: below the I/O line nothing touches the world"},
		},
		{
			name: "flags elsewhere than in app",
			files: map[string]string{
				"action/internal/bot/gate.go": importing("bot", "github.com/spf13/cobra"),
				"action/internal/app/gate.go": importing("app", "github.com/spf13/cobra"),
			},
			want: []string{"action/internal/bot/gate.go:2 imports github.com/spf13/cobra, which only app may import"},
		},
		{
			name:  "a package that knows everybody",
			files: map[string]string{"action/internal/app/app.go": importing("app", everybody()...)},
			want: []string{fmt.Sprintf("action/internal/app imports %d packages of ours, 20 at most: "+
				"give part of what it does a package of its own", len(everybody()))},
		},
		{
			name:  "a package that knows as many as only app may",
			files: map[string]string{"action/internal/bot/bot.go": importing("bot", everybody()[len(everybody())-19:]...)},
			want: []string{"action/internal/bot imports 19 packages of ours, 18 at most: " +
				"give part of what it does a package of its own"},
		},
		{
			name: "the package at the top of the repository",
			files: map[string]string{
				"embed.go":                         importing("liaison", module+"/action/internal/app"),
				"action/internal/worktime/zone.go": importing("worktime", module),
				"action/internal/sim/desk/desk.go": importing("desk", module),
			},
			want: []string{
				"action/internal/worktime/zone.go:2 imports …/embed.go, which is on the same floor (embed.go is 2, worktime 2): move the code or the floor",
				"embed.go:2 imports …/app, which is on a higher floor (app is 18, embed.go 2): move the code or the floor",
			},
		},
		{
			name:  "another package called time",
			files: map[string]string{clockFile: "package clock\nimport time \"strings\"\nvar now = time.Now"},
		},
		{
			name:  "the machine's clock above the line",
			files: map[string]string{"action/internal/app/app.go": "package app\nimport \"time\"\nvar now = time.Now"},
		},
		{
			name:  "a main of 20 lines",
			files: map[string]string{mainFile: "package main" + strings.Repeat("\n", 20)},
		},
		{
			name:  "a main of 21 lines",
			files: map[string]string{mainFile: "package main" + strings.Repeat("\n", 21)},
			want:  []string{mainFile + " has 21 lines, 20 at most: main only wires, the rest belongs in app"},
		},
		{
			name:  "an init function",
			files: map[string]string{clockFile: "package clock\nfunc init() {}"},
			want:  []string{clockFile + ":2 declares init(): nothing happens before main"},
		},
		{
			name:  "a method called init",
			files: map[string]string{clockFile: "package clock\ntype run int\nfunc (run) init() {}"},
		},
		{
			name:  "a regular expression that is compiled at the start",
			files: map[string]string{clockFile: "package clock\nimport \"regexp\"\nvar day = regexp.MustCompile(`d`)\nvar at = func() any { return regexp.MustCompile(`d`) }"},
			want:  []string{clockFile + ":3 compiles a regular expression before main: pattern.Of waits until it is wanted"},
		},
		{
			name:  "a text that is no regular expression",
			files: map[string]string{clockFile: "package clock\nimport \"" + module + "/action/internal/pattern\"\nvar day = pattern.Of(`(`)"},
			want:  []string{clockFile + ":3 has no regular expression: error parsing regexp: missing closing ): `(`"},
		},
		{
			name:  "a package name that says nothing",
			files: map[string]string{clockFile: "package util", "action/internal/clock/run_test.go": "package util_test"},
			want:  []string{"action/internal/clock is package util: name it after what it is about"},
		},
		{
			name:  "a file that does not parse",
			files: map[string]string{clockFile: "package clock\nfunc {"},
			want:  []string{clockFile + ":2:6: expected 'IDENT', found '{'"},
		},
		{
			name: "tests and their data may import what they like",
			files: map[string]string{
				"action/internal/clock/run_test.go":      importing("clock_test", "os", module+"/action/internal/app"),
				"action/internal/clock/testdata/odd.go":  importing("odd", "os"),
				"action/internal/clock/_draft/clock.go":  importing("draft", "os"),
				"action/internal/clock/testdata/util.go": "package util",
				"action/internal/clock/apart/go.mod":     "module apart",
				"action/internal/clock/apart/apart.go":   importing("apart", "os"),
			},
		},
		{
			name:  "a property whose values are others in every run",
			files: map[string]string{"action/internal/clock/run_test.go": "package clock_test\nimport \"pgregory.net/rapid\"\nvar _, check = rapid.Int(), rapid.Check"},
			want:  []string{"action/internal/clock/run_test.go:3 uses rapid.Check: law.Check draws the same values in every run"},
		},
		{
			name:  "values that are drawn by luck",
			files: map[string]string{"action/internal/clock/run_test.go": "package clock_test\nimport dice \"math/rand/v2\"\nvar r = dice.New(dice.NewPCG(1, 2))\nvar n = dice.IntN(6)"},
			want:  []string{"action/internal/clock/run_test.go:4 uses rand.IntN: rand.New draws by a seed"},
		},
		{
			name:  "but a test has no init either",
			files: map[string]string{"action/internal/clock/run_test.go": "package clock_test\nfunc init() {}"},
			want:  []string{"action/internal/clock/run_test.go:2 declares init(): nothing happens before main"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tree, err := parseTree(mapFS(test.files))
			if err != nil {
				t.Fatal(err)
			}
			if got := tree.complaints(); !slices.Equal(got, test.want) {
				t.Errorf("complaints:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

// everybody is all of our packages below app.
func everybody() []string {
	var paths []string
	for _, packages := range floors[2:] {
		for _, p := range packages {
			paths = append(paths, module+"/"+p)
		}
	}
	return paths
}

// importing is the text of a file of the package that imports the paths, from line 2 on.
func importing(pkg string, paths ...string) string {
	text := "package " + pkg
	for _, p := range paths {
		text += "\nimport " + strconv.Quote(p)
	}
	return text
}

func mapFS(files map[string]string) fs.FS {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

// A source is one parsed Go file.
type source struct {
	name   string // slash-separated, from the repository's root
	lines  int
	fset   *token.FileSet
	syntax *ast.File
	broken error // the parser's, if the file does not parse
}

// A sourceTree is every Go file by its name.
type sourceTree map[string]source

// parseTree reads the module's Go files, leaving out what the go command leaves out: testdata,
// names that begin with "_" or ".", and modules of their own.
func parseTree(fsys fs.FS) (sourceTree, error) {
	tree := sourceTree{}
	err := fs.WalkDir(fsys, root, func(name string, entry fs.DirEntry, err error) error {
		switch base := path.Base(name); {
		case err != nil:
			return err
		case name == root:
			return nil
		case entry.IsDir() && (base == "testdata" || strings.ContainsAny(base[:1], "_.") || isModule(fsys, name)):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		tree[name] = parseSource(name, text)
		return nil
	})
	return tree, err
}

func isModule(fsys fs.FS, dir string) bool {
	_, err := fs.Stat(fsys, dir+"/go.mod")
	return err == nil
}

func parseSource(name string, text []byte) source {
	s := source{name: name, fset: token.NewFileSet()}
	s.syntax, s.broken = parser.ParseFile(s.fset, name, text, parser.SkipObjectResolution)
	s.lines = bytes.Count(text, []byte("\n"))
	if len(text) > 0 && text[len(text)-1] != '\n' {
		s.lines++
	}
	return s
}

// complaints are the breaches of the layout, file by file.
func (tree sourceTree) complaints() []string {
	var all []string
	packages := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(tree)) {
		s := tree[name]
		if s.broken != nil {
			all = append(all, s.broken.Error())
			continue
		}
		if !packages[s.dir()] {
			packages[s.dir()] = true
			all = append(all, s.packageNameComplaints()...)
		}
		all = append(all, s.initComplaints()...)
		if s.isTest() {
			all = append(all, s.luckComplaints()...)
		} else {
			all = append(all, s.importComplaints()...)
			all = append(all, s.worldComplaints()...)
			all = append(all, s.lengthComplaints()...)
			all = append(all, s.patternComplaints()...)
		}
	}
	return slices.Concat(all, tree.homelessComplaints(), tree.roomComplaints())
}

// roomComplaints are the packages that import too many others of ours to be about one thing.
func (tree sourceTree) roomComplaints() []string {
	rooms := map[string]map[string]bool{}
	for _, s := range tree {
		if s.broken != nil || s.isTest() {
			continue
		}
		for _, spec := range s.syntax.Imports {
			if imported := importPath(spec); within(imported, module) {
				if rooms[s.dir()] == nil {
					rooms[s.dir()] = map[string]bool{}
				}
				rooms[s.dir()][imported] = true
			}
		}
	}
	var all []string
	for _, dir := range slices.Sorted(maps.Keys(rooms)) {
		if n, most := len(rooms[dir]), roomsOf(dir); n > most {
			all = append(all, fmt.Sprintf("%s imports %d packages of ours, %d at most: give part of what it does a package of its own", dir, n, most))
		}
	}
	return all
}

func roomsOf(dir string) int {
	if dir == "action/internal/app" {
		return appsRooms
	}
	return mostRooms
}

// homelessComplaints are the packages that nobody has given a floor.
func (tree sourceTree) homelessComplaints() []string {
	dirs := map[string]bool{}
	for _, s := range tree {
		if !s.isTest() && floorOf(s.dir()) == 0 {
			dirs[s.dir()] = true
		}
	}
	var all []string
	for _, dir := range slices.Sorted(maps.Keys(dirs)) {
		all = append(all, dir+" is on no floor: give it one in floors, action/arch_test.go")
	}
	return all
}

func (s source) packageNameComplaints() []string {
	name := strings.TrimSuffix(s.syntax.Name.Name, "_test")
	for _, n := range []string{name, path.Base(s.dir())} {
		if slices.Contains(emptyNames, n) {
			return []string{fmt.Sprintf("%s is package %s: name it after what it is about", s.dir(), n)}
		}
	}
	return nil
}

func (s source) initComplaints() []string {
	var all []string
	for _, decl := range s.syntax.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if ok && f.Recv == nil && f.Name.Name == "init" {
			all = append(all, s.at(f)+" declares init(): nothing happens before main")
		}
	}
	return all
}

// patternComplaints are the regular expressions that every start would compile, wanted or
// not, and those that none could.
func (s source) patternComplaints() []string {
	var all []string
	for _, decl := range s.syntax.Decls {
		vars, ok := decl.(*ast.GenDecl)
		if !ok {
			continue
		}
		ast.Inspect(vars, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				all = append(all, s.patternComplaint(call)...)
			}
			_, later := n.(*ast.FuncLit)
			return !later
		})
	}
	return all
}

func (s source) patternComplaint(call *ast.CallExpr) []string {
	f, ok := call.Fun.(*ast.SelectorExpr)
	switch {
	case !ok:
	case f.Sel.Name == "MustCompile":
		return []string{s.at(call) + " compiles a regular expression before main: pattern.Of waits until it is wanted"}
	case fmt.Sprint(f.X) == "pattern" && f.Sel.Name == "Of":
		if _, err := regexp.Compile(textOf(call.Args[0])); err != nil {
			return []string{s.at(call) + " has no regular expression: " + err.Error()}
		}
	}
	return nil
}

// textOf is a text that stands in the source, perhaps in several pieces.
func textOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, _ := strconv.Unquote(e.Value)
		return text
	case *ast.BinaryExpr:
		return textOf(e.X) + textOf(e.Y)
	}
	return ""
}

func (s source) importComplaints() []string {
	var all []string
	for _, spec := range s.syntax.Imports {
		imported := importPath(spec)
		for _, breach := range []string{s.floorBreach(imported), s.fenceBreach(imported), s.ioBreach(imported)} {
			if breach != "" {
				all = append(all, fmt.Sprintf("%s imports %s", s.at(spec), breach))
			}
		}
	}
	return all
}

// floorBreach says why the file's package may not import one of ours, or nothing.
func (s source) floorBreach(imported string) string {
	if !within(imported, module) {
		return ""
	}
	dir := path.Clean(strings.TrimPrefix(strings.TrimPrefix(imported, module), "/"))
	from, to := floorOf(s.dir()), floorOf(dir)
	name, own := path.Base(shortNames([]string{dir})), path.Base(shortNames([]string{s.dir()}))
	switch {
	case to == 0:
		return fmt.Sprintf("…/%s, which is on no floor: give it one in floors, action/arch_test.go", name)
	case from == 0 || to < from:
		return ""
	}
	where := "a higher"
	if to == from {
		where = "the same"
	}
	return fmt.Sprintf("…/%s, which is on %s floor (%s is %d, %s %d): move the code or the floor",
		name, where, name, to, own, from)
}

// fenceBreach says who alone may import the library, or nothing.
func (s source) fenceBreach(imported string) string {
	for _, f := range fences {
		if within(imported, f.library) && !slices.Contains(f.allowed, s.dir()) {
			return fmt.Sprintf("%s, which only %s may import", imported, shortNames(f.allowed))
		}
	}
	return ""
}

// ioBreach says that the import reaches the world from below the I/O line, or nothing.
func (s source) ioBreach(imported string) string {
	reachesOut := func(library string) bool { return within(imported, library) }
	if !s.belowTheLine() || slices.Contains(pureExceptions, imported) || !slices.ContainsFunc(impure, reachesOut) {
		return ""
	}
	return imported + ": below the I/O line nothing touches the world"
}

// worldComplaints are the uses, called or not, of what reads the world below the I/O line.
func (s source) worldComplaints() []string {
	if !s.belowTheLine() {
		return nil
	}
	var all []string
	for _, spec := range s.syntax.Imports {
		imported := importPath(spec)
		reads, some := worldly[imported]
		if !some {
			continue
		}
		name := importName(spec, path.Base(imported))
		if name == "." {
			all = append(all, fmt.Sprintf("%s imports %s as \".\": below the I/O line its uses must show", s.at(spec), imported))
			continue
		}
		for _, use := range s.uses(name, reads.names) {
			all = append(all, fmt.Sprintf("%s uses %s.%s: below the I/O line %s", s.at(use), path.Base(imported), use.Sel.Name, reads.instead))
		}
	}
	return append(all, s.localComplaints()...)
}

// localComplaints are the times that are turned to the machine's zone.
func (s source) localComplaints() []string {
	var all []string
	ast.Inspect(s.syntax, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && len(call.Args) == 0 {
			if f, ok := call.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "Local" {
				all = append(all, fmt.Sprintf("%s calls Local(): below the I/O line %s", s.at(call), worldly["time"].instead))
			}
		}
		return true
	})
	return all
}

// luckComplaints are the values of a test that are drawn by luck.
func (s source) luckComplaints() []string {
	var all []string
	for _, spec := range s.syntax.Imports {
		for _, l := range luck {
			if importPath(spec) != l.library {
				continue
			}
			for _, use := range s.uses(importName(spec, l.name), l.uses) {
				all = append(all, fmt.Sprintf("%s uses %s.%s: %s", s.at(use), l.name, use.Sel.Name, l.instead))
			}
		}
	}
	return all
}

// importName is the name under which a file knows what it imports.
func importName(spec *ast.ImportSpec, usual string) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	return usual
}

// uses are some names selected from the name under which their package was imported.
func (s source) uses(name string, some []string) []*ast.SelectorExpr {
	var uses []*ast.SelectorExpr
	ast.Inspect(s.syntax, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		x, ok := sel.X.(*ast.Ident)
		if ok && x.Name == name && slices.Contains(some, sel.Sel.Name) {
			uses = append(uses, sel)
		}
		return true
	})
	return uses
}

func (s source) lengthComplaints() []string {
	if s.name != mainFile || s.lines <= mainMaxLines {
		return nil
	}
	return []string{fmt.Sprintf("%s has %d lines, %d at most: main only wires, the rest belongs in app",
		s.name, s.lines, mainMaxLines)}
}

func (s source) dir() string  { return path.Dir(s.name) }
func (s source) isTest() bool { return strings.HasSuffix(s.name, "_test.go") }

// belowTheLine is false for a package on no floor: it is told to take one first.
func (s source) belowTheLine() bool {
	floor := floorOf(s.dir())
	return floor > 0 && floor <= ioLine
}

func (s source) at(n ast.Node) string {
	return fmt.Sprintf("%s:%d", s.name, s.fset.Position(n.Pos()).Line)
}

// floorOf is a package's floor, counted from 1 at the bottom; 0 if it has none.
func floorOf(dir string) int {
	for i, packages := range floors {
		if slices.Contains(packages, dir) {
			return len(floors) - i
		}
	}
	return 0
}

// importPath is the path between an import's quotes; the parser has seen that they match.
func importPath(spec *ast.ImportSpec) string {
	p, _ := strconv.Unquote(spec.Path.Value)
	return p
}

// within says whether an import path is the library's or below it.
func within(imported, library string) bool {
	return imported == library || strings.HasPrefix(imported, library+"/")
}

func internal(names ...string) []string {
	dirs := make([]string, len(names))
	for i, name := range names {
		dirs[i] = "action/internal/" + name
	}
	return dirs
}

func shortNames(dirs []string) string {
	names := make([]string, len(dirs))
	for i, dir := range dirs {
		names[i] = strings.TrimPrefix(dir, "action/internal/")
		if dir == root {
			names[i] = "embed.go" // all that is there
		}
	}
	return strings.Join(names, ", ")
}

// TestTheMapShowsEveryRoom holds the map in README.md to the floors: each package that ships
// stands on it, and none above one that it may not import.
func TestTheMapShowsEveryRoom(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "## Floors")
	_, rest, _ = strings.Cut(rest, "```\n")
	drawn, _, found := strings.Cut(rest, "```")
	if !found {
		t.Fatal("README.md has no map under Floors")
	}
	on, last := map[string]bool{}, len(floors)
	for line := range strings.Lines(drawn) {
		names, _, _ := strings.Cut(line, "   ")
		if strings.HasPrefix(names, "-") { // the I/O line
			continue
		}
		for _, name := range strings.Fields(names) {
			floor := max(floorOf("action/internal/"+name), floorOf("action/"+name), floorOf(name))
			if name == shortNames([]string{root}) {
				floor = floorOf(root)
			}
			if on[name] = true; floor > last || floor == 0 {
				t.Errorf("%s is on floor %d, and stands below floor %d", name, floor, last)
			}
			last = floor
		}
	}
	for _, p := range slices.Concat(floors...) {
		name := strings.TrimPrefix(shortNames([]string{p}), "action/")
		if !on[name] && !slices.Contains([]string{"bench", "golden", "law"}, name) {
			t.Errorf("%s is not on the map", p)
		}
	}
}
