package effect

import (
	"fmt"
	"strings"
)

// Published is the one issue that shows the report, given as Markdown; empty for none.
func Published(report string) map[Key]Issue {
	if report == "" {
		return nil
	}
	k := Key{Kind: Report}
	return map[Key]Issue{k: issue(k, "SLA report", cutLines(report, mostBytes-len(k.Marker())-1, ": `liaison report` prints them all"))}
}

// Report is what the issue of the report shows now, without its marker; "" for none.
func (h Have) Report() string {
	mine := own(h)[Key{Kind: Report}]
	if len(mine) == 0 {
		return ""
	}
	_, text, _ := strings.Cut(mine[0].Body, "\n")
	return text
}

// cutLines is text of at most so many bytes: whole lines, with a count of those left out
// and where they are.
func cutLines(text string, room int, where string) string {
	if len(text) <= room {
		return text
	}
	lines := strings.SplitAfter(text, "\n")
	count := func(n int) string { return fmt.Sprintf("\n… %d more lines%s\n", n, where) }
	room -= len(count(len(lines)))
	n := 0
	for n < len(lines) && len(lines[n]) <= room {
		room -= len(lines[n])
		n++
	}
	return strings.Join(lines[:n], "") + count(len(lines)-n)
}
