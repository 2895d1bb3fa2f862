package schema

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// OneOf lists words for a message, shortened when there are many; "" for none.
func OneOf(words []string) string {
	const most = 24
	if len(words) > most {
		return fmt.Sprintf("one of %s, … (%d in all)", strings.Join(words[:most], ", "), len(words))
	}
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return "one of " + strings.Join(words, ", ")
}

// DidYouMean is the mend for a misspelt word, or "" where none of the words is near.
func DidYouMean(found string, words []string) string {
	best := Nearest(found, words)
	if best == "" {
		return ""
	}
	return fmt.Sprintf("did you mean `%s`?", best)
}

// Nearest is the word that was probably meant, or "" where none of them is near.
func Nearest(found string, words []string) string {
	best, limit := "", max(1, utf8.RuneCountInString(found)/3)+1
	for _, w := range slices.Sorted(slices.Values(words)) {
		if d := distance(strings.ToLower(found), strings.ToLower(w)); d < limit {
			best, limit = w, d
		}
	}
	return best
}

// sure reports whether a word is so near to what was found, and no other, that a program may
// write it: the same but for case, spaces and dashes, or one slip in a word of five letters
// or more. Everything else is a guess, for people to make.
func sure(found, meant string, words []string) bool {
	flat := strings.NewReplacer(" ", "", "-", "", "_", "")
	if strings.EqualFold(flat.Replace(found), flat.Replace(meant)) {
		return true
	}
	if utf8.RuneCountInString(found) < 5 || distance(strings.ToLower(found), strings.ToLower(meant)) > 1 {
		return false
	}
	return !slices.ContainsFunc(words, func(w string) bool {
		return w != meant && distance(strings.ToLower(found), strings.ToLower(w)) <= 1
	})
}

// distance counts the letters to insert, delete, replace or swap with the next one.
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	rows := make([][]int, len(s)+1)
	for i := range rows {
		rows[i] = make([]int, len(t)+1)
		rows[i][0] = i
	}
	for j := range t {
		rows[0][j+1] = j + 1
	}
	for i := range s {
		for j := range t {
			rows[i+1][j+1] = min(rows[i][j+1]+1, rows[i+1][j]+1, rows[i][j]+differ(s[i], t[j]))
			if i > 0 && j > 0 && s[i] == t[j-1] && s[i-1] == t[j] {
				rows[i+1][j+1] = min(rows[i+1][j+1], rows[i-1][j-1]+1)
			}
		}
	}
	return rows[len(s)][len(t)]
}

func differ(a, b rune) int {
	if a == b {
		return 0
	}
	return 1
}
