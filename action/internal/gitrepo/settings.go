package gitrepo

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/format/config"
)

// Settings are the repository's own config file, undigested: go-git's digest refuses files
// that git accepts, such as a remote without a URL.
type settings struct{ raw *config.Config }

func readSettings(common string) (settings, error) {
	file := filepath.Join(common, "config")
	b, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return settings{}, fmt.Errorf("cannot read %s: %w", file, err)
	}
	raw := config.New()
	if err := config.NewDecoder(bytes.NewReader(b)).Decode(raw); err != nil {
		return settings{}, fmt.Errorf("cannot read %s: %w", file, err)
	}
	return settings{raw}, nil
}

func (s settings) bare() bool { return isSet(s.raw.Section("core").Options, "bare") }

// isSet reads a boolean of Git's: a key without a value, which arrives as "", is true.
func isSet(o config.Options, key string) bool {
	switch strings.ToLower(o.Get(key)) {
	case "false", "no", "off", "0":
		return false
	}
	return o.Has(key)
}

// readable refuses the repository formats that cannot be read here, by name.
func (s settings) readable(git string) error {
	for _, o := range s.raw.Section("extensions").Options {
		switch key, value := strings.ToLower(o.Key), strings.ToLower(o.Value); {
		case key == "objectformat" && value != "sha1":
			return fmt.Errorf("%s has %s object ids: expected SHA-1, the only ones read here", git, strings.ToUpper(value))
		case key == "refstorage" && value != "files":
			return fmt.Errorf("%s keeps its references as %s: expected files (git refs migrate --ref-format=files)", git, value)
		}
	}
	return nil
}

// promisor is the setting that makes this a partial clone, "" when there is none.
func (s settings) promisor() string {
	if v := s.raw.Section("extensions").Options.Get("partialclone"); v != "" {
		return "extensions.partialClone = " + v
	}
	for _, remote := range s.raw.Section("remote").Subsections {
		if isSet(remote.Options, "promisor") {
			return "remote." + remote.Name + ".promisor"
		}
		if v := remote.Options.Get("partialclonefilter"); v != "" {
			return "remote." + remote.Name + ".partialCloneFilter = " + v
		}
	}
	return ""
}
