package git

import (
	"encoding/hex"
	"fmt"
	"io"

	"github.com/go-git/go-git/v5/plumbing"
)

// WriteBlob stores content and returns its blob id.
func (r *Repo) WriteBlob(content []byte) (string, error) {
	o := r.s.NewEncodedObject()
	o.SetType(plumbing.BlobObject)
	w, err := o.Writer()
	if err != nil {
		return "", fmt.Errorf("write blob: %w", err)
	}
	if _, err := w.Write(content); err != nil {
		return "", fmt.Errorf("write blob: %w", err)
	}
	if err := w.Close(); err != nil {
		return "", fmt.Errorf("write blob: %w", err)
	}
	return r.store(o)
}

// ReadBlob returns a blob's content.
func (r *Repo) ReadBlob(id string) ([]byte, error) {
	o, err := r.s.EncodedObject(plumbing.BlobObject, plumbing.NewHash(id))
	if err != nil {
		return nil, fmt.Errorf("read blob %s: %w", id, err)
	}
	rd, err := o.Reader()
	if err != nil {
		return nil, fmt.Errorf("read blob %s: %w", id, err)
	}
	defer rd.Close()
	content, err := io.ReadAll(rd)
	if err != nil {
		return nil, fmt.Errorf("read blob %s: %w", id, err)
	}
	return content, nil
}

// Kind is "commit", "tree", "blob" or "tag", and "" when there is no object with the id.
func (r *Repo) Kind(id string) string {
	if !isID(id) {
		return ""
	}
	o, err := r.s.EncodedObject(plumbing.AnyObject, plumbing.NewHash(id))
	if err != nil {
		return ""
	}
	return o.Type().String()
}

// store keeps an object, once.
func (r *Repo) store(o plumbing.EncodedObject) (string, error) {
	if r.s.HasEncodedObject(o.Hash()) == nil {
		return o.Hash().String(), nil
	}
	id, err := r.s.SetEncodedObject(o)
	if err != nil {
		return "", fmt.Errorf("write %s: %w", o.Type(), err)
	}
	return id.String(), nil
}

// isID reports whether s is a full object id; plumbing.NewHash takes anything.
func isID(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == 20
}
