// Package hub turns what GitHub shows into effect.Have and pull requests with what happened
// to them, and effects into what GitHub shows, over its REST API. It decides nothing: one
// effect is one change, and one that GitHub refuses is an error that says what was asked,
// what was answered and how to mend it.
//
// It asks as GitHub wants to be asked: one request at a time, writes a second apart, within
// a budget, and later where GitHub says so. A read that fails is asked again. A write whose
// answer is lost is never repeated blindly: what GitHub shows says whether it was done. What
// would wait too long is put off, and said to be: a *Deferral.
package hub

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/google/go-github/v60/github"
)

// patience is how long one request may take where the caller has no client of its own.
const patience = 30 * time.Second

// A Config says which repository, where, and as whom.
type Config struct {
	API         string // base URL; "": https://api.github.com/
	Token       string // "": nobody, who may read what is public
	Owner, Name string
	HTTP        *http.Client // nil: one that waits 30 seconds for an answer
	Clock       Clock        // zero: the machine's
	Budget      int          // requests that this client may make; 0: 900
	Say         func(string) // hears why it is waited, such as "waiting 42 s: GitHub asked for it"; nil: nobody. It must not ask the client
}

// A Client speaks to GitHub about one repository.
type Client struct {
	gh          *github.Client
	owner, name string
	anonymous   bool
	token       string // to keep it out of what is said
	wire        *transport
	me          account.Account // once it is known
}

// New makes a client. It asks GitHub nothing yet.
func New(c Config) (*Client, error) {
	if c.Owner == "" || c.Name == "" {
		return nil, errors.New("no repository: expected its owner and its name")
	}
	base, err := root(c.API)
	if err != nil {
		return nil, err
	}
	hc := http.Client{Timeout: patience}
	if c.HTTP != nil {
		hc = *c.HTTP
	}
	token := strings.TrimSpace(c.Token)
	wire := newTransport(c, bearer{next: hc.Transport, host: base.Host, token: token}, hc.Timeout)
	hc.CheckRedirect, hc.Transport, hc.Timeout = stayAt(base.Host), wire, 0
	gh := github.NewClient(&hc)
	gh.BaseURL, gh.UserAgent = base, "liaison"
	return &Client{gh: gh, owner: c.Owner, name: c.Name, anonymous: token == "", token: token, wire: wire}, nil
}

// root is the API's base URL with the slash at its end that go-github needs.
func root(api string) (*url.URL, error) {
	if api == "" {
		api = "https://api.github.com/"
	}
	u, err := url.Parse(api)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, fmt.Errorf("%q is no API address; expected one such as https://api.github.com/", api)
	}
	u.Path = strings.TrimSuffix(u.Path, "/") + "/"
	return u, nil
}

// repo is the repository as people write it.
func (c *Client) repo() string { return c.owner + "/" + c.name }

// bearer shows the token to the API's host and to no other, wherever a redirect may lead.
type bearer struct {
	next        http.RoundTripper
	host, token string
}

// RoundTrip implements http.RoundTripper.
func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	next := b.next
	if next == nil {
		next = http.DefaultTransport
	}
	if b.token != "" && r.URL.Host == b.host {
		r = r.Clone(r.Context())
		r.Header.Set("Authorization", "Bearer "+b.token)
	}
	answer, err := next.RoundTrip(r)
	if err == nil {
		answer.Body = limited{io.LimitReader(answer.Body, maxAnswer), answer.Body}
	}
	return answer, err
}

// maxAnswer is the largest answer that is read: a page of a hundred issues, each as long as
// GitHub lets it be, several times over.
const maxAnswer = 64 << 20

// limited reads a body up to its limit.
type limited struct {
	io.Reader
	io.Closer
}

// stayAt follows redirects of reads, such as of a renamed repository, on the same host. A
// write that is sent elsewhere has not happened.
func stayAt(host string) func(*http.Request, []*http.Request) error {
	return func(next *http.Request, before []*http.Request) error {
		switch {
		case next.URL.Host != host:
			return fmt.Errorf("it redirects to another host, %s", next.URL.Host)
		case before[0].Method != http.MethodGet:
			return fmt.Errorf("it redirects a write to %s: was the repository renamed?", next.URL.Path)
		case len(before) > 5:
			return errors.New("it redirects again and again")
		}
		return nil
	}
}
