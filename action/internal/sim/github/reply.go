package github

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"time"
)

// A reply is what the API answers.
type reply struct {
	status int
	body   any
	page   string      // HTML in place of a body; "" for none
	header http.Header // beside those that every answer has
	text   []byte      // the body as it is sent, once sealed
}

// set sets a header.
func (p *reply) set(name, value string) {
	if p.header == nil {
		p.header = http.Header{}
	}
	p.header.Set(name, value)
}

// docs points a refusal at its documentation.
func (p *reply) docs(url string) {
	if m, ok := p.body.(message); ok {
		m.Docs = url
		p.body = m
	}
}

// A message is GitHub's body of a refusal.
type message struct {
	Message string   `json:"message"`
	Errors  []defect `json:"errors,omitempty"`
	Docs    string   `json:"documentation_url"`
}

// A defect is what GitHub finds wrong with one field.
type defect struct {
	Resource string `json:"resource"`
	Code     string `json:"code"`
	Field    string `json:"field"`
	Message  string `json:"message,omitempty"`
}

func found(body any) reply { return reply{status: http.StatusOK, body: body} }

func created(body any) reply { return reply{status: http.StatusCreated, body: body} }

func failed(status int, text string, defects ...defect) reply {
	return reply{status: status, body: message{text, defects, "https://docs.github.com/rest"}}
}

func notFound() reply { return failed(http.StatusNotFound, "Not Found") }

func invalid(d defect) reply {
	return failed(http.StatusUnprocessableEntity, "Validation Failed", d)
}

func refused(text string) reply { return failed(http.StatusUnprocessableEntity, text) }

// seal writes the body. What a caller has already, by its ETag, is not sent again.
func (p *reply) seal(r *request) {
	if p.encode(); r.Method != http.MethodGet || p.status != http.StatusOK {
		return
	}
	tag := fmt.Sprintf(`W/"%x"`, sha256.Sum256(append([]byte(r.token), p.text...)))
	p.set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		p.status, p.text = http.StatusNotModified, nil
	}
}

// encode writes the body, once.
func (p *reply) encode() {
	switch {
	case p.text != nil || p.status == http.StatusNoContent || p.status == http.StatusNotModified:
	case p.page != "":
		p.text = []byte(p.page)
	default:
		var b bytes.Buffer
		if err := json.NewEncoder(&b).Encode(p.body); err != nil {
			panic(err) // every body is made of types that JSON has
		}
		p.text = b.Bytes()
	}
}

// head sends everything but the body; the Date is the world's, not the machine's.
func (p *reply) head(rw http.ResponseWriter, now time.Time) {
	p.encode()
	h := rw.Header()
	maps.Copy(h, p.header)
	h.Set("Date", now.Format(http.TimeFormat))
	switch {
	case p.page != "":
		h.Set("Content-Type", "text/html")
	case len(p.text) > 0:
		h.Set("Content-Type", "application/json; charset=utf-8")
	}
	rw.WriteHeader(p.status)
}

// decode reads a request's body into v; not ok comes with the reply that says so.
func (r *request) decode(v any) (reply, bool) {
	if err := json.NewDecoder(r.Body).Decode(v); err != nil {
		return failed(http.StatusBadRequest, "Problems parsing JSON"), false
	}
	return reply{}, true
}

// url is where the API has something.
func (r *request) url(path string) string { return "http://" + r.Host + path }
