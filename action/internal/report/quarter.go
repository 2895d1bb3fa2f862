package report

import (
	"fmt"
	"io"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/review"
	"github.com/commrel/liaison/action/internal/worktime"
)

// A Review is what a report shows: some quarters of one desk.
type Review struct {
	Inputs
	Desk      string
	Zone      *time.Location // in which quarters begin
	Quarters  []worktime.Quarter
	Results   [][]review.Attainment // for each quarter, for each target
	Unplaced  int                   // clocks that started nobody knows when: they are in no quarter
	Alarms    []event.Alarm
	Backdated []event.Backdated // entries of the roster that landed late and changed a figure
	Keeper    account.Account   // who writes the witness; unknown where no definition says
	Web       string            // address of the repository on its forge, without a slash at the end; "" for none
}

// JSON writes the review, version 2.
func (r Review) JSON(w io.Writer) error {
	type quarter struct {
		Quarter string           `json:"quarter"`
		Start   string           `json:"start"`
		End     string           `json:"end"`
		Targets []attainmentLine `json:"targets"`
	}
	quarters := []quarter{}
	for i, q := range r.Quarters {
		lines := []attainmentLine{}
		for _, a := range r.Results[i] {
			lines = append(lines, r.attainment(a))
		}
		quarters = append(quarters, quarter{q.Name, stamp(q.Start), stamp(q.End), lines})
	}
	return WriteJSON(w, struct {
		envelope
		Desk      string          `json:"desk"`
		Quarters  []quarter       `json:"quarters"`
		Unplaced  int             `json:"unplaced"` // clocks in no quarter: it is not known when they started
		Alarms    []alarmLine     `json:"alarms"`
		Backdated []backdatedLine `json:"backdated"`
	}{envelope{2, r.Inputs}, r.Desk, quarters, r.Unplaced, alarmLines(r.Alarms), backdatedLines(r.Backdated)})
}

// alarmLine is something to look at.
type alarmLine struct {
	Time   string `json:"time"`
	Record string `json:"record"`
	Words  string `json:"words"`
}

func alarmLines(alarms []event.Alarm) []alarmLine {
	out := make([]alarmLine, 0, len(alarms))
	for _, a := range alarms {
		out = append(out, alarmLine{stamp(a.Time), a.Record, a.Words})
	}
	return out
}

type attainmentLine struct {
	Target string   `json:"target"`
	Within string   `json:"within"`
	Goal   *float64 `json:"goal"`
	figuresLine
	Splits   []splitLine `json:"splits"`
	Late     []lateLine  `json:"late"`
	Unknowns []lateLine  `json:"unknown_records"`
}

type lateLine struct {
	clockLine
	Title string `json:"title"`
	Link  string `json:"link"`
}

func (r Review) attainment(a review.Attainment) attainmentLine {
	l := attainmentLine{Target: a.Target.Name, Within: a.Target.Promise(), figuresLine: figuresLineOf(a), Splits: []splitLine{}}
	if a.Target.Words != "" {
		l.Goal = &a.Target.Goal
	}
	for _, s := range a.Splits {
		l.Splits = append(l.Splits, splitLineOf(s))
	}
	l.Late, l.Unknowns = r.listed(a.Late), r.listed(a.Unknowns)
	return l
}

// listed are clocks by name, with a link to what shows their start.
func (r Review) listed(clocks []clock.Clock) []lateLine {
	out := []lateLine{}
	for _, c := range clocks {
		_, link := r.evidence(c.Start)
		out = append(out, lateLine{clockLineOf(c), c.Record.Title, link})
	}
	return out
}

// evidence names what shows an event, and its address.
func (r Review) evidence(e event.Event) (name, link string) { return evidenceAt(r.Web, e) }

// evidenceAt names what shows an event, and its address below that of the repository; ""
// where it has none.
func evidenceAt(web string, e event.Event) (name, link string) {
	switch {
	case e.Pull > 0:
		name, link = fmt.Sprintf("#%d", e.Pull), fmt.Sprintf("/pull/%d", e.Pull)
	case e.Commit != "":
		name, link = short(e.Commit), "/commit/"+e.Commit
	default:
		return "", ""
	}
	if web == "" {
		return name, ""
	}
	return name, web + link
}

func short(commit string) string { return commit[:min(len(commit), 10)] }
