package report_test

import (
	"bytes"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/golden"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/commrel/liaison/action/internal/review"
	"github.com/commrel/liaison/action/internal/workflow"
	"github.com/commrel/liaison/action/internal/worktime"
)

func markdownOf(t *testing.T, r report.Review) string {
	t.Helper()
	var b bytes.Buffer
	if err := r.Markdown(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestReviewsInEveryFace(t *testing.T) {
	one, empty, bare := aReview(), aReview(), aReview()
	one.Quarters, one.Results, one.Web, one.Witness = one.Quarters[1:2], one.Results[1:2], "", ""
	empty.Quarters, empty.Results, empty.Alarms, empty.Backdated, empty.Main, empty.Witness = nil, nil, nil, nil, "", ""
	bare.Quarters, bare.Results, bare.Alarms = bare.Quarters[:2], [][]review.Attainment{{}, {}}, nil
	for _, test := range []struct {
		name, golden string
		review       report.Review
	}{
		{"several quarters", "all", aReview()},
		{"one quarter, with no witness and no web address", "one", one},
		{"no quarter and no history", "empty", empty},
		{"a desk that promised nothing", "bare", bare},
	} {
		t.Run(test.name, func(t *testing.T) {
			golden.Check(t, test.golden+".md", markdownOf(t, test.review))
			var js bytes.Buffer
			if err := test.review.JSON(&js); err != nil {
				t.Fatal(err)
			}
			golden.Check(t, test.golden+".json", js.String())
			var csv bytes.Buffer
			if err := test.review.CSV(&csv); err != nil {
				t.Fatal(err)
			}
			golden.Check(t, test.golden+".csv", csv.String())
			golden.Check(t, test.golden+".html", pageOf(t, test.review))
			validate(t, "report", js.Bytes())
		})
	}
}

// cohort is a report on one target of one quarter over clocks.
func cohort(target *workflow.Target, clocks ...clock.Clock) report.Review {
	q := fiscal.At(monday)
	return report.Review{Inputs: inputs, Desk: "D", Zone: time.UTC, Quarters: []worktime.Quarter{q},
		Results: [][]review.Attainment{review.Quarter([]*workflow.Target{target}, clocks, q, asOf)}}
}

// many are n kept and m late clocks.
func many(n, m int) []clock.Clock {
	var out []clock.Clock
	for range n {
		out = append(out, answer(filed("k", "K", response, monday, 1), 1))
	}
	for range m {
		out = append(out, late(filed("l", "L", response, monday, 1)))
	}
	return out
}

func TestAQuarterThatIsNotOverIsReachedSoFarOnly(t *testing.T) {
	r := cohort(response, many(7, 0)...)
	r.AsOf = r.Quarters[0].End.Add(-day)
	r.Results[0] = review.Quarter([]*workflow.Target{response}, many(7, 0), r.Quarters[0], r.AsOf)
	out := markdownOf(t, r)
	for _, want := range []string{"**7 of 7 kept** so far (100 %), goal 100 %, reached so far.", "| 100 % (7 of 7), provisional |"} {
		if !strings.Contains(out, want) {
			t.Errorf("expected %q in\n%s", want, out)
		}
	}
}

// working makes a clock count so many hours of a calendar.
func working(c clock.Clock, calendar string, hours float64) clock.Clock {
	c.Case = &workflow.Case{Within: worktime.Duration{WorkDays: 5, Words: "5 business days"}, Calendar: &worktime.Calendar{Name: calendar}}
	c.Elapsed = time.Duration(hours * float64(time.Hour))
	return c
}

func TestWorkingTimeIsSaidInHours(t *testing.T) {
	asked := filed("k", "K", response, monday, 1)
	r := cohort(response, working(answer(asked, 3), "office", 24.5), working(late(answer(asked, 20)), "office", 112.04), working(late(asked), "office", 310))
	out := markdownOf(t, r)
	for _, want := range []string{"| 310 working hours so far |", "| 112 working hours |", "| 68.3 working hours (2 of 3) |", "| 112 working hours | not reached |"} {
		if !strings.Contains(out, want) {
			t.Errorf("expected %q in\n%s", want, out)
		}
	}
	if said := regexp.MustCompile(`[0-9] days`).FindAllString(strings.ReplaceAll(out, "within 7 days", ""), -1); len(said) > 1 { // the 7 days of the promise
		t.Errorf("days in\n%s", out)
	}
}

func TestLengthsByDifferentCalendarsAreNotCompared(t *testing.T) {
	asked := filed("k", "K", response, monday, 1)
	berlin, dakar, always := working(answer(asked, 3), "berlin", 24), working(answer(asked, 3), "dakar", 24), answer(asked, 3)
	lost := unknown(working(asked, "dakar", 1), "nobody knows")
	for _, test := range []struct {
		name   string
		clocks []clock.Clock
		mixed  bool
	}{
		{"two offices", []clock.Clock{berlin, dakar}, true},
		{"working and wall time", []clock.Clock{always, berlin}, true},
		{"one that waits counts too", []clock.Clock{always, working(asked, "berlin", 24)}, true},
		{"one office", []clock.Clock{berlin, working(answer(asked, 4), "berlin", 32)}, false},
		{"an unknown one is in no figure", []clock.Clock{berlin, lost}, false},
		{"all time", []clock.Clock{always, always}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			const want = "n/a (counted by different calendars)"
			r := cohort(response, test.clocks...)
			var js, csv bytes.Buffer
			if err := errors.Join(r.JSON(&js), r.CSV(&csv)); err != nil {
				t.Fatal(err)
			}
			validate(t, "report", js.Bytes())
			for face, out := range map[string]string{"md": markdownOf(t, r), "html": pageOf(t, r), "csv": csv.String()} {
				if strings.Contains(out, want) != test.mixed {
					t.Errorf("%s says\n%s", face, out)
				}
			}
			if regexp.MustCompile(`"seconds": [0-9]`).MatchString(js.String()) == test.mixed {
				t.Errorf("JSON says\n%s", js.String())
			}
		})
	}
}

func TestAShareIsRoundedButNeverToAllOrNone(t *testing.T) {
	tests := []struct {
		name      string
		met, late int
		want      string
	}{
		{"all", 9, 0, "100 % (9 of 9)"},
		{"none", 0, 3, "0 % (0 of 3)"},
		{"all but one of many is not all", 1999, 1, "99.9 % (1999 of 2000)"},
		{"a third", 1, 2, "33.3 % (1 of 3)"},
		{"two thirds are rounded", 2, 1, "66.7 % (2 of 3)"},
		{"a number that floats get wrong", 29, 71, "29 % (29 of 100)"},
		{"a whole number has no decimal", 4, 1, "80 % (4 of 5)"},
		{"next to nothing", 1, 1999, "0.1 % (1 of 2000)"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if out := markdownOf(t, cohort(response, many(test.met, test.late)...)); !strings.Contains(out, "| "+test.want+" |") {
				t.Errorf("expected %q in\n%s", test.want, out)
			}
		})
	}
}

