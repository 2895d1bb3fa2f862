package form

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Record is what a form is told beyond the schema.
type Record struct {
	Path    string              // where it will stand, from the repository's root
	Schema  string              // where the schema stands, from the repository's root
	First   string              // the first line, as a comment; "" : none
	Owners  map[string][]string // roles that set a field; others set the rest
	Derived string              // a field that follows from what happens and is not offered
}

const (
	width    = 96   // columns of a comment
	longText = 1000 // a text that may be longer is asked for as a block
	deepest  = 4    // objects in one another that are asked for key by key: a schema may refer to itself
	hash     = "# "
)

// Fill writes the record: required keys live, the others commented out with an example, so
// that deleting the # of a line that has a key after it makes it count.
func (s *Schema) Fill(r Record) []byte {
	w := &writer{name: stem(r.Path)}
	w.head(s.at(s.root), r)
	asked, offered, owned := s.parts(r)
	for _, p := range asked {
		w.line("")
		w.ask(p, "", "")
	}
	w.section("Offered", offered)
	for _, roles := range slices.Sorted(maps.Keys(owned)) {
		w.section("Set by: "+roles, owned[roles])
	}
	return []byte(strings.Join(w.lines, "\n") + "\n")
}

// parts sorts the properties by who is asked for them.
func (s *Schema) parts(r Record) (asked, offered []place, owned map[string][]place) {
	owned = map[string][]place{}
	root := s.at(s.root)
	for _, p := range root.properties() {
		roles := strings.Join(r.Owners[p.name], ", ")
		switch {
		case root.required(p.name):
			asked = append(asked, p)
		case p.name == r.Derived:
		case roles != "":
			owned[roles] = append(owned[roles], p)
		default:
			offered = append(offered, p)
		}
	}
	return asked, offered, owned
}

type writer struct {
	name  string // the file's, without ending
	depth int
	lines []string
}

func (w *writer) line(text string) { w.lines = append(w.lines, text) }

func (w *writer) head(root place, r Record) {
	if r.First != "" {
		w.line(hash + oneLine(r.First))
	}
	w.line("# yaml-language-server: $schema=" + relative(r.Path, r.Schema))
	w.line("#")
	w.prose(strings.TrimPrefix(root.text("title")+": ", ": ")+root.text("description"), "")
	w.line("#")
	w.prose("Fill in what is asked. What is offered stands behind a #, with an example: to use it, delete the #; else delete the lines. Then: liaison check "+r.Path, "")
}

func (w *writer) section(name string, parts []place) {
	if len(parts) == 0 {
		return
	}
	w.line("")
	w.line("# ---- " + oneLine(name) + " ----")
	for _, p := range parts {
		w.line("")
		w.offer(p, "")
	}
}

// ask writes a key to fill in. bullet, "" or "- ", goes before it.
func (w *writer) ask(p place, margin, bullet string) {
	w.prose(p.text("description"), margin)
	w.choices(p, margin)
	key := margin + bullet + scalar(&value{scalar: p.name}, false) + ":"
	entries, list := p.items()
	switch {
	case p.is("x-id"):
		w.line(key + " " + scalar(&value{scalar: w.name}, false))
	case p.kind() == "object" && p.asksFurther() && w.depth < deepest:
		w.line(key)
		w.inside(p, margin+strings.Repeat(" ", len(bullet))+"  ", "")
	case p.kind() == "array" && list && entries.kind() == "object" && entries.asksFurther() && w.depth < deepest:
		w.line(key)
		w.inside(entries, margin+strings.Repeat(" ", len(bullet))+"  ", "- ")
	default:
		w.forExample(p, margin)
		w.line(key + empty(p))
	}
}

// inside writes the keys of an object: the required ones first.
func (w *writer) inside(p place, margin, bullet string) {
	w.depth++
	defer func() { w.depth-- }()
	parts := p.properties()
	for _, part := range parts {
		if p.required(part.name) {
			w.ask(part, margin, bullet)
			margin, bullet = margin+strings.Repeat(" ", len(bullet)), ""
		}
	}
	for _, part := range parts {
		if !p.required(part.name) {
			w.offer(part, margin)
		}
	}
}

// asksFurther reports whether an object has keys that it must have.
func (p place) asksFurther() bool {
	return slices.ContainsFunc(p.properties(), func(part place) bool { return p.required(part.name) })
}

// empty is what stands where an answer goes. Nothing of it passes the check.
func empty(p place) string {
	var longest int64
	if v := p.get("maxLength"); v != nil {
		if n, is := v.scalar.(json.Number); is {
			longest, _ = n.Int64()
		}
	}
	switch kind := p.kind(); {
	case kind == "array":
		return " []"
	case kind == "object":
		return " {}"
	case kind == "string" && longest > longText && p.text("pattern") == "":
		return " >-"
	}
	return ""
}

// offer writes a key with its example, commented out.
func (w *writer) offer(p place, margin string) {
	w.prose(p.text("description"), margin)
	w.choices(p, margin)
	example := p.example()
	if p.is("x-id") {
		example = &value{scalar: w.name}
	}
	for _, line := range block(p.name, example) {
		w.line("#" + margin + line)
	}
}

// choices lists the words that a value may be, each with what it says.
func (w *writer) choices(p place, margin string) {
	words, says := p.words()
	for i, word := range words {
		text := "- " + scalar(word, false)
		if says != nil {
			text += ": " + oneLine(says[i])
		}
		w.prose(text, margin)
	}
}

func (w *writer) forExample(p place, margin string) {
	example := p.example()
	if words, _ := p.words(); len(words) == 0 || example.kind == '[' {
		w.line(margin + hash + "For example: " + flow(example))
	}
}

// prose writes text as a comment, wrapped.
func (w *writer) prose(text, margin string) {
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && utf8.RuneCountInString(margin+hash+line+" "+word) > width {
			w.line(margin + hash + line)
			line = ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	if line != "" {
		w.line(margin + hash + line)
	}
}

// oneLine keeps words of others from ending a comment.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
