package github

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// exchangesVariable names the folder in the environment to which a world writes every
// request and what it answered. The module below conform reads them there, and holds both
// against GitHub's own description.
const exchangesVariable = "LIAISON_EXCHANGES"

// An exchange is one request and its answer. The API's address is that of GitHub.
type exchange struct {
	Method string            `json:"method"`
	Path   string            `json:"path"`
	Query  string            `json:"query,omitempty"`
	Body   string            `json:"body,omitempty"`
	Status int               `json:"status"`
	Header map[string]string `json:"header,omitempty"`
	Answer string            `json:"answer,omitempty"`
	Fault  Fault             `json:"fault,omitempty"` // what went wrong by plan; then the answer shows nothing of GitHub's
}

// record writes an exchange to the folder, each different one once.
func (v *handling) record(p reply, f Fault) {
	if v.exchanges == "" {
		return
	}
	p.encode()
	e := exchange{
		Method: v.r.Method, Path: v.r.URL.EscapedPath(), Query: v.r.URL.RawQuery, Body: string(v.body),
		Status: p.status, Header: map[string]string{}, Answer: v.public(string(p.text)), Fault: f,
	}
	for name := range p.header {
		e.Header[name] = v.public(p.header.Get(name))
	}
	for _, name := range []string{"X-Ratelimit-Remaining", "X-Ratelimit-Used", "X-Ratelimit-Reset", "Etag"} {
		delete(e.Header, name) // which only tell one exchange from the next
	}
	text, err := json.MarshalIndent(e, "", "  ")
	if err == nil {
		err = os.WriteFile(filepath.Join(v.exchanges, fmt.Sprintf("%.8x.json", sha256.Sum256(text))), text, 0o666)
	}
	if err != nil {
		panic(fmt.Errorf("record the exchange for %s: %w", exchangesVariable, err))
	}
}

// public shows the address of GitHub instead of the server's own.
func (v *handling) public(s string) string {
	return strings.ReplaceAll(s, "http://"+v.r.Host, "https://api.github.com")
}
