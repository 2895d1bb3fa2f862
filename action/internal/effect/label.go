package effect

import (
	"slices"
	"strings"
)

// Label is the label that issues of a kind carry.
func (k Kind) Label() Label {
	switch k {
	case Breach:
		return Label{"liaison: late", "b60205", "A promise of the desk is broken and waits to be kept"}
	case Refused:
		return Label{"liaison: refused", "d93f0b", "Something landed that has no effect: its author may not do it"}
	case Alarm:
		return Label{"liaison: to look at", "d93f0b", "Something that a person should look at"}
	case Risk:
		return Label{"liaison: at risk", "fbca04", "Promises of the desk that are running out of time"}
	}
	return Label{"liaison: report", "0e8a16", "Were the promises of the desk kept?"}
}

// hasLabel finds a label, whose case GitHub does not tell apart.
func hasLabel(labels []string, name string) bool {
	return slices.ContainsFunc(labels, func(l string) bool { return strings.EqualFold(l, name) })
}

// with are labels together with those that are wanted; those that people added stay.
func with(labels, wanted []string) []string {
	out := slices.Clone(labels)
	for _, name := range wanted {
		if !hasLabel(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// missingLabels creates the labels that effects put on issues and that do not exist yet.
func missingLabels(issues []Effect, existing []string) []Effect {
	var out []Effect
	for _, kind := range kinds() {
		label := kind.Label()
		uses := slices.ContainsFunc(issues, func(e Effect) bool {
			return e.Open != nil && hasLabel(e.Open.Labels, label.Name) || e.Update != nil && hasLabel(e.Update.Labels, label.Name)
		})
		if uses && !hasLabel(existing, label.Name) {
			out = append(out, Effect{Label: &label})
		}
	}
	return out
}
