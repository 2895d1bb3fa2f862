package report

import (
	"io"
	"strconv"
	"strings"

	"github.com/commrel/liaison/action/internal/review"
	"github.com/commrel/liaison/action/internal/worktime"
)

// CSV writes a line for each quarter and target, and one for each group of it, which `by` and
// `group` then name. A cell is empty where there is no such figure; seconds are of the
// calendars' working time, and words where several cannot be compared.
func (r Review) CSV(w io.Writer) error {
	rows := [][]string{{"quarter", "target", "by", "group", "met", "breached", "breached_open", "running", "paused", "void", "unknown", "self_filed",
		"attainment", "interval_low", "interval_high", "small_sample", "provisional", "evidence", "calendars",
		"median_seconds", "median_answered", "median_of", "median_without_self_filed_seconds",
		"p50_seconds", "p75_seconds", "p90_seconds", "p95_seconds", "percentiles_answered", "percentiles_of",
		"main", "witness", "as_of", "engine", "definition"}}
	for i, q := range r.Quarters {
		for _, a := range r.Results[i] {
			rows = append(rows, r.row(q, a, "", ""))
			for _, s := range a.Splits {
				for _, p := range s.Parts {
					rows = append(rows, r.row(q, p.Attainment, s.By, p.Name))
				}
			}
		}
	}
	return writeCSV(w, rows)
}

func (r Review) row(q worktime.Quarter, a review.Attainment, by, group string) []string {
	l := figuresLineOf(a)
	row := []string{q.Name, a.Target.Name, by, group}
	for _, n := range []int{l.Met, l.Breached, l.Open, l.Running, l.Paused, l.Void, l.Unknown, l.SelfFiled} {
		row = append(row, strconv.Itoa(n))
	}
	row = append(row, shareCells(l)...)
	row = append(row, strconv.FormatBool(l.SmallSample), strconv.FormatBool(l.Provisional), l.Evidence, strings.Join(l.Calendars, " "),
		lengthCell(a, l.Median.Seconds, l.Median.Answered), strconv.Itoa(l.Median.Answered), strconv.Itoa(l.Median.Of), lengthCell(a, l.Others.Seconds, l.Others.Answered))
	for _, p := range l.Waits.Percentiles {
		row = append(row, lengthCell(a, p.Seconds, l.Waits.Of))
	}
	return append(row, strconv.Itoa(l.Waits.Answered), strconv.Itoa(l.Waits.Of), r.Main, r.Witness, stamp(r.AsOf), r.Engine, r.Definition)
}

// shareCells are the share and its interval, 0 to 1.
func shareCells(l figuresLine) []string {
	if l.Attainment == nil {
		return []string{"", "", ""}
	}
	number := func(f float64) string { return strconv.FormatFloat(f, 'f', 4, 64) }
	return []string{number(*l.Attainment), number(l.Interval.Low), number(l.Interval.High)}
}

// lengthCell is a length over so many clocks in seconds, or why there is none.
func lengthCell(a review.Attainment, seconds *int64, clocks int) string {
	if clocks > 0 && a.Mixed() {
		return mixed
	}
	return optionalNumber(seconds)
}

func optionalNumber(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(*n, 10)
}
