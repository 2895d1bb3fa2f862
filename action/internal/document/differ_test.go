package document_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/commrel/liaison/action/internal/document"
	yamlv3 "go.yaml.in/yaml/v3"
)

// sameAsNodes: what yaml v3's nodes say, from which positions come, is what was read. They
// differ on the words that YAML 1.1 takes for booleans, and on nothing else: each such
// scalar is told as ambiguous.
func sameAsNodes(t *testing.T, src []byte, doc *document.Document) {
	t.Helper()
	var root yamlv3.Node
	if err := yamlv3.Unmarshal(src, &root); err != nil {
		t.Fatalf("%q: yaml v3 refuses it: %v", src, err)
	}
	told := map[string]bool{}
	for _, a := range doc.Ambiguous() {
		if a.Kind == "boolean" {
			told[strings.Join(a.Path, "\x00")] = true
		}
	}
	want := valueOf(t, root.Content[0], nil, told)
	js, err := json.Marshal(want)
	if err != nil {
		t.Fatalf("%q: %v", src, err)
	}
	var loose any
	if err := json.Unmarshal(js, &loose); err != nil {
		t.Fatal(err)
	}
	if got, want := asJSON(t, doc.Value), asJSON(t, loose); !bytes.Equal(got, want) {
		t.Fatalf("%q: %s, but yaml v3 reads %s", src, got, want)
	}
}

func valueOf(t *testing.T, n *yamlv3.Node, path []string, told map[string]bool) any {
	t.Helper()
	switch n.Kind {
	case yamlv3.MappingNode:
		out := map[string]any{}
		for i := 0; i < len(n.Content); i += 2 {
			k := n.Content[i].Value
			out[k] = valueOf(t, n.Content[i+1], append(slices.Clone(path), k), told)
		}
		return out
	case yamlv3.SequenceNode:
		out := make([]any, len(n.Content))
		for i, c := range n.Content {
			out[i] = valueOf(t, c, append(slices.Clone(path), strconv.Itoa(i)), told)
		}
		return out
	}
	if told[strings.Join(path, "\x00")] {
		return slices.Contains([]string{"y", "yes", "on"}, strings.ToLower(n.Value))
	}
	if n.Tag == "!!timestamp" || n.Tag == "!!str" {
		return n.Value
	}
	var v any
	if err := n.Decode(&v); err != nil {
		t.Fatalf("%q: %v", n.Value, err)
	}
	return v
}

func TestAmbiguousScalars(t *testing.T) {
	for _, s := range []string{"no", "On", "y", "N", "012", "1_000", "1.10", "1e3", "0x1F", "0o14", "+1", ".5", "5.", "2026-3-5", "2026-03-14 10:00:00", "2026-03-14T10:00:00Z"} {
		if got := parse(t, "a: [x, "+s+"]\n").Ambiguous(); len(got) != 1 || got[0].Written != s || strings.Join(got[0].Path, ".") != "a.1" {
			t.Errorf("%s: %v", s, got)
		}
	}
	for _, s := range []string{"'no'", "\"1.10\"", "1", "-5", "0", "1.5", "0.25", "2026-03-14", "true", "null", "~", "1:30", "none", "v1.10", "12:30"} {
		if got := parse(t, "a: "+s+"\n").Ambiguous(); len(got) != 0 {
			t.Errorf("%s: %v", s, got)
		}
	}
}
