package worktime_test

import (
	"strings"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/law"
	"github.com/commrel/liaison/action/internal/worktime"
	"pgregory.net/rapid"
)

func TestTheQuarterOfAnInstant(t *testing.T) {
	tests := []struct {
		name, zone, at string
		first          time.Month
		want           string
	}{
		{"a year from July begins in July", "UTC", "2026-07-01T00:00:00Z", time.July, "2026-27-q1"},
		{"the last instant of June belongs to the year before", "UTC", "2026-06-30T23:59:59Z", time.July, "2025-26-q4"},
		{"January is in the third quarter of a year from July", "UTC", "2027-01-15T00:00:00Z", time.July, "2026-27-q3"},
		{"a year from January is named by itself", "UTC", "2026-07-01T00:00:00Z", time.January, "2026-q3"},
		{"December closes a year from January", "UTC", "2026-12-31T23:59:59Z", time.January, "2026-q4"},
		{"the desk's zone decides at the border", "Europe/Berlin", "2026-06-30T22:30:00Z", time.July, "2026-27-q1"},
		{"and on the other side of the world", "America/Los_Angeles", "2026-07-01T06:30:00Z", time.July, "2025-26-q4"},
		{"a century ends in two zeros", "UTC", "2099-08-01T00:00:00Z", time.July, "2099-00-q1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := worktime.Fiscal{First: tt.first, Zone: zone(t, tt.zone)}
			q := f.At(instant(t, tt.at))
			if q.Name != tt.want || !q.Contains(instant(t, tt.at)) {
				t.Errorf("At(%s) = %+v, want %s", tt.at, q, tt.want)
			}
		})
	}
}

func TestAQuarterBeginsAndEndsInTheDesksZone(t *testing.T) {
	q, err := worktime.Fiscal{First: time.July, Zone: zone(t, "Europe/Berlin")}.Parse("2026-27-q2")
	if err != nil {
		t.Fatal(err)
	}
	start, end := instant(t, "2026-09-30T22:00:00Z"), instant(t, "2026-12-31T23:00:00Z")
	if !q.Start.Equal(start) || !q.End.Equal(end) {
		t.Errorf("the quarter is %v to %v, want %v to %v", q.Start, q.End, start, end)
	}
	if q.Contains(end) || !q.Contains(start) {
		t.Error("a quarter has its start and not its end")
	}
}

func TestTheNameOfAnotherDesksQuarterIsRefused(t *testing.T) {
	tests := []struct {
		name, quarter string
		first         time.Month
		reason        string
	}{
		{"a calendar year where the year begins in July", "2026-q1", time.July, "expected 2026-27-q1"},
		{"two years where the year begins in January", "2026-27-q1", time.January, "expected 2026-q1"},
		{"two years that do not follow each other", "2026-28-q1", time.July, "expected 2026-27-q1"},
		{"a fifth quarter", "2026-27-q5", time.July, "such as 2026-27-q1, or current"},
		{"capital letters", "2026-27-Q1", time.July, "such as 2026-27-q1, or current"},
		{"more than a name", "2026-27-q1 ", time.July, "such as 2026-27-q1, or current"},
		{"nothing", "", time.January, "such as 2026-q1, or current"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q, err := worktime.Fiscal{First: tt.first, Zone: time.UTC}.Parse(tt.quarter)
			if err == nil || !strings.Contains(err.Error(), tt.reason) {
				t.Errorf("Parse(%q) = %v, %v; want a reason that says %q", tt.quarter, q, err, tt.reason)
			}
		})
	}
}

func anyFiscal(t *rapid.T) worktime.Fiscal {
	z, err := time.LoadLocation(rapid.SampledFrom([]string{"UTC", "Europe/Berlin", "America/Los_Angeles", "Asia/Kathmandu", "Pacific/Apia", "America/Sao_Paulo"}).Draw(t, "zone"))
	if err != nil {
		t.Fatal(err)
	}
	return worktime.Fiscal{First: time.Month(rapid.IntRange(1, 12).Draw(t, "first month")), Zone: z}
}

func TestAQuarterIsFoundAgainByItsName(t *testing.T) {
	law.Check(t, func(t *rapid.T) {
		f := anyFiscal(t)
		at := time.Unix(rapid.Int64Range(-30_000_000_000, 200_000_000_000).Draw(t, "at"), 0)
		q := f.At(at)
		if !q.Contains(at) {
			t.Fatalf("At(%v) = %+v", at, q)
		}
		if again, err := f.Parse(q.Name); err != nil || again != q {
			t.Fatalf("Parse(%q) = %+v, %v; want %+v", q.Name, again, err, q)
		}
	})
}

func TestQuartersTileTimeWithoutAGap(t *testing.T) {
	law.Check(t, func(t *rapid.T) {
		f := anyFiscal(t)
		q := f.At(time.Unix(rapid.Int64Range(0, 8_000_000_000).Draw(t, "at"), 0))
		next := f.After(q)
		if !q.Start.Before(q.End) || !next.Start.Equal(q.End) || f.Before(next) != q {
			t.Fatalf("after %+v comes %+v, before which is %+v", q, next, f.Before(next))
		}
	})
}
