package roster_test

import (
	"fmt"
	"io/fs"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/law"
	"github.com/commrel/liaison/action/internal/roster"
	"github.com/commrel/liaison/action/internal/workflow"
	"pgregory.net/rapid"
)

const desk = `desk: Test
timezone: Europe/Berlin
administrators: ["admin#1"]
people: {kind: person, account: github, id: github_id}
kinds:
  request: {files: requests/*.yaml, schema: request.json, requester: requester}
  person: {files: people/*.yaml, schema: person.json}
roles:
  manager: "person.roles.exists(r, r.role == 'manager' && holds(r, at))"
  liaison: "person.roles.exists(r, r.role in ['liaison', 'manager'] && holds(r, at))"
  filer: "actor == record.filer"
  requester: "actor == record.requester"
  team: "lookup('person', record.lead).github == actor"
`

var schemas = map[string]string{
	"request.json": `{"type": "object", "properties": {"requester": {"type": ["string", "object"]}, "lead": {"type": "string"}}}`,
	"person.json": `{"type": "object", "properties": {"github": {"type": "string"}, "github_id": {"type": "integer"}, "roles": {"type": "array", "items":
		{"type": "object", "properties": {"role": {"type": "string"}, "from": {"type": "string"}, "to": {"type": "string"}}}}}}`,
}

func definition(t interface {
	Helper()
	Fatal(...any)
}) *workflow.Definition {
	t.Helper()
	def, findings, err := workflow.Read("liaison.yaml", []byte(desk), func(p string) ([]byte, error) {
		if s, ok := schemas[p]; ok {
			return []byte(s), nil
		}
		return nil, fs.ErrNotExist
	})
	if def == nil {
		t.Fatal(findings, err)
	}
	return def
}

// role is an entry of somebody's record: "liaison 2026-01-01 2026-06-30".
func role(name, from, to string) map[string]any {
	e := map[string]any{"role": name, "from": from}
	if to != "" {
		e["to"] = to
	}
	return e
}

func version(landing int, login string, id int64, roles ...any) roster.Version {
	return roster.Version{Landing: landing, Values: map[string]any{"github": login, "github_id": id, "roles": roles}}
}

func person(versions ...roster.Version) roster.Person { return roster.Person{Versions: versions} }

func user(login string, id int64) account.Account {
	return account.Account{ID: id, Login: login, Type: "User"}
}

var noon = time.Date(2026, 7, 15, 12, 0, 0, 0, time.UTC)

