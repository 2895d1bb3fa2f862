package report

import (
	"math"

	"github.com/commrel/liaison/action/internal/review"
)

// figuresLine are the figures of some clocks of one target as JSON.
type figuresLine struct {
	Met         int           `json:"met"`
	Breached    int           `json:"breached"`
	Open        int           `json:"breached_open"`
	Pending     int           `json:"pending"`
	Running     int           `json:"running"`
	Paused      int           `json:"paused"`
	Void        int           `json:"void"`
	Unknown     int           `json:"unknown"`
	SelfFiled   int           `json:"self_filed"`
	Attainment  *float64      `json:"attainment"` // null: n/a, nothing was decided
	Interval    *intervalPair `json:"interval"`   // null likewise
	SmallSample bool          `json:"small_sample"`
	Provisional bool          `json:"provisional"`
	Evidence    string        `json:"evidence"` // null grade of nothing is "n/a"
	Calendars   []string      `json:"calendars"`
	Median      statLine      `json:"median"`
	Others      statLine      `json:"median_without_self_filed"`
	Waits       waitsLine     `json:"waits"`
}

// intervalPair is rounded to ten-thousandths: more would say more than is known.
type intervalPair struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

type statLine struct {
	Seconds  *int64 `json:"seconds"` // null: nothing was answered, or by different calendars
	Answered int    `json:"answered"`
	Of       int    `json:"of"`
}

type waitsLine struct {
	Method      string           `json:"method"`
	Percentiles []percentileLine `json:"percentiles"`
	Answered    int              `json:"answered"`
	Of          int              `json:"of"`
}

type percentileLine struct {
	Percentile int    `json:"percentile"`
	Seconds    *int64 `json:"seconds"` // null: not reached, or by different calendars
}

type splitLine struct {
	By    string     `json:"by"`
	Parts []partLine `json:"parts"`
}

type partLine struct {
	Name string `json:"name"`
	None bool   `json:"none"` // the name is none that a record says
	figuresLine
}

func splitLineOf(s review.Split) splitLine {
	l := splitLine{By: s.By}
	for _, p := range s.Parts {
		l.Parts = append(l.Parts, partLine{p.Name, p.None, figuresLineOf(p.Attainment)})
	}
	return l
}

func figuresLineOf(a review.Attainment) figuresLine {
	l := figuresLine{
		Met: a.Met, Breached: a.Breached, Open: a.Open, Pending: a.Pending(), Running: a.Running, Paused: a.Paused, Void: a.Void,
		Unknown: a.Unknown, SelfFiled: a.SelfFiled, SmallSample: a.Small(), Provisional: a.Provisional(), Evidence: "n/a",
		Calendars: append([]string{}, a.Calendars...), Median: statLineOf(a, a.Median), Others: statLineOf(a, a.Others), Waits: waitsLineOf(a),
	}
	if share, ok := a.Share(); ok {
		low, high := a.Interval()
		l.Attainment, l.Evidence, l.Interval = &share, a.Evidence.String(), &intervalPair{rounded(low), rounded(high)}
	}
	return l
}

func rounded(share float64) float64 { return math.Round(share*10000) / 10000 }

func statLineOf(a review.Attainment, s review.Stat) statLine {
	l := statLine{Answered: s.Answered, Of: s.Of}
	if s.Answered > 0 && !a.Mixed() {
		n := seconds(s.Time)
		l.Seconds = &n
	}
	return l
}

func waitsLineOf(a review.Attainment) waitsLine {
	w := a.Waits
	l := waitsLine{Method: "kaplan-meier", Answered: w.Answered, Of: w.Of}
	for _, p := range w.Percentiles {
		line := percentileLine{Percentile: p.Of}
		if p.Reached && !a.Mixed() {
			n := seconds(p.Time)
			line.Seconds = &n
		}
		l.Percentiles = append(l.Percentiles, line)
	}
	return l
}
