package roster

import (
	"fmt"
	"strings"

	"github.com/commrel/liaison/action/internal/workflow"
)

// accounts gives every account one name, so that expressions can compare logins although
// people change theirs and others take over what was released. The first known owner of a
// login keeps it as name; a later owner is called login#id, which no login can be.
type accounts struct {
	byID    map[int64]string
	byLogin map[string]int64 // folded login -> its first owner
}

// newAccounts learns from the best source to the least: roster, administrators, then what
// GitHub saw, oldest first.
func newAccounts(sources ...[]workflow.Account) accounts {
	a := accounts{map[int64]string{}, map[string]int64{}}
	for _, source := range sources {
		for _, acc := range source {
			a.learn(acc)
		}
	}
	return a
}

func (a accounts) learn(acc workflow.Account) {
	if acc.ID == 0 || acc.Login == "" {
		return
	}
	fold := strings.ToLower(acc.Login)
	if _, taken := a.byLogin[fold]; !taken {
		a.byLogin[fold] = acc.ID
	}
	if _, known := a.byID[acc.ID]; known {
		return
	}
	a.byID[acc.ID] = acc.Login
	if a.byLogin[fold] != acc.ID {
		a.byID[acc.ID] = fmt.Sprintf("%s#%d", acc.Login, acc.ID)
	}
}

// name is the one name of an account; "" when nothing is known of it.
func (a accounts) name(acc workflow.Account) string {
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
	return acc.Login
}
