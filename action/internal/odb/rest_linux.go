package odb

import "golang.org/x/sys/unix"

// rest lets the system take back the memory of a mapping. Its bytes stay what they are: they
// come in again as they are looked at.
func (m mapping) rest() {
	if m.bytes != nil {
		_ = unix.Madvise(m.bytes, unix.MADV_DONTNEED) // a wish
	}
}
