package odb

// A walk goes through the lines of a tree.
type walk struct {
	tree *patched
	at   int // the next line of the base
	done int // edits that are behind
}

// next is the next line, unless there is none.
func (w *walk) next() (l line, has bool) {
	for e := w.edit(); e != nil; e = w.edit() {
		w.pass(e)
		if e.has {
			return e.line, true
		}
	}
	if w.at == w.tree.lines() {
		return line{}, false
	}
	w.at++
	return w.tree.baseLine(w.at - 1), true
}

// edit is the edit at the next line of the base, nil where there is none.
func (w *walk) edit() *edit {
	if w.run() > 0 || w.done == len(w.tree.edits) {
		return nil
	}
	return &w.tree.edits[w.done]
}

// pass passes over the next edit.
func (w *walk) pass(e *edit) {
	w.done++
	w.at += int(e.drop)
}

// run is how many lines of the base come before the next edit.
func (w *walk) run() int {
	if w.done < len(w.tree.edits) {
		return int(w.tree.edits[w.done].at) - w.at
	}
	return w.tree.lines() - w.at
}
