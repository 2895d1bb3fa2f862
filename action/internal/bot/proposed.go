package bot

import (
	"slices"

	"github.com/commrel/liaison/action/internal/desk"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/hub"
	"github.com/commrel/liaison/action/internal/proposal"
)

// proposed is the change that a pull request makes, at its head, to the desk as it met it.
func (s *Session) proposed(p hub.Pull) (*proposal.Proposal, error) {
	d, err := s.against(p)
	if err != nil {
		return nil, err
	}
	return proposal.Open(d, p.Head, p.Author, s.options.Reading.Definitions)
}

// against is the desk as a pull request met it: of a merged one, as it stood just before;
// of any other, as it stands.
func (s *Session) against(p hub.Pull) (desk.Desk, error) {
	first := landedFirst(p.Pull)
	if first == "" {
		return s.desk, nil
	}
	before, err := s.desk.Repo.Resolve(first + "^")
	if err != nil {
		return desk.Desk{}, err
	}
	return s.desk.At(before)
}

// landedFirst is the first commit that a pull request landed, "" for none.
func landedFirst(p event.Pull) string {
	i := slices.IndexFunc(p.Entries, func(e event.Entry) bool { return e.Kind == event.Merged })
	if i < 0 {
		return ""
	}
	return p.Entries[i].First
}
