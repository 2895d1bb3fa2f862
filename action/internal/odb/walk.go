package odb

// A walk goes through the lines of a lined text.
type walk struct {
	text   text
	starts starts // of the base
	i, off int    // the piece, and where in it a line begins
}

// piece is the piece at hand, nil at the end.
func (w *walk) piece() *piece {
	if w.i == len(w.text.pieces) {
		return nil
	}
	return &w.text.pieces[w.i]
}

// next is the next line, unless there is none.
func (w *walk) next() (l line, has bool) {
	p := w.piece()
	if p == nil {
		return line{}, false
	}
	l, n := readLine(p.bytes[w.off:])
	w.pass(n)
	return l, true
}

// pass passes over so many bytes of a piece.
func (w *walk) pass(n int) {
	if w.off += n; w.off == len(w.text.pieces[w.i].bytes) {
		w.i, w.off = w.i+1, 0
	}
}
