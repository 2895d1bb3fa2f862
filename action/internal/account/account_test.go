package account_test

import (
	"testing"

	"github.com/commrel/liaison/action/internal/account"
)

func TestAccounts(t *testing.T) {
	if got, err := account.Parse("liaison[bot]#100"); err != nil || got != (account.Account{ID: 100, Login: "liaison[bot]"}) {
		t.Errorf("Parse = %+v, %v", got, err)
	}
	for _, s := range []string{"", "a", "a#", "#1", "a#0", "a#-1", "a#x", "a#1#2", "a#99999999999999999999"} {
		if got, err := account.Parse(s); err == nil {
			t.Errorf("Parse(%q) = %+v", s, got)
		}
	}
	names := map[string]account.Account{"a": {Login: "a", ID: 1}, "#1": {ID: 1}, "": {}}
	for want, a := range names {
		if got := a.String(); got != want || a.Known() != (want != "") {
			t.Errorf("%+v is called %q, known: %v", a, got, a.Known())
		}
	}
}
