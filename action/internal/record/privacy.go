package record

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/commrel/liaison/action/internal/pattern"
)

// A Span is a piece of a text, in bytes.
type Span struct{ Start, End int }

var (
	// address is an e-mail address as it is typed: a local part, a domain with a dot.
	address = pattern.Of(`[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}`)
	// spelt is one that hides from machines: name (at) example (dot) org, name at example dot org.
	spelt = pattern.Of(`(?i)[\p{L}\p{N}._%+-]+\s*(?:[\[({<]\s*(?:at|@)\s*[\])}>]|\s@\s|\sat\s)\s*[\p{L}\p{N}-]+(?:\s*(?:[\[({<]\s*(?:dot|\.)\s*[\])}>]|\sdot\s)\s*[\p{L}\p{N}-]+)+`)
	// halfSpelt hides only the at.
	halfSpelt = pattern.Of(`(?i)[\p{L}\p{N}._%+-]+\s*[\[({<]\s*(?:at|@)\s*[\])}>]\s*[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+`)
	// link is an address of a page, whose path may hold an @.
	link = pattern.Of(`(?i)\b(?:https?|ftp|ssh|git|irc|ircs|matrix)://[^\s<>"]+`)
)

// Emails are the e-mail addresses in a text, also those that hide from machines. The @ of
// a link's path, of a handle, or of a tool's version is none.
func Emails(text string) []Span {
	at, bracket := strings.Contains(text, "@"), strings.ContainsAny(text, "[({<")
	if !at && (!bracket && !hasFold(text, "dot") || !hasFold(text, "at")) {
		return nil // no form below matches without these
	}
	links := spans(link(), text)
	var out []Span
	for _, s := range spans(address(), text) {
		if !inAny(s, links) && !version(text[s.Start:s.End]) && !listed(text, s) {
			out = append(out, s)
		}
	}
	for _, form := range []*regexp.Regexp{spelt(), halfSpelt()} {
		for _, s := range spans(form, text) {
			if !inAny(s, links) && !overlapsAny(s, out) {
				out = append(out, s)
			}
		}
	}
	return out
}

// version reports whether what stands behind the @ is a release, as in actions/setup@v1.2.rc.
func version(s string) bool {
	_, domain, _ := strings.Cut(s, "@")
	return len(domain) > 1 && (domain[0] == 'v' || domain[0] == 'V') && domain[1] >= '0' && domain[1] <= '9' && strings.Count(domain, ".") < 4 &&
		strings.Trim(domain[1:], "0123456789.-abcrtehlp") == ""
}

// listed reports whether the @ names a page's delivery target (Title@domain) whose title
// has a colon or slash before it, as mass messages write them: User talk:X@en.wikipedia.org.
func listed(text string, s Span) bool {
	before := text[:s.Start]
	return strings.HasSuffix(before, ":") && !strings.HasSuffix(strings.ToLower(before), "mailto:") && !labelled(before) || strings.HasSuffix(before, "/")
}

// labelled reports whether a colon ends a label rather than a namespace.
func labelled(before string) bool {
	before = strings.ToLower(strings.TrimSuffix(before, ":"))
	for _, label := range []string{"mail", "email", "contact", "to", "cc", "from", "write"} {
		if strings.HasSuffix(before, label) {
			return true
		}
	}
	return false
}

var (
	// digits is a run that may be a telephone number: digits with what people put between.
	digits = pattern.Of(`\+?\(?[0-9][0-9()\s./\x{2010}-\x{2015}\x{2212}\x{00a0}-]{4,}[0-9]`)
	// grouped is a number in the groups of one that is dialled at home: 0171 234 5678.
	grouped = pattern.Of(`^\(?0[1-9][0-9]{1,4}\)?[ /-][0-9]{2,8}(?:[ -][0-9]{2,8}){0,4}$`)
	// american is (555) 010-9999 or 555-010-9999.
	american = pattern.Of(`^(?:1[ .-]?)?(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[.-])[0-9]{3}[ .-][0-9]{4}$`)
	// announced is a word before a number that says what it is.
	announced = pattern.Of(`(?i)(?:\b(?:tel|phone|telephone|mobile|mobil|cell|whatsapp|signal|sms|fax|call|ring|telefon|handy|téléphone|móvil|teléfono)\b|телефон|هاتف|电话|電話)[.:：]?\s*(?:me\s+(?:at|on)\s+|number\s*(?:is\s*)?|at\s+|on\s+|nr\.?\s+|no\.?\s+)?[:]?\s*$`)
	// known are numbers with a meaning of their own.
	known = pattern.Of(`(?i)(?:isbn(?:-1[03])?|issn|doi|oclc|lccn|pmid|oldid|diff|curid|revid|revision|rev|version|bug|task|issue|id|no\.?|nr\.?|#|\bT|\bD|\bQ|\bP|\bL|\bE|gerrit|change|patch|grant|ticket|otrs|vrts|commit)[:\s=#]*$`)
	// machine is an address of the internet protocol.
	machine = pattern.Of(`^[0-9]{1,3}(\.[0-9]{1,3}){3}$`)
	day     = pattern.Of(`(?:19|20)[0-9]{2}[-./][0-9]{1,2}[-./][0-9]{1,2}|[0-9]{1,2}[-./][0-9]{1,2}[-./](?:19|20)[0-9]{2}`)
)

