package rule

import (
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/schema"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// A Digest is what checking a record beside others needs of it, where it has no defect by
// itself. It depends on nothing but the record's text and the rules of its kind. Together
// makes one of several.
type Digest struct {
	Records int      // how many it sums up
	Names   []Name   // of other records
	IDs     []string // that must be the file's name
	Unique  []string // what no other record may share: a kind, a place and a text
}

// A Name is a text that names another record.
type Name struct {
	Kind string // of the record that it names
	By   string // the field by which; "": its file's name
	Text string
}

// DigestOf sums a record up. It is clean where no rule finds anything in it that looks at
// no other record.
func DigestOf(r record.Record) (d Digest, clean bool) {
	d.Records = 1
	if r.Kind.Schema != nil {
		for _, n := range r.Kind.Schema.Notes(r.Doc.Value) {
			d.add(r.Kind.Name, n)
		}
	}
	refused := false
	refusedIn(r, func(schema.Refusal, []string, string) { refused = true })
	return d, !refused && len(state(r)) == 0 && len(private(r)) == 0
}

func (d *Digest) add(kind string, n schema.Noted) {
	if refers(n) {
		d.Names = append(d.Names, Name{n.Note.Ref.Kind, n.Note.Ref.By, n.Text})
	}
	if n.Note.ID {
		d.IDs = append(d.IDs, n.Text)
	}
	if n.Note.Unique {
		d.Unique = append(d.Unique, kind+"\x00"+uniqueKey(n))
	}
}

// uniqueKey is the same for two values of a kind that are twins.
func uniqueKey(n schema.Noted) string {
	return place(n.Path) + "\x00" + cases.Fold().String(norm.NFC.String(n.Text))
}

// A Fit tells records that the rules of a world find nothing in, given their digests. It
// looks each name up once. It is not for use by several goroutines at once.
type Fit struct {
	world World
	found map[Name]string // the path of the named record; "": none, or one that has no single path
	whole map[*Digest]bool
}

// NewFit begins to tell.
func NewFit(w World) *Fit { return &Fit{w, map[Name]string{}, map[*Digest]bool{}} }

// Holds reports whether the rules that look at one record in its tree find nothing in the
// record at a path. Where it does not hold, the record itself must be checked.
func (f *Fit) Holds(path string, d *Digest) bool {
	for _, id := range d.IDs {
		if !strings.EqualFold(id, record.Stem(path)) {
			return false
		}
	}
	whole, known := f.whole[d]
	if !known {
		whole = !slices.ContainsFunc(d.Names, func(n Name) bool { return f.lookUp(n) == "" })
		f.whole[d] = whole
	}
	return whole && !slices.ContainsFunc(d.Names, func(n Name) bool { return n.By == "" && f.found[n] == path })
}

// byField stands for a record that is named by one of its fields.
const byField = "(by a field)"

func (f *Fit) lookUp(n Name) string {
	if path, known := f.found[n]; known {
		return path
	}
	path := byField
	switch kind := f.world.Definition.Kind(n.Kind); {
	case kind == nil: // it cannot be looked up
	case n.By != "":
		if !f.world.somebodyHas(kind, n.By, n.Text) {
			path = ""
		}
	default:
		if at, ok := pathOf(kind, n.Text); ok && f.world.Tree.Has(at) {
			path = at
		} else {
			path = ""
		}
	}
	f.found[n] = path
	return path
}

// Together is the digest of records that the rules find nothing in, alone or beside others.
// Their IDs are right wherever others stand, and are left out.
func Together(digests []*Digest) Digest {
	out := Digest{Records: len(digests)}
	seen, named := map[*Digest]bool{}, map[Name]bool{}
	for _, d := range digests {
		if seen[d] {
			continue
		}
		seen[d] = true
		for _, n := range d.Names {
			if !named[n] {
				named[n] = true
				out.Names = append(out.Names, n)
			}
		}
		out.Unique = append(out.Unique, d.Unique...)
	}
	return out
}

// Sharing are the paths of records that share what no two may.
func Sharing(digests map[string]*Digest) map[string]bool {
	first, out := map[string]string{}, map[string]bool{}
	for path, d := range digests {
		for _, key := range d.Unique {
			if other, taken := first[key]; taken && other != path {
				out[path], out[other] = true, true
			}
			first[key] = path
		}
	}
	return out
}
