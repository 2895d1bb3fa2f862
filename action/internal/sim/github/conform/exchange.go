package conform

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// An Exchange is one request to sim/github and what it answered, as sim/github records it.
type Exchange struct {
	Method string
	Path   string
	Query  string
	Body   string
	Status int
	Header map[string]string
	Answer string
	Fault  string // what went wrong by plan; "" for nothing
}

// Read reads the exchanges that a folder holds, by the names of their files.
func Read(dir string) (map[string]Exchange, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	out := map[string]Exchange{}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		var e Exchange
		if err := json.Unmarshal(text, &e); err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
		out[filepath.Base(f)] = e
	}
	return out, nil
}
