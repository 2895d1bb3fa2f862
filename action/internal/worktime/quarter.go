package worktime

import (
	"fmt"
	"strconv"
	"time"

	"github.com/commrel/liaison/action/internal/pattern"
)

// A Quarter is a half-open interval of three months of a fiscal year.
type Quarter struct {
	Name       string    // "2026-27-q1"; "2026-q1" where the fiscal year is the calendar year
	Start, End time.Time // UTC; End is the first instant after it
}

// Contains reports whether t is in the quarter.
func (q Quarter) Contains(t time.Time) bool { return !t.Before(q.Start) && t.Before(q.End) }

// A Fiscal is how a desk counts its years: the first month, in a zone.
type Fiscal struct {
	First time.Month
	Zone  *time.Location
}

// At is the quarter that holds t.
func (f Fiscal) At(t time.Time) Quarter {
	y, m, _ := t.In(f.Zone).Date()
	since := (int(m) - int(f.First) + 12) % 12
	if m < f.First {
		y--
	}
	return f.quarter(y, since/3)
}

// Before is the quarter that ends where q starts.
func (f Fiscal) Before(q Quarter) Quarter { return f.At(q.Start.Add(-time.Nanosecond)) }

// After is the quarter that starts where q ends.
func (f Fiscal) After(q Quarter) Quarter { return f.At(q.End) }

// quarter n (0 to 3) of the fiscal year that begins in year.
func (f Fiscal) quarter(year, n int) Quarter {
	start, end := f.firstInstant(year, 3*n), f.firstInstant(year, 3*n+3)
	return Quarter{fmt.Sprintf("%s-q%d", f.yearName(year), n+1), start.UTC(), end.UTC()}
}

// firstInstant is the first instant of a month, counted from the first of the fiscal year.
// Where the clocks skip midnight it is the instant after the gap.
func (f Fiscal) firstInstant(year, month int) time.Time {
	noon := time.Date(year, f.First+time.Month(month), 1, 12, 0, 0, 0, f.Zone)
	t := time.Date(year, f.First+time.Month(month), 1, 0, 0, 0, 0, f.Zone)
	for t.Day() != noon.Day() {
		t = t.Add(15 * time.Minute)
	}
	return t
}

func (f Fiscal) yearName(year int) string {
	if f.First == time.January {
		return strconv.Itoa(year)
	}
	return fmt.Sprintf("%d-%02d", year, (year+1)%100)
}

var quarterName = pattern.Of(`^(\d{4})(?:-\d{2})?-q([1-4])$`)

// Parse reads a quarter's name, such as 2026-27-q1. Its error says what was expected.
func (f Fiscal) Parse(name string) (Quarter, error) {
	m := quarterName().FindStringSubmatch(name)
	if m == nil {
		return Quarter{}, fmt.Errorf("%q is not a quarter; expected a name such as %s, or current, last, all", name, f.quarter(2026, 0).Name)
	}
	year, _ := strconv.Atoi(m[1])
	n, _ := strconv.Atoi(m[2])
	q := f.quarter(year, n-1)
	if q.Name != name {
		return Quarter{}, fmt.Errorf("%q is not a quarter of this desk's fiscal year; expected %s", name, q.Name)
	}
	return q, nil
}
