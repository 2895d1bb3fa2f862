package schema

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/pattern"
	"github.com/santhosh-tekuri/jsonschema/v5"
)

var (
	yearFirst = pattern.Of(`^([0-9]{4})([-/. ])([0-9]{1,2})([-/. ])([0-9]{1,2})$`)
	yearLast  = pattern.Of(`^([0-9]{1,2})([-/. ])([0-9]{1,2})([-/. ])([0-9]{4})$`)
	joined    = pattern.Of(`^(20[0-9]{2})([0-9]{2})([0-9]{2})$`)
	dayFirst  = pattern.Of(`^([0-9]{1,2})(?:st|nd|rd|th)?\.?[ -]+(?:of )?(\p{L}+)\.?,?[ -]+([0-9]{4})$`)
	monthName = pattern.Of(`^(\p{L}+)\.? +([0-9]{1,2})(?:st|nd|rd|th)?,? +([0-9]{4})$`)
)

// isoDate is the day that a text surely means, as 2026-03-05. Where the day and the month
// could be either, it is "" and both readings are given.
func isoDate(text string) (iso string, either []string) {
	text = strings.Join(strings.Fields(text), " ")
	if m := yearFirst().FindStringSubmatch(text); m != nil && m[2] == m[4] {
		return day(m[1], m[3], m[5]), nil
	}
	if m := joined().FindStringSubmatch(text); m != nil {
		return day(m[1], m[2], m[3]), nil
	}
	if m := dayFirst().FindStringSubmatch(text); m != nil {
		return day(m[3], monthNumber(m[2]), m[1]), nil
	}
	if m := monthName().FindStringSubmatch(text); m != nil {
		return day(m[3], monthNumber(m[1]), m[2]), nil
	}
	m := yearLast().FindStringSubmatch(text)
	if m == nil || m[2] != m[4] {
		return "", nil
	}
	european, american := day(m[5], m[3], m[1]), day(m[5], m[1], m[3])
	switch {
	case european == "" || european == american:
		return american, nil
	case american == "":
		return european, nil
	}
	return "", []string{european, american}
}

// day is a date of the calendar, or "".
func day(year, month, day string) string {
	y, _ := strconv.Atoi(year)
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(day)
	if t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC); t.Year() != y || int(t.Month()) != m || t.Day() != d {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", y, m, d)
}

// monthNumber is the number of an English month's name or its first three or more letters.
func monthNumber(name string) string {
	name = strings.ToLower(name)
	for m := time.January; m <= time.December; m++ {
		full := strings.ToLower(m.String())
		if len(name) >= 3 && strings.HasPrefix(full, name) || name == "sept" && m == time.September {
			return strconv.Itoa(int(m))
		}
	}
	return ""
}

// wantsDate reports whether a date is one of the things that a schema asks for.
func wantsDate(s *jsonschema.Schema) bool {
	for ; s != nil; s = s.Ref {
		if s.Format == "date" {
			return true
		}
		for _, list := range [][]*jsonschema.Schema{s.AnyOf, s.OneOf} {
			for _, branch := range list {
				if branch.Format == "date" {
					return true
				}
			}
		}
	}
	return false
}
