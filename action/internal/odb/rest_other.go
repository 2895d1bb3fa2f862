//go:build !linux

package odb

// rest does nothing: here it is the system that decides when it takes back memory.
func (mapping) rest() {}
