package workflow

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/worktime"
)

// target reads one target.
func (r *reader) target(name string, raw *rawTarget) {
	at := func(key string) []string { return []string{"targets", name, key} }
	k := r.def.Kind(raw.Of)
	if k == nil {
		r.report(finding.Finding{Rule: "unknown-kind", Found: fmt.Sprintf("there is no kind `%s`", raw.Of), Expected: oneOf(r.kindNames()), Fix: didYouMean(raw.Of, r.kindNames())}, at("of")...)
		return
	}
	t := &Target{
		Name: name, Of: k, Where: r.expr(raw.Where, k, at("where")...),
		Start: r.trigger(k, raw.Start, at("start")), Stop: r.trigger(k, raw.Stop, at("stop")),
		Responder: raw.Responder, SelfFiled: cmp.Or(raw.SelfFiled, "met"),
		Goal: percent(raw.Goal), Words: raw.Goal,
	}
	if raw.Responder != "" {
		r.needRole(k, raw.Responder, at("responder"))
	}
	t.Pause = k.statesWhere(func(s State) bool { return s.Paused })
	if raw.Pause != nil {
		t.Pause = r.states(k, *raw.Pause, at("pause"))
	}
	for _, w := range raw.Warn {
		t.Warn = append(t.Warn, percent(w))
	}
	if c := cmp.Or(raw.Calendar, "always"); c != "always" {
		r.report(finding.Finding{Rule: "calendar", Found: fmt.Sprintf("there is no calendar `%s`", c), Expected: "always"}, at("calendar")...)
	}
	var err error
	if t.Within, err = worktime.ParseDuration(raw.Within); err != nil {
		r.report(finding.Finding{Rule: "duration", Found: err.Error()}, at("within")...)
	}
	r.def.Targets = append(r.def.Targets, t)
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
