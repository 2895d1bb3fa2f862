package witness

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/gitrepo"
)

const claims = "claims/"

// ClaimPath is where the claim of a key is kept: keys hold paths, and file names cannot.
func ClaimPath(key string) string {
	sum := sha256.Sum256([]byte(key))
	return claims + hex.EncodeToString(sum[:8]) + ".json"
}

// ClaimFile is a claim as the branch keeps it, in its one form.
func ClaimFile(c effect.Claim) (effect.Splice, error) {
	c.Version, c.At = Version, c.At.UTC()
	b, err := canonical(c)
	if err != nil {
		return effect.Splice{}, fmt.Errorf("claim of %s: %w", c.Key, err)
	}
	return effect.Splice{Path: ClaimPath(c.Key), Content: b}, nil
}

// Claims reads every file below claims/, sorted by key. One that is no claim is left out
// with a finding, as if nobody had claimed its key: the compare-and-swap of the next claim
// writes it anew. The error is that the tree itself cannot be read.
func Claims(t Tree) ([]effect.Claim, []finding.Finding, error) {
	files, err := t.Files()
	if err != nil {
		return nil, nil, fmt.Errorf("witness branch: %w", err)
	}
	var out []effect.Claim
	var findings []finding.Finding
	for _, f := range files {
		if !strings.HasPrefix(f.Path, claims) {
			continue
		}
		c, found, err := readClaim(t, f)
		switch {
		case err != nil:
			return nil, nil, fmt.Errorf("witness branch: %s: %w", f.Path, err)
		case found != "":
			findings = append(findings, defect(f.Path, found, "a claim, as the Action writes it"))
		default:
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b effect.Claim) int { return cmp.Compare(a.Key, b.Key) })
	return out, finding.Sorted(findings), nil
}

// readClaim reads one file; found is what is wrong with it.
func readClaim(t Tree, f gitrepo.File) (c effect.Claim, found string, err error) {
	if !f.Regular {
		return c, "mode " + f.Mode, nil
	}
	b, err := t.Read(f.Path)
	if errors.Is(err, gitrepo.ErrTooLarge) {
		return c, "a file of more than 8 MiB", nil
	}
	if err != nil {
		return c, "", err
	}
	if err := single(b, &c); err != nil {
		return c, "JSON that cannot be read: " + err.Error(), nil
	}
	return c, faultOf(c, f.Path), nil
}

func faultOf(c effect.Claim, path string) string {
	switch {
	case c.Version != Version:
		return fmt.Sprintf("version %d", c.Version)
	case ClaimPath(c.Key) != path:
		return fmt.Sprintf("the key %q, which is not the one of its name", c.Key)
	case c.At.IsZero() || c.At.UTC().Year() < 1 || c.At.UTC().Year() > 9999:
		return "no time, or one out of the years 1 to 9999"
	case c.Number < 0:
		return fmt.Sprintf("the issue %d", c.Number)
	}
	return ""
}
