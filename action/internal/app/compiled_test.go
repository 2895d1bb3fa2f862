package app_test

import "github.com/commrel/liaison/action/internal/workflow"

// compiled is one cache for all tests: they read the same few definitions again and again.
var compiled = workflow.NewCache()
