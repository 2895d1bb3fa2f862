package github

import (
	"fmt"
	"strconv"
	"strings"
)

// paged is one page of a list, with the Link header that leads to the others. GitHub gives
// 30 to a page unless asked, and never more than 100.
func paged[T any](r *request, all []T) reply {
	size := min(r.number("per_page", 30), 100)
	page := r.number("page", 1)
	last := max(1, (len(all)+size-1)/size)
	from := min((page-1)*size, len(all))
	p := found(append([]T{}, all[from:min(from+size, len(all))]...))
	if links := r.links(page, last); links != "" {
		p.set("Link", links)
	}
	return p
}

// number is a positive number of the query, or the default.
func (r *request) number(name string, otherwise int) int {
	n, err := strconv.Atoi(r.URL.Query().Get(name))
	if err != nil || n < 1 || n > 1<<20 {
		return otherwise
	}
	return n
}

// links names the pages before and after, as far as there are any.
func (r *request) links(page, last int) string {
	var out []string
	add := func(page int, rel string) {
		q := r.URL.Query()
		q.Set("page", strconv.Itoa(page))
		out = append(out, fmt.Sprintf(`<%s?%s>; rel="%s"`, r.url(r.URL.Path), q.Encode(), rel))
	}
	if page > 1 {
		add(min(page-1, last), "prev")
	}
	if page < last {
		add(page+1, "next")
		add(last, "last")
	}
	if page > 1 {
		add(1, "first")
	}
	return strings.Join(out, ", ")
}
