package command

import (
	"fmt"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/workflow"
)

// assign is the one command that leads to no state.
const assign = "assign"

// permitted are the commands that may be obeyed in a state, one line each: how each is
// written, where it leads, and whom the definition lets make that move.
func permitted(k *workflow.Kind, from string) []string {
	var out []string
	for _, word := range k.CommandNames() {
		state, _ := k.StateFor(word)
		moves := k.LandedMoves(from, state.Name)
		byItself := len(moves) > 0 && moves[0].Automatic()
		if state.Name == from || byItself || len(moves) == 0 && len(k.Moves) > 0 {
			continue
		}
		out = append(out, usage(k, from, word)+fmt.Sprintf(" leads to `%s`%s", state.Name, by(WhoMay(k, from, state.Name))))
	}
	if list, _, isList := strings.Cut(k.Assignees, "[]"); isList {
		out = append(out, usage(k, from, assign)+" puts people on it"+by(k.Owners[list]))
	}
	return out
}

// usage is how a command is written: with the words that its move needs, or with accounts.
func usage(k *workflow.Kind, from, word string) string {
	state, leads := k.StateFor(word)
	s := "/" + word
	if moves := k.LandedMoves(from, state.Name); leads && len(moves) > 0 && len(moves[0].Needs) > 0 {
		for _, field := range moves[0].Needs {
			s += " " + strings.ToUpper(strings.ReplaceAll(field, "_", " "))
		}
	} else {
		s += " @login…"
	}
	return "`" + s + "`"
}

// WhoMay are the roles whose holders may move a record from one state to another by a
// landed change, which a command is; none where everybody may.
func WhoMay(k *workflow.Kind, from, to string) []string {
	var roles []string
	for _, m := range k.LandedMoves(from, to) {
		if len(m.By) == 0 {
			return nil
		}
		for _, role := range m.By {
			if !slices.Contains(roles, role) {
				roles = append(roles, role)
			}
		}
	}
	return roles
}

func by(roles []string) string {
	if len(roles) == 0 {
		return ""
	}
	return ", by " + strings.Join(roles, " or ")
}

// noMove says why a command leads nowhere, and what would lead there instead.
func noMove(k *workflow.Kind, from, to string) string {
	why := fmt.Sprintf("no command leads from `%s` to `%s`", from, to)
	for _, m := range k.Moves {
		if len(m.Events) > 0 && slices.Contains(m.From, from) && slices.Contains(m.To, to) {
			return fmt.Sprintf("%s: that happens when its pull request is %s%s", why, strings.Join(m.Events, " or "), by(m.By))
		}
	}
	return why
}
