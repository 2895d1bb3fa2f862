package check

import "sync"

// once reads each file once, and gives the same to all who ask for it: rules must be read by
// the bytes under whose name the verdicts are kept, though somebody changes them meanwhile.
func once(read func(path string) ([]byte, error)) func(path string) ([]byte, error) {
	type answer struct {
		src []byte
		err error
	}
	var one sync.Mutex
	known := map[string]answer{}
	return func(path string) ([]byte, error) {
		one.Lock()
		defer one.Unlock()
		a, asked := known[path]
		if !asked {
			a.src, a.err = read(path)
			known[path] = a
		}
		return a.src, a.err
	}
}
