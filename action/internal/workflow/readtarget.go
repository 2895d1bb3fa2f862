package workflow

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/schema"
	"github.com/commrel/liaison/action/internal/worktime"
)

// target reads one target.
func (r *reader) target(name string, raw *rawTarget) {
	at := func(key string) []string { return []string{"targets", name, key} }
	k := r.def.Kind(raw.Of)
	if k == nil {
		r.report(finding.Finding{Rule: "unknown-kind", Found: fmt.Sprintf("there is no kind `%s`", raw.Of), Expected: schema.OneOf(r.kindNames()), Fix: schema.DidYouMean(raw.Of, r.kindNames())}, at("of")...)
		return
	}
	before := len(r.findings)
	t := &Target{
		Name: name, Of: k, Where: r.condition(k, raw.Where, at("where")),
		Start: r.trigger(k, raw.Start, at("start")), Stop: r.trigger(k, raw.Stop, at("stop")),
		Repeat: Repeat(cmp.Or(raw.Repeat, string(First))), SelfFiled: cmp.Or(raw.SelfFiled, "met"),
		Responder: r.responder(k, raw.Responder, at("responder")),
		Goal:      percent(raw.Goal), Words: raw.Goal,
	}
	t.Pause = k.statesWhere(func(s State) bool { return s.Paused })
	if raw.Pause != nil {
		t.Pause = r.states(k, *raw.Pause, at("pause"))
	}
	r.cases(t, raw)
	if len(r.findings) == before {
		r.never(t, at)
	}
	r.def.Targets = append(r.def.Targets, t)
}

// cases reads how long the records have: each case, and then the target's own time for all
// others, if it has one.
func (r *reader) cases(t *Target, raw *rawTarget) {
	for i, c := range raw.Cases {
		at := func(key string) []string { return []string{"targets", t.Name, "cases", fmt.Sprint(i), key} }
		read := r.timing(c, raw.rawCase, at)
		read.Where = r.condition(t.Of, c.Where, at("where"))
		t.Cases = append(t.Cases, read)
	}
	at := func(key string) []string { return []string{"targets", t.Name, key} }
	switch {
	case raw.Within != "":
		own := r.timing(raw.rawCase, raw.rawCase, at)
		t.Within, t.Cases = own.Within, append(t.Cases, own)
	case len(raw.Cases) == 0:
		p := r.doc.Key("targets", t.Name)
		r.findings = append(r.findings, finding.Finding{Rule: "missing-key", Path: r.doc.Path, Line: p.Line, Column: p.Column,
			Found: fmt.Sprintf("the target `%s` has no `within`", t.Name), Expected: "the time that it allows, or `cases` with one each"})
	}
}

// timing reads a case; what it leaves out is as in the target.
func (r *reader) timing(raw, target rawCase, at func(string) []string) *Case {
	c := &Case{}
	var err error
	if c.Within, err = worktime.ParseDuration(raw.Within); err != nil {
		r.report(finding.Finding{Rule: "duration", Found: err.Error()}, at("within")...)
	}
	warn := raw.Warn
	if warn == nil {
		warn = target.Warn
	}
	if warn != nil {
		for _, w := range *warn {
			c.Warn = append(c.Warn, percent(w))
		}
	}
	name := cmp.Or(raw.Calendar, target.Calendar, always)
	if c.Calendar = r.def.Calendar(name); c.Calendar == nil && name != always {
		r.unknownCalendar(name, at("calendar"))
		return c
	}
	if err == nil {
		r.fits(c, at("within"))
	}
	return c
}

// fits finds a duration that its calendar cannot measure, or says nothing about.
func (r *reader) fits(c *Case, at []string) {
	switch {
	case c.Within.Business() && c.Calendar == nil:
		r.report(finding.Finding{Rule: "duration", Found: fmt.Sprintf("%q needs working hours, and the calendar here is `%s`", c.Within.Words, always),
			Expected: "a line `calendar: …` with one that stands under `calendars`"}, at...)
	case !c.Within.Business() && c.Calendar != nil:
		r.report(finding.Finding{Rule: "duration", Found: fmt.Sprintf("%q counts every hour of every day, and the calendar `%s` does not", c.Within.Words, c.Calendar.Name),
			Expected: "business hours or business days, or `calendar: " + always + "`"}, at...)
	}
}

// responder reads whose response counts: a role, or a word that stands for none.
func (r *reader) responder(k *Kind, name string, at []string) string {
	switch {
	case name == "" || name == Human && r.def.roles[name] == nil:
		return ""
	case name == Assignee && r.def.roles[name] == nil:
		if k.Assignees == "" {
			r.report(finding.Finding{Rule: "unknown-role", Found: fmt.Sprintf("nobody is ever assigned to a %s", k.Name),
				Expected: fmt.Sprintf("a line `assignees: …` under the kind `%s`, with the path of who is on it", k.Name)}, at...)
		}
		return name
	}
	r.needRole(k, name, at)
	return name
}

func (r *reader) trigger(k *Kind, s string, at []string) Trigger {
	t, err := parseTrigger(s)
	if err != nil {
		r.report(finding.Finding{Rule: "trigger", Found: err.Error()}, at...)
	}
	if t.Event == "moved" && k.Status == "" && len(k.States) == 0 {
		r.report(finding.Finding{Rule: "trigger", Found: fmt.Sprintf("a %s never moves", k.Name), Expected: fmt.Sprintf("a line `status: …` under the kind `%s`, or another event", k.Name)}, at...)
		return t
	}
	for _, name := range t.To {
		if _, known := k.State(name); !known {
			r.unknownState(k, name, at)
		}
	}
	return t
}

// percent reads "80%" as 0.8; the schema has checked the form.
func percent(s string) float64 {
	n, _ := strconv.ParseFloat(strings.TrimSuffix(s, "%"), 64)
	return n / 100
}

// condition compiles which records are meant. It must not ask for the state, which the
// clock's own start and stop change: then whether there is a clock would hang on what the
// clock says.
func (r *reader) condition(k *Kind, text string, at []string) *Expr {
	e := r.expr(text, k, at...)
	if e != nil && k.Status != "" && slices.Contains(e.reads, k.Status) {
		r.report(finding.Finding{Rule: "circular-where", Found: fmt.Sprintf("this condition asks for `record.%s`, the state, which moves while the clock runs", k.Status),
			Expected: "fields that say what the record is about; states belong under `start`, `stop` and `pause`"}, at...)
	}
	return e
}
