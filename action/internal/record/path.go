package record

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/commrel/liaison/action/internal/document"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/workflow"
)

// maxPath is the longest path of a record, in bytes: some systems end not far beyond.
const maxPath = 200

// plainMode is how Git stores an ordinary file.
const plainMode = "100644"

// places checks the paths of the entries that are records, or pretend to be: each bad
// entry is one finding, for the first thing that is wrong with it.
func places(def *workflow.Definition, entries []Entry, kinds []*workflow.Kind) map[string]finding.Finding {
	bad := map[string]finding.Finding{}
	others := twins(alike(entries))
	for i, e := range entries {
		kind := kinds[i]
		home, near := homeOf(def, kind, e.Path)
		if kind == nil && !(near && pretends(e)) {
			continue
		}
		if f, ok := misplaced(e, home, others[e.Path], kind); ok {
			f.Path = e.Path
			bad[e.Path] = f
		}
	}
	return bad
}

// nameOf is what people call an entry of a kind.
func nameOf(kind *workflow.Kind) string {
	if kind == nil {
		return "record"
	}
	return kind.Name
}

// homeOf is the folder that a definition gives to records, and whether the path is in it
// or is the folder itself, or one on the way to it.
func homeOf(def *workflow.Definition, kind *workflow.Kind, p string) (home string, near bool) {
	if kind != nil {
		return kind.Files.Base(), true
	}
	for _, k := range def.Kinds {
		base := k.Files.Base()
		if base != "" && (strings.HasPrefix(p+"/", base+"/") || strings.HasPrefix(base+"/", p+"/")) {
			return base, true
		}
	}
	return "", false
}

// pretends reports whether an entry that no kind claims could still be taken for a record:
// a YAML file; or a link, a submodule or a folder with a name that git would not write,
// which may hold files that we do not see.
func pretends(e Entry) bool {
	ext := strings.ToLower(path.Ext(e.Path))
	return ext == ".yaml" || ext == ".yml" || !e.Regular
}

const folder = "a folder"

// misplaced says the first thing that is wrong with an entry's path and mode.
func misplaced(e Entry, home, twin string, kind *workflow.Kind) (finding.Finding, bool) {
	why := ""
	if below, ok := strings.CutPrefix(e.Path, home); ok && below != "" {
		why = oddPath(strings.TrimPrefix(below, "/"))
	}
	switch {
	case why != "":
		return finding.Finding{Rule: "path-form", Found: "the path has " + why,
			Expected: "ASCII letters, digits, `.`, `-` and `_`, beginning with a letter or digit", Fix: "rename it" + suggestion(e.Path)}, true
	case len(e.Path) > maxPath:
		return finding.Finding{Rule: "path-form", Found: fmt.Sprintf("the path has %d bytes", len(e.Path)),
			Expected: fmt.Sprintf("at most %d", maxPath), Fix: "give it a shorter name"}, true
	case !e.Regular && (e.What != folder || kind != nil):
		return finding.Finding{Rule: "regular-file", Found: fmt.Sprintf("%s stands where a %s should be", e.What, nameOf(kind)), Expected: "an ordinary file"}, true
	case twin != "":
		return finding.Finding{Rule: "path-twin", Found: fmt.Sprintf("on many machines this is the same path as %s", quotedPath(twin)),
			Expected: "paths that differ by more than capitals or the way accents are stored", Fix: "rename one of the two"}, true
	case e.Mode != "" && e.Mode != plainMode:
		return finding.Finding{Rule: "file-mode", Found: fmt.Sprintf("the file has the mode %s", e.Mode),
			Expected: plainMode + ", an ordinary file that is no program", Fix: "git update-index --chmod=-x " + e.Path}, true
	}
	return finding.Finding{}, false
}

// oddPath says what a path below a kind's folder has that not every system can write, or
// that a command could take for something else; "" for nothing.
func oddPath(p string) string {
	if !utf8.ValidString(p) {
		return "bytes that are not UTF-8"
	}
	for segment := range strings.SplitSeq(p, "/") {
		if why := oddSegment(segment); why != "" {
			return why
		}
	}
	return ""
}

