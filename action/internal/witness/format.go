package witness

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
	p.Records = append([]event.PullRecord{}, p.Records...)
	p.Entries = append([]event.Entry{}, p.Entries...)
	for i := range p.Entries {
		p.Entries[i].At = p.Entries[i].At.UTC()
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(p); err != nil {
		return nil, fmt.Errorf("pull request %d: %w", p.Number, err)
	}
	return b.Bytes(), nil
}

// unmarshal reads exactly one JSON value. Unknown fields are let pass, since the format grows.
func unmarshal(b []byte) (p event.Pull, err error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := d.Decode(&p); err != nil {
		return event.Pull{}, err
	}
	if _, err := d.Token(); err != io.EOF {
		return event.Pull{}, errors.New("there is something after the value")
	}
	for _, r := range p.Records {
		for key, v := range r.Fields {
			r.Fields[key] = plain(v)
		}
	}
	return p, nil
}

// plain gives a record's fields the types that package document gives them: int64 for a
// number that is one, else float64; a number beyond both stays text.
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
