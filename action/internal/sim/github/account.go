package github

import (
	"fmt"
	"strings"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/sim/git"
)

// Account registers somebody; typ is "User" or "Bot". A second call with the same id gives
// the account a new login.
func (w *World) Account(login string, id int64, typ string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	a := account.Account{ID: id, Login: login, Type: typ}
	for i := range w.accounts {
		if w.accounts[i].ID == id {
			w.accounts[i] = a
			return
		}
	}
	w.accounts = append(w.accounts, a)
}

// DeleteAccount takes somebody from GitHub: what they wrote is shown as by ghost, what they
// did as by nobody, and their forks are gone. Its pull requests stay open here.
func (w *World) DeleteAccount(login string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	a, err := w.account(login)
	if err != nil {
		return err
	}
	w.left[a.ID] = true
	return nil
}

// account finds somebody by login.
func (w *World) account(login string) (account.Account, error) {
	for _, a := range w.accounts {
		if strings.EqualFold(a.Login, login) {
			return a, nil
		}
	}
	return account.Account{}, fmt.Errorf("nobody is called %s: register the account first", login)
}

// bot is the first bot that was registered: the one that keeps the witness branch.
func (w *World) bot() (account.Account, error) {
	for _, a := range w.accounts {
		if a.Type == "Bot" {
			return a, nil
		}
	}
	return account.Account{}, fmt.Errorf("no bot to keep the witness branch: register an account of type Bot first")
}

func noReply(a account.Account) git.Who { return git.NoReply(a.Login, a.ID) }

// association is what somebody is to the repository. A world knows no teams: whoever it is
// called after owns it.
func (w *World) association(a account.Account) string {
	if strings.EqualFold(a.Login, w.owner) {
		return "OWNER"
	}
	return "NONE"
}

// ownerAccount is whose repository it is: an organization, unless an account of that name
// was registered.
func (w *World) ownerAccount() account.Account {
	owner, err := w.account(w.owner)
	if err != nil {
		return account.Account{ID: 2, Login: w.owner, Type: "Organization"}
	}
	return owner
}
