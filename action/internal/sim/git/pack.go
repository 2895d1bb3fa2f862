package git

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
	"github.com/go-git/go-git/v5/plumbing/storer"
	"github.com/go-git/go-git/v5/storage"
)

// Pack puts all loose objects into one pack: what is copied or read often then is few files.
func (r *Repo) Pack() error {
	loose, has := r.s.(storer.LooseObjectStorer)
	if !has {
		return nil // in memory there are none
	}
	var ids []plumbing.Hash
	if err := loose.ForEachObjectHash(func(id plumbing.Hash) error { ids = append(ids, id); return nil }); err != nil {
		return fmt.Errorf("pack %s: %w", r.dir, err)
	}
	if err := pack(r.s, r.s, ids); err != nil {
		return err
	}
	for _, id := range ids {
		if err := loose.DeleteLooseObject(id); err != nil {
			return fmt.Errorf("pack %s: %w", r.dir, err)
		}
		_ = os.Remove(filepath.Join(r.dir, "objects", id.String()[:2])) // once it is empty
	}
	return nil
}

// pack writes objects of one store to another as one pack, in the order of their ids.
func pack(to, from storage.Storer, ids []plumbing.Hash) error {
	if len(ids) == 0 {
		return nil
	}
	slices.SortFunc(ids, func(a, b plumbing.Hash) int { return slices.Compare(a[:], b[:]) })
	const noDeltas = 0
	var b bytes.Buffer
	if _, err := packfile.NewEncoder(&b, from, false).Encode(ids, noDeltas); err != nil {
		return fmt.Errorf("write a pack: %w", err)
	}
	return packfile.UpdateObjectStorage(to, &b)
}