func TestWhatHadLandedDecidesWhatSomebodyMayDo(t *testing.T) {
	liaison := role("liaison", "2026-01-01", "")
	lia := user("lia", 10)
	tests := []struct {
		name        string
		people      []roster.Person
		actor       account.Account
		at          time.Time
		upto        int
		right, fact string
	}{
		{"an entry that had landed gives the right", []roster.Person{person(version(0, "lia", 10, liaison))}, lia, noon, 1, "yes witnessed", "yes witnessed"},
		{"an entry that landed later gives no right, and is somebody's word", []roster.Person{person(version(5, "lia", 10, liaison))}, lia, noon, 5, "no witnessed", "yes claimed"},
		{"an entry that was taken away later gave the right, and is no fact", []roster.Person{person(version(0, "lia", 10, liaison), version(5, "lia", 10))}, lia, noon, 5, "yes witnessed", "no witnessed"},
		{"a person who was removed has no right after that", []roster.Person{person(version(0, "lia", 10, liaison), roster.Version{Landing: 3})}, lia, noon, 4, "no witnessed", "no witnessed"},
		{"a role has begun on the morning of its first day", []roster.Person{person(version(0, "lia", 10, role("liaison", "2026-07-16", "")))}, lia, time.Date(2026, 7, 15, 22, 0, 0, 0, time.UTC), 1, "yes witnessed", "yes witnessed"},
		{"and not an instant earlier", []roster.Person{person(version(0, "lia", 10, role("liaison", "2026-07-16", "")))}, lia, time.Date(2026, 7, 15, 21, 59, 59, 0, time.UTC), 1, "no witnessed", "no witnessed"},
		{"a role has ended on the morning after its last day", []roster.Person{person(version(0, "lia", 10, role("liaison", "2026-01-01", "2026-07-14")))}, lia, noon, 1, "no witnessed", "no witnessed"},
		{"somebody who is not in the roster has no role", []roster.Person{person(version(0, "lia", 10, liaison))}, user("zoe", 11), noon, 1, "no witnessed", "no witnessed"},
		{"whoever renamed their account keeps their roles", []roster.Person{person(version(0, "lia", 10, liaison))}, user("lia-new", 10), noon, 1, "yes witnessed", "yes witnessed"},
		{"whoever took over a login has none of its roles", []roster.Person{person(version(0, "lia", 10, liaison))}, user("lia", 99), noon, 1, "no witnessed", "no witnessed"},
		{"an account known by its login alone is somebody's word", []roster.Person{person(version(0, "lia", 10, liaison))}, account.Account{Login: "LIA"}, noon, 1, "yes claimed", "yes claimed"},
		{"an account read from a commit is somebody's word", []roster.Person{person(version(0, "lia", 10, liaison))}, roster.Claim(lia), noon, 1, "yes claimed", "yes claimed"},
		{"of nobody nothing is known", []roster.Person{person(version(0, "lia", 10, liaison))}, account.Account{}, noon, 1, "no unknown", "no unknown"},
		{"nobody has no role in an empty roster either", nil, lia, noon, 1, "no witnessed", "no witnessed"},
	}
	def := definition(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := roster.New(def, tt.people, nil, nil)
			q := roster.Question{Role: "liaison", Actor: tt.actor, Kind: "request", At: tt.at, Upto: tt.upto}
			if got := words(r.Right(q)); got != tt.right {
				t.Errorf("Right = %s, want %s", got, tt.right)
			}
			if got := words(r.Fact(q)); got != tt.fact {
				t.Errorf("Fact = %s, want %s", got, tt.fact)
			}
		})
	}
}

func words(a roster.Answer) string {
	s := "no"
	if a.Yes {
		s = "yes"
	}
	if a.Err != nil {
		return fmt.Sprint(s, " ", a.Evidence, ": ", a.Err)
	}
	return fmt.Sprint(s, " ", a.Evidence)
}

func TestAdministratorsHoldEveryRoleUntilTheFirstManagerHasLanded(t *testing.T) {
	manager := person(version(3, "mara", 2, role("manager", "2026-01-01", "")))
	sacked := person(version(3, "mara", 2, role("manager", "2026-01-01", "")), version(5, "mara", 2))
	gone := person(version(3, "mara", 2, role("manager", "2026-01-01", "")), roster.Version{Landing: 5})
	liaison := person(version(3, "mara", 2, role("liaison", "2026-01-01", "")))
	admin := user("admin", 1)
	tests := []struct {
		name   string
		people []roster.Person
		actor  account.Account
		upto   int
		want   bool
	}{
		{"nobody is in the roster", nil, admin, 9, true},
		{"the first manager has not landed yet", []roster.Person{manager}, admin, 3, true},
		{"the first manager has landed", []roster.Person{manager}, admin, 4, false},
		{"a liaison is no manager", []roster.Person{liaison}, admin, 4, true},
		{"taking the role away does not bring the administrators back", []roster.Person{sacked}, admin, 9, false},
		{"nor does taking the record away", []roster.Person{gone}, admin, 9, false},
		{"a new login does not matter", nil, user("renamed", 1), 9, true},
		{"the login without the id does not help", nil, user("admin", 77), 9, false},
		{"nor does a login alone", nil, account.Account{Login: "admin"}, 9, false},
		{"nor does an id that only a commit names", nil, roster.Claim(admin), 9, false},
	}
	def := definition(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := roster.New(def, tt.people, nil, nil)
			for _, role := range []string{"liaison", "manager", "filer"} {
				q := roster.Question{Role: role, Actor: tt.actor, Kind: "request", At: noon, Upto: tt.upto}
				if right, fact := r.Right(q), r.Fact(q); right.Yes != tt.want || fact.Yes != tt.want {
					t.Errorf("%s: Right = %v, Fact = %v, want %v", role, right, fact, tt.want)
				}
			}
		})
	}
}

