package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"time"
)

// A pair is two commands that answer the same question; ours is measured against theirs.
type pair struct {
	name         string
	ours, theirs []string
	reach        float64      // the ratio that is wanted; 0: none
	before       func() error // puts right what ours changes, before each of its runs; nil: nothing to do
}

// A sample is one run of a command as a whole process.
type sample struct {
	wall, cpu time.Duration
	peak      int64 // KiB of memory; 0 where the system does not tell
}

// A measure is what several runs of a pair came to.
type measure struct {
	pair
	wall, rivalWall []float64 // seconds
	ratios          []float64 // of wall time, run by run
	cpuRatios       []float64
	peak, rivalPeak int64
}

// run measures a pair: after one run of each that does not count, the two in turn, so that
// what else the machine does meets both alike.
func (p pair) run(runs int) (m measure, err error) {
	m.pair = p
	for i := range runs + 1 {
		if p.before != nil {
			if err := p.before(); err != nil {
				return m, err
			}
		}
		a, err := once(p.ours)
		if err != nil {
			return m, err
		}
		b, err := once(p.theirs)
		if err != nil {
			return m, err
		}
		if i == 0 {
			continue
		}
		m.wall, m.rivalWall = append(m.wall, a.wall.Seconds()), append(m.rivalWall, b.wall.Seconds())
		m.ratios = append(m.ratios, float64(a.wall)/float64(b.wall))
		m.cpuRatios = append(m.cpuRatios, float64(a.cpu)/float64(b.cpu))
		m.peak, m.rivalPeak = max(m.peak, a.peak), max(m.rivalPeak, b.peak)
	}
	return m, nil
}

// once runs a command; what it prints is thrown away by the system.
func once(args []string) (sample, error) {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull)
	var said bytes.Buffer
	cmd.Stderr = &said
	began := time.Now()
	err := cmd.Run()
	wall := time.Since(began)
	if err != nil {
		return sample{}, fmt.Errorf("%q: %w\n%s", args, err, said.String())
	}
	return sample{wall, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), peakOf(cmd.ProcessState)}, nil
}

func median(list []float64) float64 {
	s := slices.Sorted(slices.Values(list))
	if n := len(s); n%2 == 0 {
		return (s[n/2-1] + s[n/2]) / 2
	}
	return s[len(s)/2]
}

const heading = `| question | ours, s | theirs, s | ours ÷ theirs | least – most | of processor time | peak, MiB | wanted |
|---|---|---|---|---|---|---|---|`

// row is one line of the table.
func (m measure) row() string {
	wanted := ""
	if m.reach > 0 {
		wanted = fmt.Sprintf("≤ %.3g", m.reach)
	}
	return fmt.Sprintf("| %s | %.3f | %.3f | **%.3f** | %.3f – %.3f | %.3f | %d / %d | %s |", m.name, median(m.wall), median(m.rivalWall),
		median(m.ratios), slices.Min(m.ratios), slices.Max(m.ratios), median(m.cpuRatios), m.peak>>10, m.rivalPeak>>10, wanted)
}