// Phones are the telephone numbers in a text. Dates, versions, task numbers, ISBNs,
// coordinates, sums and numbers in links are none.
func Phones(text string) []Span {
	if !enoughDigits(text) || isDay(text) {
		return nil
	}
	links := spans(link(), text)
	var out []Span
	for _, s := range spans(digits(), text) {
		if !inAny(s, links) && alone(text, s) && phone(text, s) {
			out = append(out, s)
		}
	}
	return out
}

// fewestDigits is how many a telephone number has at least.
const fewestDigits = 7

// enoughDigits reports whether a text has the digits of a telephone number, with nothing
// longer between them than people write there.
func enoughDigits(text string) bool {
	n := 0
	for _, r := range text {
		switch {
		case '0' <= r && r <= '9':
			if n++; n == fewestDigits {
				return true
			}
		case r <= unicode.MaxASCII && !strings.ContainsRune("() \t\n\f\r./-", r):
			n = 0
		}
	}
	return false
}

// isDay reports whether a text is a date such as 2026-03-14, and nothing else.
func isDay(text string) bool {
	if len(text) != len("2026-03-14") || text[4] != '-' || text[7] != '-' {
		return false
	}
	return strings.Trim(text[:4]+text[5:7]+text[8:], "0123456789") == ""
}

func phone(text string, s Span) bool {
	run, before := strings.TrimSpace(text[s.Start:s.End]), text[:s.Start]
	n := len(strings.Map(onlyDigits, run))
	switch {
	case n < fewestDigits || n > 15 || strings.ContainsAny(run, "\n\r") || day().MatchString(run) || machine().MatchString(run):
		return false
	case announced().MatchString(before):
		return true
	case known().MatchString(before):
		return false
	case strings.HasPrefix(run, "+"):
		return n >= 8 && strings.Count(run, ".") != 1
	case strings.HasPrefix(run, "00") && strings.ContainsAny(run, " -/") && n >= 10:
		return true
	}
	return n >= 9 && grouped().MatchString(run) || american().MatchString(run)
}

func onlyDigits(r rune) rune {
	if r >= '0' && r <= '9' {
		return r
	}
	return -1
}

// alone reports whether nothing grows on to a run of digits: letters, a decimal point, a
// degree, a percent sign.
func alone(text string, s Span) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:s.Start])
	after, _ := utf8.DecodeRuneInString(text[s.End:])
	if unicode.IsLetter(before) || unicode.IsDigit(before) || strings.ContainsRune("_.,-/#=±−", before) {
		return false
	}
	return !unicode.IsLetter(after) && !unicode.IsDigit(after) && !strings.ContainsRune("_°%′″", after)
}

func spans(form *regexp.Regexp, text string) []Span {
	var out []Span
	for _, m := range form.FindAllStringIndex(text, -1) {
		out = append(out, Span{m[0], m[1]})
	}
	return out
}

func inAny(s Span, list []Span) bool {
	for _, l := range list {
		if s.Start >= l.Start && s.End <= l.End {
			return true
		}
	}
	return false
}

func overlapsAny(s Span, list []Span) bool {
	for _, l := range list {
		if s.Start < l.End && l.Start < s.End {
			return true
		}
	}
	return false
}

// hasFold reports whether a text has a word of small letters, in any case.
func hasFold(text, word string) bool {
	for i := 0; i+len(word) <= len(text); i++ {
		if text[i]|' ' == word[0] && strings.EqualFold(text[i:i+len(word)], word) {
			return true
		}
	}
	return false
}
