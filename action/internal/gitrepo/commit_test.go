package gitrepo

import (
	"strings"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/account"
)

func TestTheTimeOfACommit(t *testing.T) {
	l := newLab(t)
	tree := l.rawTree("100644", "x.yaml", l.gitInput("x", "hash-object", "-w", "--stdin"))
	author := "author Ann <a@example.org> 1000000000 +0000\n"
	good := time.Unix(1751360400, 0).UTC()
	cases := []struct {
		name, people string
		want         time.Time
	}{
		{"an ordinary one", author + "committer Bo <b@example.org> 1751360400 +0200\n", good},
		{"a signed one", author + "committer Bo <b@example.org> 1751360400 +0000\ngpgsig -----BEGIN\n committer X <x> 1 +0000\n -----END\n", good},
		{"no name", author + "committer  <> 1751360400 +0000\n", good},
		{"brackets in the name", author + "committer Bo <x> <b@example.org> 1751360400 +0000\n", good},
		{"a second committer", author + "committer Bo <b@example.org> 1751360400 +0000\ncommitter Bo <b@example.org> 1 +0000\n", time.Time{}},
		{"a second author", author + author + "committer Bo <b@example.org> 1751360400 +0000\n", time.Time{}},
		{"a second tree", author + "committer Bo <b@example.org> 1751360400 +0000\ntree " + tree + "\n", time.Time{}},
		{"a parent that comes late", author + "committer Bo <b@example.org> 1751360400 +0000\nparent " + tree + "\n", time.Time{}},
		{"the committer before the author", "committer Bo <b@example.org> 1751360400 +0000\n" + author, time.Time{}},
		{"no committer", author, time.Time{}},
		{"no people", "", time.Time{}},
		{"a negative time", author + "committer Bo <b@example.org> -1 +0000\n", time.Time{}},
		{"a signed time", author + "committer Bo <b@example.org> +1751360400 +0000\n", time.Time{}},
		{"a huge time", author + "committer Bo <b@example.org> 99999999999999999999 +0000\n", time.Time{}},
		{"the first second after the year 9999", author + "committer Bo <b@example.org> 253402300800 +0000\n", time.Time{}},
		{"no time", author + "committer Bo <b@example.org>\n", time.Time{}},
		{"no zone", author + "committer Bo <b@example.org> 1751360400\n", time.Time{}},
		{"a zone of nowhere", author + "committer Bo <b@example.org> 1751360400 +051800\n", time.Time{}},
		{"a zone of too many hours", author + "committer Bo <b@example.org> 1751360400 +9900\n", time.Time{}},
		{"a zone of 75 minutes", author + "committer Bo <b@example.org> 1751360400 +0175\n", time.Time{}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			id := l.rawCommit("tree " + tree + "\n" + c.people + "\nmessage\n")
			r := l.open()
			got, err := r.Time(id)
			if err != nil || !got.Equal(c.want) {
				t.Errorf("%v, %v; want %v", got, err, c.want)
			}
			landings, err := r.History(t.Context(), id, everything, nil)
			if err != nil || !landings[0].Time.Equal(c.want) || len(landings[0].Changes) != 1 {
				t.Errorf("landing %+v, %v", landings, err)
			}
		})
	}
}

func TestACommitWithoutATreeIsAnErrorThatNamesIt(t *testing.T) {
	l := newLab(t)
	for _, text := range []string{"", "hello\n", "parent x\n", "tree 123\n\n", "tree " + strings.Repeat("0", 40) + "\nparent 12\n\n"} {
		id := l.rawCommit(text)
		_, err := l.open().Time(id)
		wantError(t, err, "commit "+id, "malformed")
	}
}

func TestAccountOfAnAddress(t *testing.T) {
	cases := []struct {
		mail string
		want account.Account
	}{
		{"ann@users.noreply.github.com", account.Account{Login: "ann"}},
		{"1234567+Ann-B@users.noreply.github.com", account.Account{ID: 1234567, Login: "Ann-B"}},
		{"49699333+dependabot[bot]@users.noreply.github.com", account.Account{ID: 49699333, Login: "dependabot[bot]", Type: "Bot"}},
		{"ann@USERS.noreply.GitHub.com", account.Account{Login: "ann"}},
		{"7+ann_corp@users.noreply.github.com", account.Account{ID: 7, Login: "ann_corp"}},
		{"ann@example.org", account.Account{}},
		{"noreply@github.com", account.Account{}},
		{"@users.noreply.github.com", account.Account{}},
		{"+ann@users.noreply.github.com", account.Account{}},
		{"0+ann@users.noreply.github.com", account.Account{}},
		{"-1+ann@users.noreply.github.com", account.Account{}},
		{"99999999999999999999+ann@users.noreply.github.com", account.Account{}},
		{"1+2+ann@users.noreply.github.com", account.Account{}},
		{"ann@users.noreply.github.com@users.noreply.github.com", account.Account{}},
		{"ann@users.noreply.github.com.evil.example", account.Account{}},
		{"a b@users.noreply.github.com", account.Account{}},
		{"", account.Account{}},
	}
	for _, c := range cases {
		if got := (person{mail: c.mail}).account(); got != c.want {
			t.Errorf("%q is %+v, want %+v", c.mail, got, c.want)
		}
	}
}

func FuzzParseCommit(f *testing.F) {
	f.Add([]byte("tree " + strings.Repeat("0", 40) + "\nauthor A <a> 1 +0000\ncommitter A <1+a@users.noreply.github.com> 1 +0000\n\nx"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, err := parseCommit(raw, names{})
		if err != nil {
			return
		}
		if at := c.committer.time; !at.IsZero() && (at.Unix() < 0 || at.Year() > 9999) {
			t.Errorf("time %v", at)
		}
		if a := c.committer.account(); a.ID < 0 || a.ID != 0 && a.Login == "" {
			t.Errorf("account %+v", a)
		}
	})
}
