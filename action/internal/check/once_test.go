package check

import (
	"errors"
	"testing"
)

func TestAFileOfTheRulesIsReadOnce(t *testing.T) {
	reads := map[string]int{}
	read := once(func(path string) ([]byte, error) {
		reads[path]++
		if path == "gone" {
			return nil, errors.New("nothing there")
		}
		return []byte{byte(reads[path])}, nil
	})
	for range 2 {
		src, err := read("schema.json")
		if err != nil || len(src) != 1 || src[0] != 1 {
			t.Errorf("got %v, %v: expected what was read first", src, err)
		}
		if _, err := read("gone"); err == nil {
			t.Error("what was not there the first time is there now")
		}
	}
	if reads["schema.json"] != 1 || reads["gone"] != 1 {
		t.Errorf("read %v times", reads)
	}
}
