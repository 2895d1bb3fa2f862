package effect_test

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// validate holds JSON against a schema in docs/schemas.
func validate(t *testing.T, schema string, js []byte) {
	t.Helper()
	src, err := os.ReadFile("../../../docs/schemas/" + schema + ".schema.json")
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.Draft, c.AssertFormat = jsonschema.Draft2020, true
	if err := c.AddResource("mem:///"+schema, bytes.NewReader(src)); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("mem:///" + schema)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(js, &v); err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(v); err != nil {
		t.Errorf("%#v", err)
	}
}