func TestNothingShortOfAllIsAllAndTheGoalIsComparedExactly(t *testing.T) {
	for n := 1; n <= 60; n++ {
		for m := 0; m <= n; m++ {
			out := markdownOf(t, cohort(resource, retarget(resource, many(m, n-m))...))
			if all := strings.Contains(out, "(100 %)"); all != (m == n) {
				t.Errorf("%d of %d prints 100 %%: %t", m, n, all)
			}
			if reached := strings.Contains(out, "80 %, reached"); reached != (10*m >= 8*n) {
				t.Errorf("%d of %d reached 80 %%: %t", m, n, reached)
			}
		}
	}
}

func retarget(target *workflow.Target, clocks []clock.Clock) []clock.Clock {
	for i := range clocks {
		clocks[i].Target = target
	}
	return clocks
}

func TestDaysRoundHalfUp(t *testing.T) {
	tests := []struct {
		name string
		took time.Duration
		want string
	}{
		{"nothing", 0, "0.0 days"},
		{"less than half a tenth", 72*time.Minute - 1, "0.0 days"},
		{"half a tenth", 72 * time.Minute, "0.1 days"},
		{"one day", day, "1.0 days"},
		{"a tenth below", day - 73*time.Minute, "0.9 days"},
		{"nearly seven days", 7*day - time.Second, "7.0 days"},
		{"sixty years", 60 * 365 * day, "21900.0 days"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := answer(filed("k", "K", response, monday, 1), 0)
			c.Elapsed = test.took
			if out := markdownOf(t, cohort(response, c)); !strings.Contains(out, "| "+test.want+" (1 of 1) |") {
				t.Errorf("expected %q in\n%s", test.want, out)
			}
		})
	}
}

func TestANoteExplainsAMedianOfNothing(t *testing.T) {
	own, others := selfFiled(filed("o", "O", response, monday, 1)), answer(filed("k", "K", response, monday, 1), 3)
	tests := []struct {
		name   string
		clocks []clock.Clock
		want   bool
	}{
		{"none self-filed", []clock.Clock{others}, false},
		{"half of them", []clock.Clock{own, others}, false},
		{"more than half", []clock.Clock{own, own, others}, true},
		{"all", []clock.Clock{own}, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := strings.Contains(markdownOf(t, cohort(response, test.clocks...)), `**first response**: "0" indicates that most of the requests were filed by`); got != test.want {
				t.Errorf("noted: %t", got)
			}
		})
	}
}

func TestQuartersAreSaidInTheDesksZone(t *testing.T) {
	zone := time.FixedZone("UTC+2", 2*3600)
	r := cohort(response)
	r.Zone, r.Quarters[0] = zone, worktime.Fiscal{First: time.July, Zone: zone}.At(monday)
	if out := markdownOf(t, r); !strings.Contains(out, "1 July 2026 to 30 September 2026.") {
		t.Errorf("it says\n%s", out)
	}
}

