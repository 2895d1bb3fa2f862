package conform

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// undescribed are the statuses that GitHub answers with wherever they fit and describes at
// few operations, each with the reason why sim/github answers with it too.
func undescribed() map[int]string {
	return map[int]string{
		http.StatusNotModified:         "nothing is new since the ETag that was sent",
		http.StatusBadRequest:          "the body is no JSON",
		http.StatusUnauthorized:        "the token is wrong or missing",
		http.StatusForbidden:           "the token's permissions do not cover it, or a limit is spent",
		http.StatusNotFound:            "there is nothing, or nothing that the token may see",
		http.StatusGone:                "the issue was deleted",
		http.StatusMovedPermanently:    "the issue was transferred",
		http.StatusConflict:            "somebody was faster",
		http.StatusUnprocessableEntity: "what was sent has a defect",
		http.StatusTooManyRequests:     "a limit is spent",
	}
}

// elsewhere holds an answer of an undescribed status against GitHub's general refusal.
func elsewhere(e Exchange) error {
	if _, ok := undescribed()[e.Status]; !ok {
		return fmt.Errorf("no operation answers with this status")
	}
	if e.Status == http.StatusNotModified {
		return nil
	}
	var refusal struct {
		Message string
		Docs    string `json:"documentation_url"`
	}
	if err := json.Unmarshal([]byte(e.Answer), &refusal); err != nil || refusal.Message == "" || refusal.Docs == "" {
		return fmt.Errorf("a refusal has a message and a documentation_url")
	}
	return nil
}

// nullable are the properties that GitHub answers null for although it describes them without,
// as the path through the schemas to each, with the reason.
func nullable() map[string]string {
	const (
		named   = "a label that was only named has no description; beside issues GitHub describes it so"
		deleted = "the account was deleted"
		fork    = "the fork was deleted"
	)
	return map[string]string{
		"pull-request-simple labels [] description": named,
		"pull-request head repo":                    fork,
		"pull-request head user":                    fork,
		"pull-request-simple head repo":             fork,
		"pull-request-simple head user":             fork,
		"timeline-reviewed-event user":              deleted,
		"state-change-issue-event actor":            deleted,
		"labeled-issue-event actor":                 deleted,
		"unlabeled-issue-event actor":               deleted,
		"review-dismissed-issue-event actor":        deleted,
	}
}

// amend lets the description say what nullable says.
func amend(doc *openapi3.T) error {
	for path := range nullable() {
		names := strings.Fields(path)
		last := len(names) - 1
		in := doc.Components.Schemas[names[0]]
		for _, name := range names[1:last] {
			in = property(in, name)
		}
		ref := property(in, names[last])
		if ref == nil {
			return fmt.Errorf("the description has no %s: is it still needed in nullable?", path)
		}
		s := *ref.Value // which others share
		s.Nullable = true
		in.Value.Properties[names[last]] = openapi3.NewSchemaRef("", &s)
	}
	return nil
}

// property is that of an object, "[]" what a list holds; nil where there is none.
func property(in *openapi3.SchemaRef, name string) *openapi3.SchemaRef {
	switch {
	case in == nil:
		return nil
	case name == "[]":
		return in.Value.Items
	}
	return in.Value.Properties[name]
}

// closeObjects lets every object have the properties that are described and no other, so that
// a misspelt one is found. Objects that are put together by allOf, or that describe no
// property, stay open.
func closeObjects(doc *openapi3.T) {
	c := closer{seen: map[*openapi3.Schema]bool{}}
	for _, s := range doc.Components.Schemas {
		c.close(s)
	}
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			c.operation(op)
		}
	}
	for _, r := range doc.Components.Responses {
		c.content(r.Value.Content)
	}
}

type closer struct{ seen map[*openapi3.Schema]bool }

func (c closer) operation(op *openapi3.Operation) {
	if op.RequestBody != nil {
		c.content(op.RequestBody.Value.Content)
	}
	for _, r := range op.Responses.Map() {
		c.content(r.Value.Content)
	}
}

func (c closer) content(content openapi3.Content) {
	for _, m := range content {
		c.close(m.Schema)
	}
}

func (c closer) close(ref *openapi3.SchemaRef) {
	if ref == nil || ref.Value == nil || c.seen[ref.Value] {
		return
	}
	s := ref.Value
	c.seen[s] = true
	open := false
	if more := s.AdditionalProperties; len(s.Properties) > 0 && more.Has == nil && more.Schema == nil && len(s.AllOf) == 0 {
		s.AdditionalProperties.Has = &open
	}
	for _, p := range s.Properties {
		c.close(p)
	}
	c.close(s.Items)
	c.close(s.Not)
	for _, p := range slices.Concat(s.AnyOf, s.OneOf) {
		c.close(p)
	}
}
