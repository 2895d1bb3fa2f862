package gitrepo

import (
	"strconv"
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/account"
)

// A person is who an author or committer line names, and when.
type person struct {
	name, mail string
	time       time.Time // UTC; zero when it cannot be read
}

// parsePerson reads "Name <mail> seconds zone". A line with more than one pair of brackets
// may still give a time, as it does for git, but no name.
func parsePerson(s string) person {
	p := person{time: parseTime(s[strings.LastIndex(s, ">")+1:])}
	if strings.Count(s, "<") == 1 && strings.Count(s, ">") == 1 {
		name, rest, _ := strings.Cut(s, "<")
		p.name = strings.TrimSpace(name)
		p.mail, _, _ = strings.Cut(rest, ">")
	}
	return p
}

// parseTime reads " seconds zone", in seconds since 1970. It is the zero time for anything
// below zero or after the year 9999, and for a zone that is nowhere on Earth.
func parseTime(s string) time.Time {
	const lastSecond = 253402300799 // 9999-12-31T23:59:59Z
	s, lead := strings.CutPrefix(s, " ")
	digits, zone, _ := strings.Cut(s, " ")
	seconds, err := strconv.ParseUint(digits, 10, 63)
	if !lead || err != nil || seconds > lastSecond || !isZone(zone) {
		return time.Time{}
	}
	return time.Unix(int64(seconds), 0).UTC()
}

// isZone reports whether s is a sign, two digits of hours, at most 14, and two of minutes.
func isZone(s string) bool {
	if len(s) != 5 || s[0] != '+' && s[0] != '-' {
		return false
	}
	n, err := strconv.ParseUint(s[1:], 10, 16)
	return err == nil && n <= 1400 && n%100 < 60
}

// account is whom a GitHub noreply address names: login@users.noreply.github.com, or with the
// numeric id before it. Any other address names nobody. It is the committer's word, no more.
func (p person) account() account.Account {
	user, domain, _ := strings.Cut(p.mail, "@")
	if strings.ToLower(domain) != "users.noreply.github.com" {
		return account.Account{}
	}
	a := account.Account{Login: user}
	if digits, login, ok := strings.Cut(a.Login, "+"); ok {
		id, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || id <= 0 || digits[0] == '+' {
			return account.Account{}
		}
		a.ID, a.Login = id, login
	}
	name, bot := strings.CutSuffix(a.Login, "[bot]")
	if !isLogin(name) {
		return account.Account{}
	}
	if bot {
		a.Type = "Bot"
	}
	return a
}

// isLogin reports whether s is made of what logins are made of. The underscore is for
// accounts that an enterprise manages.
func isLogin(s string) bool {
	for _, c := range []byte(s) {
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return s != "" && s[0] != '-'
}
