// Package account turns "login#id" into an account on the forge, and tells whether two are
// the same.
package account

import (
	"fmt"
	"strconv"
	"strings"
)

// An Account is somebody on the forge. The numeric ID is the identity: it survives a
// change of login and is never given to another. A Login alone is somebody's word.
type Account struct {
	ID    int64  `json:"id"`             // 0: not known
	Login string `json:"login"`          // "" when only the ID is known
	Type  string `json:"type,omitempty"` // "User", "Bot", "Organization"; "" when not known
}

// Known reports whether anything at all is known of the account.
func (a Account) Known() bool { return a.ID != 0 || a.Login != "" }

// Is reports whether two accounts are the same: by ID where both have one, else by login.
func (a Account) Is(b Account) bool {
	if a.ID != 0 && b.ID != 0 {
		return a.ID == b.ID
	}
	return a.Login != "" && strings.EqualFold(a.Login, b.Login)
}

// String is the login, or #id when the login is not known.
func (a Account) String() string {
	if a.Login == "" && a.ID != 0 {
		return "#" + strconv.FormatInt(a.ID, 10)
	}
	return a.Login
}

// Parse reads "login#id", the form that rights are written in.
func Parse(s string) (Account, error) {
	login, id, ok := strings.Cut(s, "#")
	n, err := strconv.ParseInt(id, 10, 64)
	if !ok || login == "" || err != nil || n <= 0 {
		return Account{}, fmt.Errorf("%q is not an account: expected login#numeric-id, such as example-admin#1", s)
	}
	return Account{Login: login, ID: n}, nil
}