func oddSegment(s string) string {
	for _, r := range s {
		if !plainRune(r) {
			return fmt.Sprintf("the character %q", r)
		}
	}
	stem, _, _ := strings.Cut(strings.ToLower(s), ".")
	switch {
	case s == "":
		return "an empty name"
	case s[0] == '-', s[0] == '.', s[0] == '_':
		return fmt.Sprintf("a name that begins with `%c`", s[0])
	case s[len(s)-1] == '.':
		return "a name that ends with a dot"
	case slices.Contains(reserved, stem):
		return fmt.Sprintf("the name `%s`, which Windows keeps for itself", stem)
	}
	return ""
}

func plainRune(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '.' || r == '-' || r == '_'
}

// reserved are names that no file of Windows can have, whatever its ending.
var reserved = []string{
	"con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
	"lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
}

// suggestion is a name made of what may stay of the old one.
func suggestion(p string) string {
	stem := strings.ToLower(Stem(p))
	parts := strings.FieldsFunc(stem, func(r rune) bool { return !plainRune(r) || r == '.' || r == '-' })
	if name := strings.Join(parts, "-"); name != "" && oddSegment(name) == "" {
		return fmt.Sprintf(": `%s.yaml`, say", name)
	}
	return ""
}

// alike leaves out the entries that share their path with no other: nearly all of them,
// since of two spellings of one name one has capitals, or letters beyond ASCII.
func alike(entries []Entry) []Entry {
	if !slices.IsSortedFunc(entries, func(a, b Entry) int { return strings.Compare(a.Path, b.Path) }) {
		return entries
	}
	odd := oddNames(entries)
	var out []Entry
	folder, inOdd := "", false // the last folder
	for i, e := range entries {
		if dir := path.Dir(e.Path); dir != folder {
			folder, inOdd = dir, spells(dir, odd)
		}
		twice := i > 0 && entries[i-1].Path == e.Path || i+1 < len(entries) && entries[i+1].Path == e.Path
		if inOdd || twice || len(odd) > 0 && odd[document.Folded(e.Path)] {
			out = append(out, e)
		}
	}
	return out
}

// oddNames are the names, of files and of folders on the way to them, that are not spelt as
// they are folded; folded.
func oddNames(entries []Entry) map[string]bool {
	odd := map[string]bool{}
	for _, e := range entries {
		if document.Folded(e.Path) == e.Path {
			continue
		}
		prefixes(e.Path, func(name string) {
			if id := document.Folded(name); id != name {
				odd[id] = true
			}
		})
	}
	return odd
}

// spells reports whether a folder, or one on the way to it, has one of the folded names.
func spells(folder string, names map[string]bool) (is bool) {
	prefixes(folder, func(name string) { is = is || names[document.Folded(name)] })
	return is
}

// prefixes calls visit with each folder on the way to a path, and with the path.
func prefixes(p string, visit func(string)) {
	for i, r := range p {
		if r == '/' {
			visit(p[:i])
		}
	}
	visit(p)
}

// twins names, for each entry that shares its path with another one where case and the
// way of storing accents do not count, the first such other. Folders share theirs too.
func twins(entries []Entry) map[string]string {
	type spelling struct{ name, path string }
	first := map[string][]spelling{}
	sorted := slices.SortedFunc(slices.Values(entries), func(a, b Entry) int { return strings.Compare(a.Path, b.Path) })
	spell := func(name, path string) {
		id := document.Folded(name)
		if !slices.ContainsFunc(first[id], func(s spelling) bool { return s.name == name }) {
			first[id] = append(first[id], spelling{name, path})
		}
	}
	for _, e := range sorted {
		prefixes(e.Path, func(name string) { spell(name, e.Path) })
	}
	out := map[string]string{}
	for i, e := range sorted {
		if i > 0 && sorted[i-1].Path == e.Path {
			out[e.Path] = e.Path // a tree that git would not write
		}
		prefixes(e.Path, func(name string) {
			for _, s := range first[document.Folded(name)] {
				if s.name != name && out[e.Path] == "" {
					out[e.Path] = s.path
				}
			}
		})
	}
	return out
}

func quotedPath(p string) string {
	if oddPath(p) == "" {
		return p
	}
	return fmt.Sprintf("%+q", p)
}
