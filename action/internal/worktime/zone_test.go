package worktime_test

import (
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/worktime"
)

func TestAZoneIsThatOfTheDatabase(t *testing.T) {
	for name, want := range map[string]string{
		"UTC": "2026-07-01T12:00:00Z", "Europe/Berlin": "2026-07-01T14:00:00+02:00", "Asia/Kathmandu": "2026-07-01T17:45:00+05:45",
		"Australia/Lord_Howe": "2026-07-01T22:30:00+10:30", "America/Argentina/Buenos_Aires": "2026-07-01T09:00:00-03:00",
	} {
		zone, err := worktime.Zone(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := instant(t, "2026-07-01T12:00:00Z").In(zone).Format(time.RFC3339); got != want || zone.String() != name {
			t.Errorf("%s: %s in %s, want %s", name, got, zone, want)
		}
	}
}

func TestWhatIsNoZoneIsRefused(t *testing.T) {
	for _, name := range []string{"", "Local", "Europe", "europe/berlin", "Europe/Bonn", "../zoneinfo", "/etc/localtime", "Europe/Berlin/"} {
		if zone, err := worktime.Zone(name); err == nil {
			t.Errorf("%q is %v", name, zone)
		}
	}
}
