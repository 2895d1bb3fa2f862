// Package gitrepo turns Git objects and work trees into trees, landings and blobs. It reads
// one repository on disk, its objects through package odb and its references through go-git,
// never runs git, and writes nothing but what Fetch brings.
//
// Nothing here follows a replace ref or a graft, and only the object ids are believed: what
// go-git's walkers, filters and differs do with odd names, doubled headers or shallow borders
// is avoided by reading each tree's entries and each commit's header lines directly.
package gitrepo

import (
	"bytes"
	"errors"
	"path/filepath"

	"github.com/commrel/liaison/action/internal/odb"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/storage/filesystem"
	"github.com/go-git/go-git/v5/storage/filesystem/dotgit"
)

// A Repo is one open repository. It is not for use by several goroutines at once.
type Repo struct {
	place   place
	config  settings
	refs    *filesystem.Storage // references alone
	packed  *odb.Store
	from    *odb.Reader
	objects objects
	read    *counter
	fetched bool          // origin's branches are newer than local ones
	breaks  map[hash]hash // by the commit that comes after the break: the one before
	folders folders       // of the work tree, open
}

// Open opens the repository that dir is in: a work tree or a folder below it, a linked work
// tree, a submodule, or a bare repository. GIT_DIR and its like are not read. An error says
// what was found instead; a repository in a format that cannot be read here (SHA-256
// objects, reftable) is refused by that name.
func Open(dir string) (*Repo, error) {
	p, err := locate(dir)
	if err != nil {
		return nil, err
	}
	c, err := readSettings(p.common)
	if err != nil {
		return nil, err
	}
	if err := c.readable(p.git); err != nil {
		return nil, err
	}
	if c.bare() && p.git == p.common {
		p.root = ""
	}
	packed, err := odb.Open(filepath.Join(p.common, "objects"))
	if err != nil {
		return nil, err
	}
	from := packed.Reader()
	read := &counter{objects: newStore(from), kept: map[hash][]byte{}, left: keep}
	return &Repo{place: p, config: c, refs: openRefs(p), packed: packed, from: from, objects: remember(read), read: read}, nil
}

// openRefs does what go-git's Open does, less its refusal of every extension of the
// repository format that it has not heard of, harmless ones and partial clones among them.
func openRefs(p place) *filesystem.Storage {
	files := dotgit.NewRepositoryFilesystem(osfs.New(p.git), osfs.New(p.common))
	return filesystem.NewStorageWithOptions(files, cache.NewObjectLRUDefault(), filesystem.Options{
		KeepDescriptors: true,
		AlternatesFS:    osfs.New(filepath.VolumeName(p.common) + string(filepath.Separator)),
	})
}

// Root is the absolute path of the work tree's top folder, "" for a bare repository.
func (r *Repo) Root() string { return r.place.root }

// BlobsRead is how many files' contents have been read so far: the price of an answer.
func (r *Repo) BlobsRead() int { return r.read.blobs }

// A counter counts the blobs that are read, and keeps the first of them: a check asks
// for the same few again and again.
type counter struct {
	objects
	blobs int
	kept  map[hash][]byte
	left  int // how many more bytes are kept
}

// keep is how many bytes of blobs are kept.
const keep = 4 << 20

func (c *counter) blob(id hash) ([]byte, error) {
	if b, known := c.kept[id]; known {
		return bytes.Clone(b), nil
	}
	c.blobs++
	b, err := c.objects.blob(id)
	if err == nil && len(b) <= c.left {
		c.left -= len(b)
		c.kept[id] = bytes.Clone(b)
	}
	return b, err
}

// Close lets go of the pack files and folders that were opened on the way.
func (r *Repo) Close() error {
	r.folders.close()
	return errors.Join(r.packed.Close(), r.refs.Close())
}
