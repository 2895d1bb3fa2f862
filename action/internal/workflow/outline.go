package workflow

import "github.com/commrel/liaison/action/internal/document"

// Outline reads of a definition no more than its branch and which files are records of which
// kind. It is for texts in which Read has found nothing: it looks for no defect, and says ok
// only of what has the shape.
func Outline(src []byte) (d *Definition, ok bool) {
	doc, _ := document.Parse(Path, src)
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
	return d, true
}

// OutlinedCalendars are the calendars of a text in which Read has found nothing, read anew:
// the files that their holidays stand in may have changed since. It says ok only where
// nothing is wrong with them; what is, Read says.
func OutlinedCalendars(path string, src []byte, open func(path string) ([]byte, error)) (list []*Calendar, ok bool) {
	doc, _ := document.Parse(path, src)
	if doc == nil {
		return nil, false
	}
	r := &reader{doc: doc, open: open, def: &Definition{}}
	if err := r.decode(); err != nil {
		return nil, false
	}
	r.desk() // their time zone
	r.calendars()
	return r.def.Calendars, len(r.findings) == 0
}