func TestFilerAndRequester(t *testing.T) {
	lia := person(version(0, "lia-old", 10), version(4, "lia", 10))
	thief := person(version(6, "lia-old", 20))
	corrected := person(version(0, "noor", 98), version(1, "noor", 30))
	people := []roster.Person{thief, lia, corrected}
	seen := []account.Account{user("petra", 40), user("petra", 41), user("petra-new", 40)}
	tests := []struct {
		name         string
		role         string
		actor, filer account.Account
		values       map[string]any
		want         bool
	}{
		{"the filer is who opened it", "filer", user("petra", 40), user("petra", 40), nil, true},
		{"and stays so under a new login", "filer", user("petra-new", 40), user("petra", 40), nil, true},
		{"another account with the old login is not", "filer", user("petra", 41), user("petra", 40), nil, false},
		{"an unknown filer is nobody", "filer", user("petra", 40), account.Account{}, nil, false},
		{"an account without a login is not an unknown filer", "filer", account.Account{ID: 55}, account.Account{}, nil, false},
		{"where no requester is named it is the filer", "requester", user("petra", 40), user("petra", 40), nil, true},
		{"a named requester is the one who has the login", "requester", user("petra", 40), user("lia", 10), map[string]any{"requester": "Petra"}, true},
		{"and the filer is not", "requester", user("lia", 10), user("lia", 10), map[string]any{"requester": "petra"}, false},
		{"a login that was released means its first owner", "requester", user("lia", 10), user("x", 9), map[string]any{"requester": "lia-old"}, true},
		{"whoever registered it again gains nothing", "requester", user("lia-old", 20), user("x", 9), map[string]any{"requester": "lia-old"}, false},
		{"nor does a stranger who is not in the roster", "requester", user("lia-old", 21), user("x", 9), map[string]any{"requester": "lia-old"}, false},
		{"an id that was put right is the right one", "requester", user("noor", 30), user("x", 9), map[string]any{"requester": "noor"}, true},
		{"somebody without an account is nobody's login", "requester", user("petra", 40), user("petra", 40), map[string]any{"requester": map[string]any{"name": "P"}}, false},
	}
	def := definition(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := roster.New(def, people, nil, seen)
			q := roster.Question{Role: tt.role, Actor: tt.actor, Filer: tt.filer, Kind: "request", Record: tt.values, At: noon, Upto: 9}
			if got := r.Right(q); got.Yes != tt.want || got.Err != nil {
				t.Errorf("Right = %s, want %v", words(got), tt.want)
			}
		})
	}
}

func TestSameFollowsAnAccountThroughItsLogins(t *testing.T) {
	r := roster.New(definition(t), []roster.Person{person(version(0, "lia-old", 10), version(4, "lia", 10))}, nil, nil)
	tests := []struct {
		name  string
		actor account.Account
		login string
		want  bool
	}{
		{"by the login of today", user("lia", 10), "Lia", true},
		{"by the login of old", user("lia", 10), "lia-old", true},
		{"not by a login that another registered again", user("lia-old", 20), "lia-old", false},
		{"a stranger by the own login", user("zoe", 50), "zoe", true},
		{"nobody is the same as nobody", account.Account{}, "", false},
		{"somebody is not nobody", user("zoe", 50), "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := r.Same(tt.actor, tt.login); got != tt.want {
				t.Errorf("Same(%v, %q) = %v", tt.actor, tt.login, got)
			}
		})
	}
}

func TestExpressionsSeeOneNameForAnAccount(t *testing.T) {
	r := roster.New(definition(t), []roster.Person{person(version(0, "lia-old", 10), version(4, "lia", 10))}, nil, nil)
	got := r.Record("request", map[string]any{"requester": "LIA-OLD", "lead": "x"}, user("lia-old", 10))
	if got["filer"] != "lia" || got["requester"] != "lia" || got["lead"] != "x" {
		t.Errorf("Record = %v", got)
	}
}

