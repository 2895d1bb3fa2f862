// Command cut turns GitHub's OpenAPI description into the part of it that sim/github serves:
//
//	npm pack @octokit/openapi@23.0.2
//	tar xzf octokit-openapi-23.0.2.tgz
//	go run ./cut package/generated/api.github.com.json
//
// run in the folder of this module, writes openapi.json.gz and copies the licence. What it
// leaves out is what no check needs: other operations, descriptions and examples.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/sim/github/conform"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: cut package/generated/api.github.com.json")
	}
	if err := run(os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

func run(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	licence, err := os.ReadFile(filepath.Join(filepath.Dir(file), "..", "LICENSE"))
	if err != nil {
		return err
	}
	small, err := cut(text, conform.Operations())
	if err != nil {
		return err
	}
	fmt.Printf("%d bytes of %d are left\n", len(small), len(text))
	if err := os.WriteFile("openapi.LICENSE", licence, 0o666); err != nil {
		return err
	}
	return os.WriteFile("openapi.json.gz", small, 0o666)
}

// A node is a JSON object of the description.
type node = map[string]any

// cut keeps the operations, such as "GET /user", and what they refer to.
func cut(text []byte, operations []string) ([]byte, error) {
	var whole node
	if err := json.Unmarshal(text, &whole); err != nil {
		return nil, err
	}
	k := keeper{whole: whole, kept: node{}}
	paths := node{}
	for _, op := range operations {
		method, path, _ := strings.Cut(op, " ")
		item, _ := whole["paths"].(node)[path].(node)
		found, ok := item[strings.ToLower(method)].(node)
		if !ok {
			return nil, fmt.Errorf("GitHub describes no %s", op)
		}
		into, ok := paths[path].(node)
		if !ok {
			into = node{}
			paths[path] = into
		}
		into[strings.ToLower(method)] = k.keep(found)
	}
	out := node{"openapi": whole["openapi"], "info": k.keep(whole["info"]), "paths": paths, "components": k.kept}
	return pack(out)
}

// pack writes the same bytes each time.
func pack(v any) ([]byte, error) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if err := json.NewEncoder(z).Encode(v); err != nil {
		return nil, err
	}
	err = z.Close()
	return b.Bytes(), err
}

// A keeper copies parts of a description, and what they refer to, once.
type keeper struct {
	whole node
	kept  node // components by kind and name
}

// dropped are the keys that say nothing a check could use.
var dropped = []string{"summary", "example", "examples", "externalDocs", "tags", "x-github", "contact", "termsOfService"}

func (k keeper) keep(v any) any {
	switch v := v.(type) {
	case node:
		if ref, ok := v["$ref"].(string); ok {
			k.follow(ref)
			return node{"$ref": ref}
		}
		return k.object(v)
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = k.keep(v[i])
		}
		return out
	}
	return v
}

// object keeps what checks need. Under "properties" every key is a name.
func (k keeper) object(v node) node {
	out := node{}
	for key, value := range v {
		names, isNames := value.(node)
		switch text, isText := value.(string); {
		case key == "properties" && isNames:
			out[key] = k.names(names)
		case key == "description" && isText && text != "":
			out[key] = "…" // a response must have one
		case !slices.Contains(dropped, key):
			out[key] = k.keep(value)
		}
	}
	return out
}

func (k keeper) names(v node) node {
	out := node{}
	for name, value := range v {
		out[name] = k.keep(value)
	}
	return out
}

// follow keeps what a reference such as "#/components/schemas/issue" leads to.
func (k keeper) follow(ref string) {
	parts := strings.Split(strings.TrimPrefix(ref, "#/components/"), "/")
	kind, name := parts[0], parts[1]
	if k.kept[kind] == nil {
		k.kept[kind] = node{}
	}
	kept := k.kept[kind].(node)
	if kept[name] != nil {
		return
	}
	kept[name] = node{} // so that a circle ends
	kept[name] = k.keep(k.whole["components"].(node)[kind].(node)[name])
}
