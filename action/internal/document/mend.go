package document

import "github.com/commrel/liaison/action/internal/finding"

// mostMends is how many times a file is changed and checked again before it is left as it
// then is.
const mostMends = 500

// Mend makes the edits of findings, and those of what is found after them, until none is
// left that does what it says. fs are all findings of src, check finds those of a text by
// itself. What was mended is returned in order, at the places of its time: applying those
// edits one list after the other to src gives out.
func Mend(src []byte, fs []finding.Finding, check func([]byte) []finding.Finding) (out []byte, done [][]finding.Finding) {
	for range mostMends {
		next, made := mendOnce(src, fs, check)
		if next == nil {
			break
		}
		src, done = next, append(done, made)
		fs = check(src)
	}
	return src, done
}

// mendOnce makes all edits at once where they get along, else the first that does what it
// says.
func mendOnce(src []byte, fs []finding.Finding, check func([]byte) []finding.Finding) ([]byte, []finding.Finding) {
	var edits []finding.Finding
	for _, f := range fs {
		if f.Edit.Known() {
			edits = append(edits, f)
		}
	}
	if len(edits) == 0 {
		return nil, nil
	}
	if out := Together(src, fs, check); out != nil {
		return out, edits
	}
	for _, f := range edits {
		if out := Mended(src, f, fs, check); out != nil {
			return out, []finding.Finding{f}
		}
	}
	return nil, nil
}
