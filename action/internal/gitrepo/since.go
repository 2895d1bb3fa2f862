package gitrepo

import "github.com/commrel/liaison/action/internal/account"

// Break says that the default branch was rewritten once: on its line, the commit to comes
// after the commit from, whatever its parents are (docs/design.md, "Time and evidence", rule 9).
func (r *Repo) Break(from, to string) error {
	a, err := parseHash(from)
	if err != nil {
		return err
	}
	b, err := parseHash(to)
	if err != nil {
		return err
	}
	if r.breaks == nil {
		r.breaks = map[hash]hash{}
	}
	r.breaks[b] = a
	return nil
}

// previous is the commit before one on the line; more is false for the first of all.
func previous(breaks map[hash]hash, id hash, c commit) (before hash, more bool) {
	if from, broken := breaks[id]; broken {
		return from, true
	}
	if len(c.parents) == 0 {
		return hash{}, false
	}
	return c.parents[0], true
}

// Since are the authors of what the line that ends at head has after a commit, newest first.
// It is not ok when that commit is not on the line.
func (r *Repo) Since(head, commit string) (authors []account.Account, ok bool, err error) {
	id, err := parseHash(head)
	if err != nil {
		return nil, false, err
	}
	end, err := parseHash(commit)
	if err != nil {
		return nil, false, err
	}
	for id != end {
		c, err := r.objects.commit(id)
		if err != nil {
			return nil, false, err
		}
		before, more := previous(r.breaks, id, c)
		if !more {
			return nil, false, nil
		}
		authors, id = append(authors, c.author.account()), before
	}
	return authors, true, nil
}
