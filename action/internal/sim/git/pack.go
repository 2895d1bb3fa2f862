package git

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
	"github.com/go-git/go-git/v5/plumbing/storer"
	"github.com/go-git/go-git/v5/storage"
	"github.com/go-git/go-git/v5/storage/memory"
)

// Hold keeps in memory what is written from now on, until Flush. A long story is told in far
// less time that way; who reads the repository meanwhile does not see it.
func (r *Repo) Hold() {
	if _, holds := r.s.(*held); !holds {
		r.s = &held{Storer: r.s, objects: memory.NewStorage().ObjectStorage}
	}
}

// Flush writes what is held, all objects into one pack, and holds no more.
func (r *Repo) Flush() error {
	h, holds := r.s.(*held)
	if !holds {
		return nil
	}
	r.s = h.Storer
	if len(h.written) == 0 {
		return nil
	}
	return pack(h.Storer, &h.objects, h.written)
}

// Pack puts all loose objects into one pack: what is copied or read often then is few files.
func (r *Repo) Pack() error {
	loose, has := r.s.(storer.LooseObjectStorer)
	if !has {
		return fmt.Errorf("pack %s: it holds objects that are not written yet", r.dir)
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

// pack writes objects from somewhere into one pack, as they are.
func pack(to storage.Storer, from storer.EncodedObjectStorer, ids []plumbing.Hash) (err error) {
	w, err := to.(storer.PackfileWriter).PackfileWriter()
	if err != nil {
		return fmt.Errorf("write a pack: %w", err)
	}
	defer func() {
		if closed := w.Close(); err == nil {
			err = closed
		}
	}()
	const noDeltas = 0
	if _, err := packfile.NewEncoder(w, from, false).Encode(ids, noDeltas); err != nil {
		return fmt.Errorf("write a pack: %w", err)
	}
	return nil
}

// held is a repository whose new objects are in memory.
type held struct {
	storage.Storer
	objects memory.ObjectStorage
	written []plumbing.Hash // in order
}

// SetEncodedObject holds an object.
func (h *held) SetEncodedObject(o plumbing.EncodedObject) (plumbing.Hash, error) {
	id, err := h.objects.SetEncodedObject(o)
	h.written = append(h.written, id)
	return id, err
}

// EncodedObject is an object that is held, or was written before.
func (h *held) EncodedObject(t plumbing.ObjectType, id plumbing.Hash) (plumbing.EncodedObject, error) {
	if o, err := h.objects.EncodedObject(t, id); err == nil {
		return o, nil
	}
	return h.Storer.EncodedObject(t, id)
}

// HasEncodedObject is nil where there is such an object.
func (h *held) HasEncodedObject(id plumbing.Hash) error {
	if h.objects.HasEncodedObject(id) == nil {
		return nil
	}
	return h.Storer.HasEncodedObject(id)
}
