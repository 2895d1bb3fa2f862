package worktime

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"time"
)

// zoneinfo is release 2025c of the IANA time zone database, which is in the public domain, as
// Go packs it (lib/time/zoneinfo.zip). The machine's own would make figures differ from one
// machine to the next.
//
//go:embed zoneinfo.zip
var zoneinfo []byte

// Zone is the time zone of a name in the IANA database, such as Europe/Berlin, by the
// program's own copy of it. Its error says that there is none of that name.
func Zone(name string) (*time.Location, error) {
	if name == "UTC" {
		return time.UTC, nil
	}
	archive, err := zip.NewReader(bytes.NewReader(zoneinfo), int64(len(zoneinfo)))
	if err != nil {
		return nil, fmt.Errorf("the program's time zones: %w", err)
	}
	f, err := archive.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%q is not a time zone", name)
	}
	defer f.Close()
	rules, err := io.ReadAll(f)
	if err != nil {
		return nil, fmt.Errorf("%q is not a time zone", name)
	}
	return time.LoadLocationFromTZData(name, rules)
}
