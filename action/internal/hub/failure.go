package hub

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode"

	"github.com/google/go-github/v60/github"
)

// An answer is what GitHub said when it said no.
type answer struct {
	status int
	text   string
	codes  []string // machine-readable, such as "already_exists"
	rate   bool     // too much was asked, not too much wanted
}

// answerOf finds GitHub's answer in an error; not ok when GitHub was not reached.
func answerOf(err error) (answer, bool) {
	var said *github.ErrorResponse
	var rate *github.RateLimitError
	var abuse *github.AbuseRateLimitError
	var factor *github.TwoFactorAuthError
	switch {
	case errors.As(err, &said):
		return responseOf(said), true
	case errors.As(err, &factor):
		return responseOf((*github.ErrorResponse)(factor)), true
	case errors.As(err, &rate):
		return answer{status: rate.Response.StatusCode, text: rate.Message, rate: true}, true
	case errors.As(err, &abuse):
		return answer{status: abuse.Response.StatusCode, text: abuse.Message, rate: true}, true
	}
	return answer{}, false
}

// responseOf joins GitHub's message with what it finds wrong with single fields.
func responseOf(r *github.ErrorResponse) answer {
	a := answer{status: r.Response.StatusCode, text: r.Message}
	a.rate = a.status == http.StatusTooManyRequests
	for _, e := range r.Errors {
		a.codes = append(a.codes, e.Code)
		if e.Message == "" {
			e.Message = e.Field + " " + e.Code
		}
		a.text += "; " + e.Message
	}
	return a
}

// String is the answer in one line of printable characters.
func (a answer) String() string {
	words := strings.FieldsFunc(a.text, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) })
	if len(words) == 0 {
		words = []string{http.StatusText(a.status)}
	}
	return fmt.Sprintf("%d %s", a.status, strings.Join(words, " "))
}

// failure says what was asked, what came back, and how to mend it; needs is the permission
// that the token must have for it. What was put off is a *Deferral.
func (c *Client) failure(asked, needs string, err error) error {
	var late *Deferral
	var gone *lost
	if errors.As(err, &gone) {
		return fmt.Errorf("%s: %s", asked, c.masked(err.Error()))
	}
	if errors.As(err, &late) {
		put := Deferral{Asked: asked, Why: late.Why, Until: late.Until}
		c.wire.deferred(put)
		return &put
	}
	a, ok := answerOf(err)
	if !ok {
		return fmt.Errorf("%s: %w", asked, err)
	}
	text := fmt.Sprintf("%s: GitHub answered %s", asked, a)
	if mend := c.mend(a, needs); mend != "" {
		text += "; " + mend
	}
	return errors.New(c.masked(text))
}

// mend says what to do about an answer, where that is known.
func (c *Client) mend(a answer, needs string) string {
	switch {
	case a.rate:
		return "too many requests: wait and run again"
	case a.status == http.StatusUnauthorized && c.anonymous:
		return "give a token"
	case a.status == http.StatusUnauthorized:
		return "the token is wrong or has expired: give a new one"
	case a.status == http.StatusForbidden && strings.Contains(a.text, "locked"):
		return "a person locked it: unlock it, or let this identity write to " + c.repo()
	case a.status == http.StatusForbidden:
		return "the token needs the permission " + needs
	case a.status >= http.StatusInternalServerError:
		return "GitHub is in trouble: run again later"
	case a.status == http.StatusNotFound:
		return fmt.Sprintf("check that it exists in %s and that the token may see it (%s)", c.repo(), needs)
	}
	return ""
}

// masked is a text without the token, which an answer may repeat.
func (c *Client) masked(text string) string {
	if len(c.token) < 8 { // too short for a token, and for a text that keeps its words
		return text
	}
	return strings.ReplaceAll(text, c.token, "***")
}