// nasty are texts with which somebody may try something.
var nasty = []string{
	"@everyone", "see #12 and GH-12", "<script>alert(1)</script>", "<!--", "[x](https://evil.example)", "`", "```", "a `b` c", "|", "a\\|b", "\\", "\n\n# Heading",
	"a\r\n| b | c |\n", "\x1b[31m", "\u202eevil", "www.evil.example", "GH-7 in words", "deadbeef", "*a* _b_", "a\x00b", " ", "\xff", "=1+1", "\t", "😀 日本",
}

var (
	rows     = regexp.MustCompile(`(?m)^\|.*$`)
	address  = regexp.MustCompile(`\]\(https://github\.com/example-org/example-desk/(pull/\d+|commit/[0-9a-f]{40})\)`)
	ownWords = regexp.MustCompile(`^[A-Za-z0-9 .,:;'"()|*%÷+=?/\[\]-]*$`)
	links    = regexp.MustCompile(`(?i)www\.|gh-\d|://|[0-9a-f]{7}`)
)

func FuzzForeignTextDoesNothingInAReport(f *testing.F) {
	for i, s := range nasty {
		f.Add(s, nasty[(i+1)%len(nasty)])
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, title, words string) {
		c := ended(filed("x", title, response, monday, 24), 30, words)
		c.Record.ID = words
		r := cohort(response, c, late(c))
		r.Results[0] = review.Quarter([]*workflow.Target{response}, []clock.Clock{c, late(c)}, r.Quarters[0], asOf, named(title))
		r.Web = "https://github.com/example-org/example-desk"
		r.Alarms = []event.Alarm{{Time: monday, Record: title, Words: words}}
		out := markdownOf(t, r)
		for _, line := range strings.Split(out, "\n") {
			harmless(t, line)
		}
		for _, row := range rows.FindAllString(out, -1) {
			if bars := strings.Count(strings.ReplaceAll(row, `\|`, ""), "|"); bars != 14 && bars != 13 && bars != 9 && bars != 6 && bars != 4 {
				t.Errorf("a row of %d bars: %q", bars, row)
			}
		}
		if n := strings.Count(out, "\n"); n != strings.Count(markdownOf(t, harmlessTwin(r)), "\n") {
			t.Errorf("foreign text adds lines:\n%s", out)
		}
	})
}

// named puts every clock in one group.
func named(group string) review.Way {
	return review.Way{By: "group", Kind: "request", Groups: func(clock.Clock) []review.Group { return []review.Group{{Name: group}} }}
}

// harmlessTwin is the same report about a record called x.
func harmlessTwin(r report.Review) report.Review {
	c := ended(filed("x", "x", response, monday, 24), 30, "x")
	twin := cohort(response, c, late(c))
	twin.Results[0] = review.Quarter([]*workflow.Target{response}, []clock.Clock{c, late(c)}, r.Quarters[0], asOf, named("x"))
	twin.Alarms, twin.Web = []event.Alarm{{Time: monday, Record: "x", Words: "x"}}, r.Web
	return twin
}

// harmless wants nothing but our own words outside of code.
func harmless(t *testing.T, line string) {
	outside, ok := withoutCode(line)
	words := strings.NewReplacer("<br>", "", "[#24]", "").Replace(address.ReplaceAllString(outside, "]"))
	if words = strings.TrimLeft(words, "#"); !ok || !ownWords.MatchString(words) || links.MatchString(words) {
		t.Errorf("foreign text outside of code: %q in %q", words, line)
	}
	if strings.ContainsAny(line, "\x00\x1b\r") {
		t.Errorf("a control character: %q", line)
	}
}

var ticks = regexp.MustCompile("`+")

// withoutCode takes a line's code spans out, as CommonMark reads them.
func withoutCode(line string) (outside string, ok bool) {
	for {
		at := ticks.FindStringIndex(line)
		if at == nil {
			return outside + line, true
		}
		outside += line[:at[0]]
		fence, rest := line[at[0]:at[1]], line[at[1]:]
		end := -1
		for _, m := range ticks.FindAllStringIndex(rest, -1) {
			if m[1]-m[0] == len(fence) {
				end = m[1]
				break
			}
		}
		if end < 0 {
			return outside, false
		}
		line = rest[end:]
	}
}

func TestTheReportSaysWhoKeptGitHubsRecord(t *testing.T) {
	for _, tt := range []struct {
		name    string
		witness string
		keeper  account.Account
		want    string
	}{
		{"the account of every workflow run", "abc", account.Account{ID: 41898282, Login: "github-actions[bot]"}, "whoever may push a branch could have written it too"},
		{"an App", "abc", account.Account{ID: 7, Login: "example-liaison[bot]"}, "kept by `example-liaison[bot]`; how well"},
		{"nobody who is known", "abc", account.Account{}, ""},
		{"no witness", "", account.Account{ID: 7, Login: "example-liaison[bot]"}, ""},
	} {
		var b strings.Builder
		if err := (report.Review{Inputs: report.Inputs{Witness: tt.witness}, Keeper: tt.keeper}).Markdown(&b); err != nil {
			t.Fatal(err)
		}
		if said := strings.Contains(b.String(), "GitHub's record was kept"); said != (tt.want != "") || !strings.Contains(b.String(), tt.want) {
			t.Errorf("%s: the report ends\n%s", tt.name, b.String())
		}
	}
}
