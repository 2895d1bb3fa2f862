package conform

import (
	"bytes"
	"compress/gzip"
	_ "embed" // for the description
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

//go:embed openapi.json.gz
var packed []byte

// A Description is GitHub's, of the operations that sim/github serves.
type Description struct {
	doc    *openapi3.T
	routes []route
}

type route struct {
	*routers.Route
	path  *regexp.Regexp
	names []string // of the path's parameters
}

// Load reads the description that comes with the package.
func Load() (*Description, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("openapi.json.gz: %w", err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("openapi.json.gz: %w", err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		return nil, fmt.Errorf("openapi.json.gz: %w", err)
	}
	d := &Description{doc: doc}
	for template, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			d.routes = append(d.routes, d.route(template, method, item, op))
		}
	}
	// A path without parameters goes before one that would match it too.
	slices.SortFunc(d.routes, func(a, b route) int {
		if n := len(a.names) - len(b.names); n != 0 {
			return n
		}
		return strings.Compare(a.Method+a.Path, b.Method+b.Path)
	})
	closeObjects(doc)
	return d, amend(doc)
}

var parameter = regexp.MustCompile(`\{([a-z_]+)\}`)

// route tells the requests of an operation. A parameter that GitHub marks as one of several
// segments, such as a branch or a file, reaches to the end or to what follows it.
func (d *Description) route(template, method string, item *openapi3.PathItem, op *openapi3.Operation) route {
	r := route{Route: &routers.Route{Spec: d.doc, Path: template, PathItem: item, Method: method, Operation: op}}
	pattern := parameter.ReplaceAllStringFunc(template, func(braced string) string {
		name := strings.Trim(braced, "{}")
		r.names = append(r.names, name)
		for _, p := range op.Parameters {
			if p.Value.Name == name && p.Value.Extensions["x-multi-segment"] == true {
				return "(.+)"
			}
		}
		return "([^/]+)"
	})
	r.path = regexp.MustCompile("^" + pattern + "$")
	return r
}

// find is the operation of a request with its path's parameters, or nil.
func (d *Description) find(method, path string) (*route, map[string]string) {
	for i, r := range d.routes {
		found := r.path.FindStringSubmatch(path)
		if r.Method != method || found == nil {
			continue
		}
		params := map[string]string{}
		for j, name := range r.names {
			params[name], _ = url.PathUnescape(found[j+1])
		}
		return &d.routes[i], params
	}
	return nil, nil
}

// Operation is the operation of an exchange as Operations names it; "" for none.
func (d *Description) Operation(e Exchange) string {
	r, _ := d.find(e.Method, e.Path)
	if r == nil {
		return ""
	}
	return r.Method + " " + r.Path
}

// Check says where an exchange is none that GitHub describes. It says nothing of GraphQL, nor
// of an answer that a planned fault shaped.
func (d *Description) Check(e Exchange) []string {
	if e.Path == "/graphql" || e.Fault != "" {
		return nil
	}
	r, params := d.find(e.Method, e.Path)
	if r == nil {
		if e.Status == http.StatusNotFound {
			return nil // sim/github does not know it either
		}
		return []string{fmt.Sprintf("GitHub describes no %s %s, and sim/github answered %d", e.Method, e.Path, e.Status)}
	}
	in, err := input(e, r, params)
	if err != nil {
		return []string{err.Error()}
	}
	var out []string
	if err := openapi3filter.ValidateRequest(in.Request.Context(), in); err != nil && e.Status < 400 {
		out = append(out, fmt.Sprintf("%s: sim/github answered %d to what GitHub would not take: %s", r.Operation.OperationID, e.Status, brief(err)))
	}
	if err := answer(e, in); err != nil {
		out = append(out, fmt.Sprintf("%s: GitHub would not answer %d so: %s", r.Operation.OperationID, e.Status, brief(err)))
	}
	return out
}

func input(e Exchange, r *route, params map[string]string) (*openapi3filter.RequestValidationInput, error) {
	req, err := http.NewRequest(e.Method, "https://api.github.com"+e.Path+"?"+e.Query, strings.NewReader(e.Body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	query, err := url.ParseQuery(e.Query)
	return &openapi3filter.RequestValidationInput{
		Request: req, PathParams: params, QueryParams: query, Route: r.Route,
		Options: &openapi3filter.Options{SkipSettingDefaults: true, IncludeResponseStatus: true},
	}, err
}

// answer holds an answer against the operation's, or against what GitHub answers everywhere.
func answer(e Exchange, in *openapi3filter.RequestValidationInput) error {
	if described := in.Route.Operation.Responses.Value(strconv.Itoa(e.Status)); described == nil {
		return elsewhere(e)
	}
	header := http.Header{}
	for name, value := range e.Header {
		header.Set(name, value)
	}
	if e.Answer != "" {
		header.Set("Content-Type", "application/json; charset=utf-8")
	}
	return openapi3filter.ValidateResponse(in.Request.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: in, Status: e.Status, Header: header, Options: in.Options,
		Body: io.NopCloser(strings.NewReader(e.Answer)),
	})
}

// brief is the first line of an error, and where in the answer it is.
func brief(err error) string {
	text := strings.Split(err.Error(), "\n")[0]
	var s *openapi3.SchemaError
	if errors.As(err, &s) {
		return fmt.Sprintf("/%s: %s", strings.Join(s.JSONPointer(), "/"), s.Reason)
	}
	return text
}
