package odb

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// loosePath is where an object lies that is in no pack.
func loosePath(folder string, id ID) string {
	hex := id.String()
	return filepath.Join(folder, hex[:2], hex[2:])
}

// mostHead is more than a loose object's kind and size can take.
const mostHead = 32

// openLoose reads the head of a loose object: its kind, its size and how long the head is.
// src is the file as it is; found is false where there is none.
func (z *inflater) openLoose(folder string, id ID) (src []byte, h looseHead, found bool, err error) {
	src, err = readFile(loosePath(folder, id))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, h, false, nil
	}
	if err != nil {
		return nil, h, true, err
	}
	head, err := z.begin(src, mostHead)
	if err != nil {
		return nil, h, true, fmt.Errorf("loose object: %w", err)
	}
	h, err = parseLooseHead(head)
	return src, h, true, err
}

// readFile reads a file that is no larger than an object may be.
func readFile(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.Size() > Largest || !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: %w", name, ErrTooLarge)
	}
	return os.ReadFile(name)
}

// A looseHead is what a loose object says of itself.
type looseHead struct {
	kind   Kind
	size   int
	length int // of the head itself
}

func parseLooseHead(b []byte) (looseHead, error) {
	end := bytes.IndexByte(b, 0)
	if end < 0 {
		return looseHead{}, errors.New("loose object: " + errHead.Error())
	}
	name, digits, _ := strings.Cut(string(b[:end]), " ")
	size, err := strconv.ParseUint(digits, 10, 62)
	h := looseHead{kindOf(name), int(size), end + 1}
	if err != nil || h.kind == 0 {
		return looseHead{}, errors.New("loose object: " + errHead.Error())
	}
	return h, nil
}

// loose reads an object that is in no pack.
func (z *inflater) loose(folder string, id ID) (o object, found bool, err error) {
	src, h, found, err := z.openLoose(folder, id)
	if !found || err != nil {
		return object{}, found, err
	}
	if h.size > Largest {
		return object{}, true, fmt.Errorf("%d bytes: %w", h.size, ErrTooLarge)
	}
	b, err := z.inflate(src, h.length+h.size)
	if err != nil {
		return object{}, true, fmt.Errorf("loose object: %w", err)
	}
	return object{h.kind, flat(b[h.length:])}, true, nil
}

// looseBeginning lists the loose objects whose hexadecimal ids begin with at least two digits.
func looseBeginning(folder, digits string) (ids []ID) {
	files, _ := os.ReadDir(filepath.Join(folder, digits[:2])) // no folder, no objects
	for _, f := range files {
		if id, ok := parseID(digits[:2] + f.Name()); ok && strings.HasPrefix(id.String(), digits) {
			ids = append(ids, id)
		}
	}
	return slices.Clip(ids)
}
