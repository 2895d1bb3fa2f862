package workflow

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"github.com/commrel/liaison/action/internal/schema"
	"github.com/santhosh-tekuri/jsonschema/v5"
)

// shapes are the record types that expressions are checked against, read off the kinds'
// schemas, so that a misspelt field is found before anything runs. It is a CEL type
// provider in front of the standard one.
type shapes struct {
	types.Provider
	objects map[string]map[string]*types.FieldType
	names   map[*jsonschema.Schema]string // of the objects of the kind at hand
}

func newShapes(standard types.Provider) *shapes {
	return &shapes{Provider: standard, objects: map[string]map[string]*types.FieldType{}}
}

// record declares the type of a kind's records and returns it; dynamic without a schema.
// Every record also has a filer and a requester: logins.
func (s *shapes) record(kind *Kind) *types.Type {
	if kind.Schema == nil {
		return types.DynType
	}
	name := "@" + kind.Name
	s.names = map[*jsonschema.Schema]string{}
	t := s.object(name, schema.Resolve(kind.Schema.Root()))
	if fields := s.objects[name]; fields != nil {
		for _, login := range []string{"filer", "requester"} {
			fields[login] = field(login, types.StringType, false)
		}
	}
	return t
}

// object declares an object type under a name that no expression can spell; a schema
// without fixed properties is dynamic.
func (s *shapes) object(name string, of *jsonschema.Schema) *types.Type {
	if of == nil || len(of.Properties) == 0 {
		return types.DynType
	}
	if declared, ok := s.names[of]; ok { // a schema may contain itself
		return types.NewObjectType(declared)
	}
	s.names[of] = name
	fields := map[string]*types.FieldType{}
	s.objects[name] = fields
	for _, key := range slices.Sorted(maps.Keys(of.Properties)) {
		fields[key] = field(key, s.typeOf(name+"/"+key, of.Properties[key]), false)
	}
	s.dated(name, of, fields)
	return types.NewObjectType(name)
}

// dated declares the singular of every list whose entries carry it with dates (see Dated).
func (s *shapes) dated(name string, of *jsonschema.Schema, fields map[string]*types.FieldType) {
	for plural, sub := range of.Properties {
		single, many := strings.CutSuffix(plural, "s")
		list := schema.Resolve(sub)
		if !many || fields[single] != nil || list.Items2020 == nil {
			continue
		}
		if entry := schema.Resolve(list.Items2020); entry.Properties[single] != nil {
			fields[single] = field(single, s.typeOf(name+"/"+single, entry.Properties[single]), true)
		}
	}
}

// deepest is how far down values have types: a list may contain itself for ever.
const deepest = 20

// typeOf is the CEL type of the values that a schema allows.
func (s *shapes) typeOf(name string, of *jsonschema.Schema) *types.Type {
	of = schema.Resolve(of)
	if of == nil || len(of.Types) != 1 || strings.Count(name, "/") > deepest {
		return types.DynType
	}
	switch of.Types[0] {
	case "string":
		return types.StringType
	case "integer":
		return types.IntType
	case "number":
		return types.DoubleType
	case "boolean":
		return types.BoolType
	case "array":
		return types.NewListType(s.typeOf(name+"/", of.Items2020))
	case "object":
		return s.object(name, of)
	}
	return types.DynType
}

// field reads one key of a mapping. An absent list or text reads as the empty one; a dated
// field whose list has entries, none of which holds, is an error: it is not known.
func field(key string, t *types.Type, dated bool) *types.FieldType {
	return &types.FieldType{
		Type: t,
		IsSet: func(target any) bool {
			m, _ := target.(map[string]any)
			return m[key] != nil
		},
		GetFrom: func(target any) (any, error) {
			m, ok := target.(map[string]any)
			switch {
			case !ok:
				return nil, fmt.Errorf("no value to read `%s` from", key)
			case m[key] != nil:
				return converted(m[key], t), nil
			case dated && len(listOf(m[key+"s"])) > 0:
				return nil, fmt.Errorf("no entry of `%ss` holds at that time", key)
			}
			return zero(key, t)
		},
	}
}

// converted makes a whole number a fraction where the schema says "number".
func converted(v any, t *types.Type) any {
	if n, ok := v.(int64); ok && t.Kind() == types.DoubleKind {
		return float64(n)
	}
	return v
}

func listOf(v any) []any {
	list, _ := v.([]any)
	return list
}

func zero(key string, t *types.Type) (any, error) {
	switch t.Kind() {
	case types.StringKind:
		return "", nil
	case types.ListKind:
		return []any{}, nil
	case types.StructKind:
		return map[string]any{}, nil
	}
	return nil, fmt.Errorf("`%s` is absent", key)
}

// FindStructType finds a declared record type.
func (s *shapes) FindStructType(name string) (*types.Type, bool) {
	if _, ok := s.objects[name]; ok {
		return types.NewTypeTypeWithParam(types.NewObjectType(name)), true
	}
	return s.Provider.FindStructType(name)
}

// FindStructFieldNames lists the fields of a record type.
func (s *shapes) FindStructFieldNames(name string) ([]string, bool) {
	if fields, ok := s.objects[name]; ok {
		return slices.Sorted(maps.Keys(fields)), true
	}
	return s.Provider.FindStructFieldNames(name)
}

// FindStructFieldType finds one field of a record type.
func (s *shapes) FindStructFieldType(name, key string) (*types.FieldType, bool) {
	if fields, ok := s.objects[name]; ok {
		f, ok := fields[key]
		return f, ok
	}
	return s.Provider.FindStructFieldType(name, key)
}

// NewValue refuses: expressions read records and make none.
func (s *shapes) NewValue(name string, _ map[string]ref.Val) ref.Val {
	return types.WrapErr(errors.New("an expression cannot make a " + name))
}
