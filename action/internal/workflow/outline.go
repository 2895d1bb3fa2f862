package workflow

import "github.com/commrel/liaison/action/internal/document"

// Outline reads of a definition no more than its branch, which files are records of which
// kind, and the calendars: the files that their holidays stand in may have changed since the
// definition was read. It is for texts in which Read has found nothing: it looks for no
// defect, and says ok only of what has the shape, with nothing wrong in its calendars; what
// is, Read says.
func Outline(path string, src []byte, open func(path string) ([]byte, error)) (d *Definition, ok bool) {
	doc, _ := document.Parse(path, src)
	if doc == nil {
		return nil, false
	}
	d = &Definition{Branch: Text(doc.Value, "branch")}
	kinds, _ := doc.Value["kinds"].(map[string]any)
	for _, name := range doc.Keys("kinds") {
		kind, _ := kinds[name].(map[string]any)
		files, err := ParseGlob(Text(kind, "files"))
		if err != nil {
			return nil, false
		}
		d.Kinds = append(d.Kinds, &Kind{Name: name, Files: files, SchemaAt: Text(kind, "schema")})
	}
	d.Calendars, ok = outlinedCalendars(doc, open)
	return d, ok
}

func outlinedCalendars(doc *document.Document, open func(path string) ([]byte, error)) (list []*Calendar, ok bool) {
	if doc.Value["calendars"] == nil {
		return nil, true
	}
	raw, err := decode(doc)
	if err != nil {
		return nil, false
	}
	r := &reader{doc: doc, raw: raw, files: openAll(raw.holidays(), open), def: &Definition{}}
	r.desk() // their time zone
	r.calendars()
	return r.def.Calendars, len(r.findings) == 0
}
