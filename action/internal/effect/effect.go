// Package effect turns clocks and states into what GitHub should show, and the difference
// between that and what it does show into effects. It is pure: a dry run is a plan that
// nobody applied. The law: planning again after applying yields nothing.
package effect

import "github.com/commrel/liaison/action/internal/account"

// An Issue is an issue as GitHub has it, or as it should be.
type Issue struct {
	Number   int             `json:"number,omitempty"` // 0: not yet opened
	Title    string          `json:"title"`
	Body     string          `json:"body"` // its first line is the marker
	Labels   []string        `json:"labels"`
	Open     bool            `json:"open"`
	Author   account.Account `json:"-"`
	ClosedBy account.Account `json:"-"` // of a closed one: who closed it
}

// A Splice is the new content of one file whose status lags behind the derived state.
type Splice struct {
	Path    string `json:"path"`
	Was     string `json:"was"` // the status that the file shows; "" for none
	Now     string `json:"now"` // the derived state
	Content []byte `json:"-"`   // the whole file; only the status differs from what stands there
}

// Have is what GitHub shows now.
type Have struct {
	Us     []account.Account // who we act as, now and under the definition's other bots
	Issues []Issue           // every issue that carries a marker on its first line, open and closed
	Labels []string          // names of the labels that exist
}

// An Effect is one change of what GitHub shows. Exactly one of its fields is set.
type Effect struct {
	Commit  *Commit      `json:"commit,omitempty"`
	Label   *Label       `json:"label,omitempty"`
	Open    *Issue       `json:"open,omitempty"`
	Update  *Issue       `json:"update,omitempty"`
	Close   *IssueNumber `json:"close,omitempty"`
	Reopen  *IssueNumber `json:"reopen,omitempty"`
	Comment *Comment     `json:"comment,omitempty"`
	Remove  *Comment     `json:"remove,omitempty"` // of ours, where another one says it
	Status  *Status      `json:"status,omitempty"`
}

// A Commit writes files to a branch: one commit, on top of Parent and nothing else.
type Commit struct {
	Branch  string           `json:"branch"`
	Parent  string           `json:"parent"` // the head that was read: compare-and-swap; "" for a branch that is not there yet
	Message string           `json:"message"`
	Author  *account.Account `json:"author,omitempty"` // nil: who the token acts as, and GitHub signs
	Splices []Splice         `json:"splices"`
}

// A Comment is a comment of ours on an issue or a pull request.
type Comment struct {
	Thread int             `json:"thread"`       // the number of the issue or pull request
	ID     int64           `json:"id,omitempty"` // 0: not yet written
	Body   string          `json:"body"`         // its first line is the marker
	Author account.Account `json:"-"`
}

// A Status is the commit status that says whether a pull request's author may make the change.
type Status struct {
	SHA         string `json:"sha"`
	State       string `json:"state"`       // success, failure, error or pending
	Context     string `json:"context"`     // whose status it is: the newest of each context counts
	Description string `json:"description"` // at most 140 characters
}

// A Label is created when it is missing.
type Label struct {
	Name        string `json:"name"`
	Color       string `json:"color"` // six hexadecimal digits
	Description string `json:"description"`
}

// An IssueNumber points at an existing issue and says why it is touched.
type IssueNumber struct {
	Number int    `json:"number"`
	Title  string `json:"title"`
	Why    string `json:"why"`
}
