package report_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/app"
	simdesk "github.com/commrel/liaison/action/internal/sim/desk"
	"github.com/santhosh-tekuri/jsonschema/v5"
)

const schemas = "../../../docs/schemas"

// validate holds JSON against a schema in docs/schemas.
func validate(t *testing.T, name string, js []byte) {
	t.Helper()
	var v any
	if err := json.Unmarshal(js, &v); err != nil {
		t.Fatal(err)
	}
	if err := compile(t, name).Validate(v); err != nil {
		t.Errorf("%s: %#v", name, err)
	}
}

func compile(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	src, err := os.ReadFile(filepath.Join(schemas, name+".schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.Draft, c.AssertFormat = jsonschema.Draft2020, true
	url := "https://commrel.github.io/liaison/docs/schemas/" + name + ".schema.json"
	if err := c.AddResource(url, bytes.NewReader(src)); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(url)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestWhatTheProgramPrintsFitsItsSchema(t *testing.T) {
	repo := filepath.Join(t.TempDir(), "desk.git")
	world, err := simdesk.Build(repo)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(world.Handler())
	defer server.Close()
	env := map[string]string{"GITHUB_API_URL": server.URL + "/", "GITHUB_TOKEN": simdesk.Token, "GITHUB_REPOSITORY": simdesk.Owner + "/" + simdesk.Name}
	for name, args := range map[string]string{
		"report":  "report --quarter all",
		"clocks":  "clocks",
		"explain": "explain feedback-on-example-notifications",
		"check":   "check --rev main",
		"plan":    "reconcile",
		"gate":    "gate --sweep",
	} {
		t.Run(name, func(t *testing.T) {
			var out, problems bytes.Buffer
			a := &app.App{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &problems,
				Getenv: func(k string) string { return env[k] }, Now: func() time.Time { return simdesk.AsOf }}
			if code := a.Run(context.Background(), append(strings.Fields(args), "--format", "json", "--repo", repo)); code != 0 {
				t.Fatalf("exit code %d\n%s", code, problems.String())
			}
			validate(t, name, out.Bytes())
		})
	}
}

func TestEverySchemaRefusesWhatItDoesNotKnow(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(schemas, "*.schema.json"))
	if err != nil || len(files) != 6 {
		t.Fatalf("%v %v", files, err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".schema.json")
		s := compile(t, name)
		if !strings.HasSuffix(s.Location, "/"+name+".schema.json#") {
			t.Errorf("%s calls itself %s", file, s.Location)
		}
		for _, js := range []string{`{}`, `[]`, `{"version": 2}`} {
			var v any
			if err := json.Unmarshal([]byte(js), &v); err != nil {
				t.Fatal(err)
			}
			if s.Validate(v) == nil {
				t.Errorf("%s takes %s", name, js)
			}
		}
	}
}

func TestASchemaRefusesWhatItsGoldenDoesNotSay(t *testing.T) {
	tests := []struct {
		name, schema, golden, old, new string
	}{
		{"a key too many", "report", "all.json", `"desk":`, `"dsek": 1, "desk":`},
		{"a share above one", "report", "all.json", `"attainment": 1,`, `"attainment": 1.5,`},
		{"a clock's state that there is not", "clocks", "clocks.json", `"state": "met"`, `"state": "kept"`},
		{"a key too many in a clock", "clocks", "clocks.json", `"cycle": 1,`, `"cycle": 1, "extra": true,`},
		{"a time that is none", "explain", "explain.json", `"as_of": "2026`, `"as_of": "26`},
		{"a grade that there is not", "explain", "explain.json", `"evidence": "landed"`, `"evidence": "sure"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			src, err := os.ReadFile(filepath.Join("testdata", test.golden))
			if err != nil || !bytes.Contains(src, []byte(test.old)) {
				t.Fatalf("%s does not contain %s (%v)", test.golden, test.old, err)
			}
			var v any
			if err := json.Unmarshal(bytes.Replace(src, []byte(test.old), []byte(test.new), 1), &v); err != nil {
				t.Fatal(err)
			}
			if compile(t, test.schema).Validate(v) == nil {
				t.Error("the schema takes it")
			}
		})
	}
}

// Each schema stands alone, so what they share is written in each.
func TestWhatSchemasShareIsTheSameInEach(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(schemas, "*.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]any{}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var s struct {
			Defs map[string]any `json:"$defs"`
		}
		if err := json.Unmarshal(src, &s); err != nil {
			t.Fatal(err)
		}
		for name, def := range s.Defs {
			if first, ok := seen[name]; ok && !reflect.DeepEqual(first, def) {
				t.Errorf("%s defines %s in another way", file, name)
			}
			seen[name] = def
		}
	}
}
