package workflow

import (
	"maps"
	"slices"
)

// StateFor is the state that a command in a comment leads to: the one that the definition
// names for it; else the state of that name, or the state whose name it becomes with the
// ending d, ed or n: `accept` leads to `accepted`, `withdraw` to `withdrawn`.
func (k *Kind) StateFor(command string) (State, bool) {
	if named, ok := k.Commands[command]; ok {
		return k.State(named)
	}
	for _, ending := range []string{"", "d", "ed", "n"} {
		if i := slices.IndexFunc(k.States, func(s State) bool { return s.Name == command+ending }); i >= 0 {
			return k.States[i], true
		}
	}
	return State{}, false
}

// CommandNames are the words that StateFor knows, sorted: those of the definition, and the
// states that none of them leads to.
func (k *Kind) CommandNames() []string {
	out := slices.Collect(maps.Keys(k.Commands))
	for _, s := range k.States {
		if !slices.Contains(slices.Collect(maps.Values(k.Commands)), s.Name) && k.Commands[s.Name] == "" {
			out = append(out, s.Name)
		}
	}
	slices.Sort(out)
	return out
}

// commands reads the words of comments that lead to states.
func (r *reader) commands(k *Kind, raw rawKind) {
	k.Commands = map[string]string{}
	for _, word := range r.doc.Keys("kinds", k.Name, "commands") {
		state := raw.Commands[word]
		if _, known := k.State(state); !known {
			r.unknownState(k, state, []string{"kinds", k.Name, "commands", word})
		}
		k.Commands[word] = state
	}
}
