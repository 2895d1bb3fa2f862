// The comparison of sim/github with GitHub's own description, kept out of the shipped go.mod. It
// takes nothing from the program but the exchanges that its tests record.
module github.com/commrel/liaison/action/internal/sim/github/conform

go 1.26.0

require github.com/getkin/kin-openapi v0.153.0

require (
	github.com/go-openapi/jsonpointer v0.22.5 // indirect
	github.com/go-openapi/swag/jsonname v0.25.5 // indirect
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.3 // indirect
	go.yaml.in/yaml/v4 v4.0.0 // indirect
	golang.org/x/text v0.14.0 // indirect
)
