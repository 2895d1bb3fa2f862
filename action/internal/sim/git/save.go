package git

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/storer"
	"github.com/go-git/go-git/v5/storage"
)

// Save moves a repository from memory to a new bare one at dir, where others can read it:
// what it has by then becomes one pack, and it goes on there. It fails when there is a
// repository already.
func (r *Repo) Save(dir string) error {
	to, err := Init(dir)
	if err != nil {
		return err
	}
	if err := packAll(to.s, r.s); err != nil {
		return fmt.Errorf("save to %s: %w", dir, err)
	}
	if err := packRefs(dir, r.s); err != nil {
		return fmt.Errorf("save to %s: %w", dir, err)
	}
	*r = *to
	return nil
}

// Copy is the same repository once more, a new one at dir.
func (r *Repo) Copy(dir string) (*Repo, error) {
	if r.dir == "" {
		c := *r
		return &c, c.Save(dir)
	}
	if err := os.CopyFS(dir, os.DirFS(r.dir)); err != nil {
		return nil, fmt.Errorf("copy the repository %s: %w", r.dir, err)
	}
	return Open(dir)
}

// packAll writes all objects of one store to another as one pack.
func packAll(to, from storage.Storer) error {
	all, err := from.IterEncodedObjects(plumbing.AnyObject)
	if err != nil {
		return err
	}
	var ids []plumbing.Hash
	if err := all.ForEach(func(o plumbing.EncodedObject) error { ids = append(ids, o.Hash()); return nil }); err != nil {
		return err
	}
	return pack(to, from, ids)
}

// packRefs writes all refs of a store but HEAD into one file of the repository at dir.
func packRefs(dir string, from storer.ReferenceStorer) error {
	refs, err := from.IterReferences()
	if err != nil {
		return err
	}
	ids := map[string]string{}
	err = refs.ForEach(func(r *plumbing.Reference) error {
		if r.Type() == plumbing.HashReference {
			ids[r.Name().String()] = r.Hash().String()
		}
		return nil
	})
	if err != nil {
		return err
	}
	var b bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(ids)) {
		fmt.Fprintf(&b, "%s %s\n", ids[name], name)
	}
	return os.WriteFile(filepath.Join(dir, "packed-refs"), b.Bytes(), 0o666)
}
