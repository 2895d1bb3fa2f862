package roster

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/account"
)

// accounts gives every account one name, so that expressions can compare logins although
// people change theirs and others take over what was released. The first known owner of a
// login keeps it as name; a later owner is called login#id, which no login can be.
type accounts struct {
	byID    map[int64]string
	byLogin map[string]int64 // folded login -> its first owner
}

// A naming is a login that a record of the roster names, and the landing since which it
// does.
type naming struct {
	account.Account
	since int
}

// newAccounts learns from the roster, the newest names of each record first, and then from
// the others, oldest first. Of two records the one that named a login earlier owns it.
func newAccounts(roster []naming, others []account.Account) accounts {
	a := accounts{map[int64]string{}, map[string]int64{}}
	earliest := slices.Clone(roster)
	slices.SortStableFunc(earliest, func(x, y naming) int { return cmp.Compare(x.since, y.since) })
	for _, acc := range slices.Concat(accountsOf(earliest), others) {
		if login := strings.ToLower(acc.Login); acc.ID != 0 && login != "" && a.byLogin[login] == 0 {
			a.byLogin[login] = acc.ID
		}
	}
	for _, acc := range slices.Concat(accountsOf(roster), others) {
		if acc.ID != 0 && acc.Login != "" && a.byID[acc.ID] == "" {
			a.byID[acc.ID] = a.name(acc)
		}
	}
	return a
}

func accountsOf(namings []naming) []account.Account {
	out := make([]account.Account, len(namings))
	for i, c := range namings {
		out[i] = c.Account
	}
	return out
}

// name is the one name of an account; "" when nothing is known of it.
func (a accounts) name(acc account.Account) string {
	if acc.ID == 0 {
		if id, ok := a.byLogin[strings.ToLower(acc.Login)]; ok {
			return a.byID[id]
		}
		return acc.Login
	}
	if name, ok := a.byID[acc.ID]; ok {
		return name
	}
	if owner, taken := a.byLogin[strings.ToLower(acc.Login)]; taken && owner != acc.ID {
		return fmt.Sprintf("%s#%d", acc.Login, acc.ID)
	}
	return acc.String()
}
