package witness

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/commrel/liaison/action/internal/event"
)

// Version is the version of the format that is written, and the newest that is read.
const Version = 1

// Path is where the pull request of a number is kept.
func Path(n int) string { return fmt.Sprintf("pulls/%d/%d.json", n/1000, n) }

// number is the pull request that a path is for; ok is false where Path gives no such path.
func number(path string) (n int, ok bool) {
	name := path[strings.LastIndex(path, "/")+1:]
	n, err := strconv.Atoi(strings.TrimSuffix(name, ".json"))
	return n, err == nil && n > 0 && Path(n) == path
}

// Marshal writes a pull request in the one form that its file has: JSON with two spaces of
// indentation, a line break at the end, lists never null, times in UTC. Entries keep their
// order. What it writes Read reads back; it refuses a time that JSON cannot hold.
func Marshal(p event.Pull) ([]byte, error) {
	p = utc(p)
	p.Records = append([]event.PullRecord{}, p.Records...)
	for i := range p.Records {
		p.Records[i].Since = p.Records[i].Since.UTC()
	}
	b, err := canonical(p)
	if err != nil {
		return nil, fmt.Errorf("pull request %d: %w", p.Number, err)
	}
	return b, nil
}

// utc is a pull request with its times as they are written.
func utc(p event.Pull) event.Pull {
	p.Updated = p.Updated.UTC()
	p.Entries = append([]event.Entry{}, p.Entries...)
	for i := range p.Entries {
		p.Entries[i].At = p.Entries[i].At.UTC()
	}
	p.Former = slices.Clone(p.Former)
	for i := range p.Former {
		p.Former[i].Since, p.Former[i].Until = p.Former[i].Since.UTC(), p.Former[i].Until.UTC()
	}
	p.Redacted = slices.Clone(p.Redacted)
	for i := range p.Redacted {
		p.Redacted[i].At = p.Redacted[i].At.UTC()
	}
	return p
}

// canonical is JSON in the form that every file of the branch has.
func canonical(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Parse reads a pull request's file whole, to be grown and written again: every entry stays
// where it is, even one that is no evidence. It refuses a file that would lose something,
// since it is of another version, of another pull request, or has fields that are not known.
func Parse(path string, b []byte) (event.Pull, error) {
	var p event.Pull
	if err := single(b, &p, (*json.Decoder).DisallowUnknownFields); err != nil {
		return event.Pull{}, fmt.Errorf("%s: JSON that cannot be written again as it is: %w", path, err)
	}
	switch n, ok := number(path); {
	case p.Version != Version:
		return event.Pull{}, fmt.Errorf("%s: version %d; this program writes version %d", path, p.Version, Version)
	case !ok || p.Number != n:
		return event.Pull{}, fmt.Errorf("%s: the number %d in the file is not that of its name", path, p.Number)
	}
	return typed(p), nil
}

// unmarshal reads a pull request. Unknown fields are let pass, since the format grows.
func unmarshal(b []byte) (p event.Pull, err error) {
	if err := single(b, &p); err != nil {
		return event.Pull{}, err
	}
	return typed(p), nil
}

// single reads exactly one JSON value.
func single(b []byte, v any, settings ...func(*json.Decoder)) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	for _, set := range settings {
		set(d)
	}
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("there is something after the value")
	}
	return nil
}

// typed gives the fields of records the types that package document gives them.
func typed(p event.Pull) event.Pull {
	for _, r := range slices.Concat(p.Records, p.Former) {
		for key, v := range r.Fields {
			r.Fields[key] = plain(v)
		}
	}
	return p
}

// plain is a number as int64 where it is one, else as float64; a number beyond both stays
// text.
func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key := range v {
			v[key] = plain(v[key])
		}
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		if f, err := v.Float64(); err == nil {
			return f
		}
		return v.String()
	}
	return v
}
