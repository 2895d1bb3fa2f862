package clock

import "time"

// Judged is the instant at which it is decided what the record is: when the clock ended or
// fell due, whichever was first, and no later than as-of.
func (c Clock) Judged(asOf time.Time) time.Time {
	at := asOf
	for _, t := range []time.Time{c.Ended, c.Due} {
		if !t.IsZero() && t.Before(at) {
			at = t
		}
	}
	return at
}