func TestARoleThatCannotBeAnsweredIsNo(t *testing.T) {
	lia := person(version(0, "lia", 10))
	def := definition(t)
	q := roster.Question{Role: "team", Actor: user("lia", 10), Kind: "request", Record: map[string]any{"lead": "nobody"}, At: noon, Upto: 1}
	missing := roster.New(def, []roster.Person{lia}, func(string, string) (map[string]any, bool) { return nil, false }, nil)
	if got := missing.Right(q); got.Yes || got.Err == nil {
		t.Errorf("Right = %s, want no, and the reason", words(got))
	}
	found := roster.New(def, []roster.Person{lia}, func(kind, id string) (map[string]any, bool) {
		return map[string]any{"github": "lia"}, kind == "person" && id == "nobody"
	}, nil)
	if got := found.Right(q); !got.Yes {
		t.Errorf("Right = %s, want yes", words(got))
	}
	q.Role = "absent"
	if got := found.Right(q); got.Yes || got.Err != nil {
		t.Errorf("a role that does not exist: %s", words(got))
	}
	q.Role, q.Kind = "team", "person"
	if got := found.Right(q); got.Yes {
		t.Errorf("a role that does not fit the kind: %s", words(got))
	}
}

// TestTakingARoleAwayNeverGivesARight: docs/security.md, "Authority". A role is taken away by
// a landing that drops one entry of somebody's record, or the record.
func TestTakingARoleAwayNeverGivesARight(t *testing.T) {
	def := definition(t)
	law.Check(t, func(t *rapid.T) {
		people := rapid.SliceOfN(rapid.Custom(anyPerson), 1, 3).Draw(t, "people")
		q := roster.Question{
			Role:  rapid.SampledFrom([]string{"manager", "liaison", "filer", "requester"}).Draw(t, "role"),
			Actor: anyAccount(t, "actor"), Filer: anyAccount(t, "filer"), Kind: "request",
			Record: map[string]any{"requester": rapid.SampledFrom([]any{nil, "admin", "lia", "zoe"}).Draw(t, "requester")},
			At:     noon.AddDate(0, rapid.IntRange(-3, 3).Draw(t, "months"), 0), Upto: 100,
		}
		before := roster.New(def, people, nil, nil).Right(q)
		whose := rapid.IntRange(0, len(people)-1).Draw(t, "whose")
		after := roster.New(def, without(t, people, whose), nil, nil).Right(q)
		if after.Yes && !before.Yes {
			t.Fatalf("%+v: no before, yes after the role of %d was taken away", q, whose)
		}
	})
}

func anyAccount(t *rapid.T, name string) account.Account {
	return user(rapid.SampledFrom([]string{"admin", "lia", "zoe"}).Draw(t, name), rapid.Int64Range(1, 3).Draw(t, name+" id"))
}

func anyPerson(t *rapid.T) roster.Person {
	var p roster.Person
	a := anyAccount(t, "person")
	for landing := range rapid.IntRange(1, 3).Draw(t, "versions") {
		var roles []any
		for range rapid.IntRange(0, 2).Draw(t, "roles") {
			from := noon.AddDate(0, rapid.IntRange(-4, 4).Draw(t, "from"), 0).Format(time.DateOnly)
			roles = append(roles, role(rapid.SampledFrom([]string{"manager", "liaison", "watcher"}).Draw(t, "role"), from, ""))
		}
		p.Versions = append(p.Versions, version(landing, a.Login, a.ID, roles...))
	}
	return p
}

// without adds a landing that takes one entry, or everything, out of one record.
func without(t *rapid.T, people []roster.Person, whose int) []roster.Person {
	out := append([]roster.Person(nil), people...)
	versions := out[whose].Versions
	last := versions[len(versions)-1].Values
	left := roster.Version{Landing: 50}
	if roles := last["roles"].([]any); len(roles) > 0 && rapid.Bool().Draw(t, "one entry") {
		drop := rapid.IntRange(0, len(roles)-1).Draw(t, "entry")
		kept := append(append([]any(nil), roles[:drop]...), roles[drop+1:]...)
		left = version(50, last["github"].(string), last["github_id"].(int64), kept...)
	}
	out[whose].Versions = append(append([]roster.Version(nil), versions...), left)
	return out
}
