package hubtest

import (
	"encoding/json"
	"net/http"
	"time"
)

// A reply is what the API answers.
type reply struct {
	status int
	body   any
	link   string // the Link header of a list; "" for none
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

// send writes the reply; the Date is the world's, not the machine's.
func (p reply) send(rw http.ResponseWriter, now time.Time) {
	h := rw.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Date", now.Format(http.TimeFormat))
	if p.link != "" {
		h.Set("Link", p.link)
	}
	if p.status == http.StatusNoContent {
		h.Del("Content-Type")
		rw.WriteHeader(p.status)
		return
	}
	rw.WriteHeader(p.status)
	_ = json.NewEncoder(rw).Encode(p.body) // only a caller that hung up makes this fail
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
