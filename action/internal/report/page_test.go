package report_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/report"
	"golang.org/x/net/html"
)

func pageOf(t *testing.T, r report.Review) string {
	t.Helper()
	var b bytes.Buffer
	if err := r.HTML(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// allowed are the elements of a page, each with its attributes.
var allowed = map[string][]string{
	"html": {"lang"}, "head": nil, "meta": {"charset", "http-equiv", "content", "name"}, "title": nil, "style": nil, "body": nil, "main": nil,
	"h1": nil, "h2": {"id"}, "div": {"tabindex", "role", "aria-label"}, "h3": nil, "p": nil, "ul": nil, "li": nil, "strong": nil, "code": nil, "br": nil, "hr": nil,
	"table": nil, "thead": nil, "tbody": nil, "tr": {"class"}, "th": {"scope", "align"}, "td": {"align"}, "a": {"href"},
}

// elements walks a page as an independent parser reads it, and wants nothing but what is ours.
func elements(t *testing.T, page string) (links []string, text string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range root.Descendants() {
		switch n.Type {
		case html.TextNode:
			b.WriteString(n.Data)
		case html.CommentNode:
			t.Errorf("a comment: %q", n.Data)
		case html.ElementNode:
			attributes, ok := allowed[n.Data]
			if !ok {
				t.Errorf("an element %q", n.Data)
			}
			for _, a := range n.Attr {
				if !slices.Contains(attributes, a.Key) {
					t.Errorf("an attribute %q of %q", a.Key, n.Data)
				}
				if a.Key == "href" {
					links = append(links, a.Val)
				}
			}
		}
	}
	return links, b.String()
}

func TestAPageLoadsNothingAndItsPolicyKnowsItsStyle(t *testing.T) {
	page := pageOf(t, aReview())
	links, text := elements(t, page)
	if len(links) == 0 || !strings.Contains(text, "42.9\u00a0% (3\u00a0of\u00a07)") || !strings.Contains(text, "Waits for ever @everyone <b>") {
		t.Errorf("%d links in\n%s", len(links), text)
	}
	for _, l := range links {
		if name, inside := strings.CutPrefix(l, "#"); inside && strings.Contains(page, `<h2 id="`+name+`">`) {
			continue
		}
		if !strings.HasPrefix(l, "https://github.com/example-org/example-desk/") {
			t.Errorf("a link to %s", l)
		}
	}
	_, style, _ := strings.Cut(page, "<style>")
	style, _, _ = strings.Cut(style, "</style>")
	sum := sha256.Sum256([]byte(style))
	if policy := "style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(html.UnescapeString(page), "default-src 'none'; "+policy) {
		t.Errorf("the policy does not say %s", policy)
	}
}

func TestAPageSaysWhatItsTablesAre(t *testing.T) {
	page := pageOf(t, aReview())
	for _, want := range []string{
		`<div tabindex="0" role="region" aria-label="2026-27-q1, Late: first response">`,
		`aria-label="2026-27-q1, How long it took">`, `<th scope="col">promise</th>`, `<th scope="row">first response</th>`,
		`<a href="#2026-27-q1">`, `<h2 id="2026-27-q1">`, `<tr class="waits">`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %s", want)
		}
	}
}

func TestAPageFollowsNoAddressThatRuns(t *testing.T) {
	r := aReview()
	r.Web = "javascript:alert(1)//"
	for _, l := range first(elements(t, pageOf(t, r))) {
		if l != "" && !strings.HasPrefix(l, "#") {
			t.Errorf("a link to %s", l)
		}
	}
}

func first(links []string, _ string) []string { return links }

func FuzzForeignTextDoesNothingOnAPage(f *testing.F) {
	for i, s := range nasty {
		f.Add(s, nasty[(i+4)%len(nasty)])
	}
	f.Add("</style><script>alert(1)</script>", "<br>")
	f.Fuzz(func(t *testing.T, title, words string) {
		c := ended(filed("x", title, response, monday, 24), 30, words)
		c.Record.ID = words
		r := cohort(response, c, late(c))
		r.Desk = title
		r.Alarms = []event.Alarm{{Time: monday, Record: title, Words: words}}
		r.Backdated = []event.Backdated{{Time: monday, Record: words, Role: title, Landed: monday, Commit: "c3"}}
		if links, _ := elements(t, pageOf(t, r)); len(links) > 0 {
			t.Errorf("links to %q", links)
		}
	})
}
