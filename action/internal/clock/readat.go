package clock

import "time"

// ReadAt is the instant at which the record is read for it: when the clock ended or
// fell due, whichever was first, and no later than as-of.
func (c Clock) ReadAt(asOf time.Time) time.Time {
	at := asOf
	for _, t := range []time.Time{c.Ended, c.Due} {
		if !t.IsZero() && t.Before(at) {
			at = t
		}
	}
	return at
}
