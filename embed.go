// Package liaison holds the files that a desk starts from, so that the program can write
// them into a repository of its own.
package liaison

import _ "embed" // for the files below

// Definition is the definition of the Community Relations desk, .github/liaison.yaml.
//
//go:embed .github/liaison.yaml
var Definition []byte
