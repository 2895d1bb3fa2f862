package bot

import (
	"fmt"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/hub"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/commrel/liaison/action/internal/workflow"
)

// A Verdict is what is to be said of one pull request.
type Verdict struct {
	Pull    int
	Check   report.Check
	Comment effect.Comment
	Status  effect.Status
}

// strictest gives pull requests with one head one status, since GitHub shows it on all of
// them: the first that fails. Else a stranger's would pass under the name of a liaison's.
func strictest(verdicts []Verdict) {
	failing, shared := map[string]Verdict{}, map[string]int{}
	for _, v := range verdicts {
		shared[v.Status.SHA]++
		if _, known := failing[v.Status.SHA]; !known && v.Check.Failing() {
			failing[v.Status.SHA] = v
		}
	}
	for i, v := range verdicts {
		if f, fails := failing[v.Status.SHA]; fails && shared[v.Status.SHA] > 1 {
			verdicts[i].Status = f.Status
			verdicts[i].Status.Description = fmt.Sprintf("#%d, which has this head too: %s", f.Pull, f.Status.Description)
		}
	}
}

// verdictOn puts what is to be said of a pull request into words.
func verdictOn(p hub.Pull, check report.Check) (Verdict, error) {
	var body strings.Builder
	fmt.Fprintln(&body, effect.GateMarker)
	err := check.Markdown(&body)
	return Verdict{p.Number, check,
		effect.Comment{Thread: p.Number, Body: body.String()},
		effect.Status{SHA: p.Head, State: stateOf(check), Context: statusContext, Description: summaryOf(check)},
	}, err
}

// withoutAuthor are the findings on the pull request of a deleted account. Nobody's rights
// were looked at, so nothing may pass.
func withoutAuthor(fs []finding.Finding) []finding.Finding {
	fs = slices.DeleteFunc(slices.Clone(fs), func(f finding.Finding) bool { return f.Rule == "no-actor" })
	return finding.Sorted(append(fs, finding.Finding{Rule: "no-actor", Path: workflow.Path,
		Found:    "the account that opened the pull request is gone, so there is nobody whose rights could be judged",
		Expected: "an author with an account", Fix: "let somebody who answers for it open it again"}))
}

// statusContext is the name under which GitHub shows the desk's status.
const statusContext = "liaison"

func stateOf(c report.Check) string {
	if c.Failing() {
		return "failure"
	}
	return "success"
}

// summaryOf is the status in one line.
func summaryOf(c report.Check) string {
	n := 0
	for _, f := range c.Findings {
		if f.Severity != finding.Warning {
			n++
		}
	}
	if n > 0 {
		return finding.Count(n, "thing") + " to mend: see the comment"
	}
	if len(c.Outcome) == 0 {
		return "Nothing to mend; merging moves no state"
	}
	return "Nothing to mend; the comment says what merging will do"
}
