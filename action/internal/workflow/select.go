package workflow

import "strings"

// Select reads the texts at a path such as `assignees[].person` out of a record's values:
// `[]` goes through a list. What is absent, or is not text, is left out.
func Select(values map[string]any, path string) []string {
	if path == "" {
		return nil
	}
	return selectFrom(values, strings.Split(path, "."))
}

func selectFrom(v any, steps []string) []string {
	if len(steps) == 0 {
		if s, ok := v.(string); ok && s != "" {
			return []string{s}
		}
		return nil
	}
	m, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	name, through := strings.CutSuffix(steps[0], "[]")
	if !through {
		return selectFrom(m[name], steps[1:])
	}
	list, _ := m[name].([]any)
	var out []string
	for _, e := range list {
		out = append(out, selectFrom(e, steps[1:])...)
	}
	return out
}

// Text is the text of a top-level field, or "".
func Text(values map[string]any, field string) string {
	s, _ := values[field].(string)
	return s
}
