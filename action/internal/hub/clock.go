package hub

import (
	"context"
	"time"
)

// A Clock is what a client waits by. A test gives one that moves on by itself.
type Clock struct {
	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error // ends early, with the reason, when the context does
}

// orMachines is the clock, or the machine's where there is none.
func (c Clock) orMachines() Clock {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Sleep == nil {
		c.Sleep = sleep
	}
	return c
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
