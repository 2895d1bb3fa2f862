// Package report turns one result into its faces, for people (text, Markdown, HTML) and for
// programs (JSON, CSV, NDJSON, SARIF). Foreign text is escaped at this border, for each face in
// its own way.
package report

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/commrel/liaison/action/internal/markdown"
	"github.com/commrel/liaison/action/internal/pattern"
)

// Inputs are what a result is a function of: the same four give the same bytes.
type Inputs struct {
	Main    string    `json:"main"`    // commit
	Witness string    `json:"witness"` // commit; "" for none
	AsOf    time.Time `json:"as_of"`
	Engine  string    `json:"engine"` // version of the program
	// Definition is the SHA-256 of a definition that came from outside of the history; "" for
	// none: what main holds is part of main.
	Definition string `json:"definition,omitempty"`
}

// madeFrom says what a result was made from; code sets off what is none of our words.
func (in Inputs) madeFrom(code func(string) string) string {
	commit := func(id string) string {
		if id == "" {
			return "none"
		}
		return code(short(id))
	}
	from := fmt.Sprintf("Made from: main %s, witness %s, as of %s, engine %s", commit(in.Main), commit(in.Witness), stamp(in.AsOf), in.Engine)
	if in.Definition != "" {
		return from + fmt.Sprintf(", and a definition from elsewhere, SHA-256 %s. The same five give the same result.", code(in.Definition))
	}
	return from + ". The same four give the same result."
}

// madeFromLine finds in a report as Markdown what madeFrom says. It begins a line, as no foreign
// text in a report does: a title may read like it.
var madeFromLine = pattern.Of("(?m)^Made from: main (?:none|`[0-9a-f]+`), witness (?:none|`([0-9a-f]{10,40})`), as of ([0-9TZ:-]+), engine ")

// MadeOn is the witness and the instant that a report as Markdown says it was made from; "" where
// it says none.
func MadeOn(text string) (witness, asOf string) {
	if m := madeFromLine().FindStringSubmatch(text); m != nil {
		return m[1], m[2]
	}
	return "", ""
}

// commit is a commit, in code.
func commit(id string) string {
	if id == "" {
		return "none"
	}
	return markdown.Code(short(id))
}

// envelope is the head of every JSON result.
type envelope struct {
	Version int `json:"version"`
	Inputs
}

// WriteJSON writes v indented, without escaping what only HTML would mind.
func WriteJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// seconds are whole seconds.
func seconds(d time.Duration) int64 { return int64(d / time.Second) }

// stamp is a time as tables print it; "" for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// minute is a time as people read it, in UTC.
func minute(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") }

// days is a length of time in days with one decimal, rounded half up.
func days(d time.Duration) string {
	const tenth = 24 * time.Hour / 10
	tenths := (d + tenth/2) / tenth
	return fmt.Sprintf("%d.%d", tenths/10, tenths%10)
}

// length is a length of time in days of 24 hours or, where it is working time, in hours.
func length(d time.Duration, working bool) string {
	if working {
		return hours(d) + " working hours"
	}
	return days(d) + " days"
}

// hours is a length of time in hours with at most one decimal, rounded half up.
func hours(d time.Duration) string {
	tenths := (d + 3*time.Minute) / (6 * time.Minute)
	if tenths%10 == 0 {
		return fmt.Sprintf("%d", tenths/10)
	}
	return fmt.Sprintf("%d.%d", tenths/10, tenths%10)
}

// percent is a share with at most one decimal, rounded; but nothing short of all is 100, and
// nothing above none is 0.
func percent(part, of int) string {
	tenths := (part*2000 + of) / (2 * of)
	switch {
	case tenths == 1000 && part < of:
		tenths = 999
	case tenths == 0 && part > 0:
		tenths = 1
	}
	if tenths%10 == 0 {
		return fmt.Sprintf("%d %%", tenths/10)
	}
	return fmt.Sprintf("%d.%d %%", tenths/10, tenths%10)
}
