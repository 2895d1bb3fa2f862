package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/commrel/liaison/action/internal/pattern"
	"github.com/commrel/liaison/schemas"
)

// plainDay is a date that some readers of YAML take for no text.
var plainDay = pattern.Of(`(?m)^([a-z_]+): ([0-9]{4}-[0-9]{2}-[0-9]{2})$`)

// makeRivalTree copies the requests of a work tree as other tools want them: each says what
// it is, and its dates are in quotes. The schema goes with it, with the two keys more.
func makeRivalTree(tree, out string) error {
	err := filepath.WalkDir(filepath.Join(tree, "requests"), func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(tree, name)
		if err != nil || d.IsDir() {
			return err
		}
		src, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		at := filepath.Join(out, rel)
		if err := os.MkdirAll(filepath.Dir(at), 0o777); err != nil {
			return err
		}
		src = plainDay().ReplaceAll(src, []byte(`$1: "$2"`))
		return os.WriteFile(at, append([]byte("apiVersion: example.org/v1\nkind: request\n"), src...), 0o666)
	})
	if err != nil {
		return err
	}
	return rivalSchema(filepath.Join(out, "request.json"))
}

func rivalSchema(out string) error {
	src, err := schemas.FS.ReadFile("request.schema.json")
	if err != nil {
		return err
	}
	var schema map[string]any
	if err := json.Unmarshal(src, &schema); err != nil {
		return err
	}
	properties, _ := schema["properties"].(map[string]any)
	for _, key := range []string{"apiVersion", "kind"} {
		properties[key] = map[string]any{"type": "string"}
	}
	if src, err = json.Marshal(schema); err != nil {
		return err
	}
	return os.WriteFile(out, src, 0o666)
}
