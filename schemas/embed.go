// Package schemas holds the JSON Schemas (2020-12) of the records that a desk keeps and of
// the definition that says how. The files are for editors and for the program alike: each
// stands alone, refers to nothing outside itself, and is named <kind>.schema.json.
package schemas

import "embed"

// FS has the schemas at its root.
//
//go:embed *.schema.json
var FS embed.FS
