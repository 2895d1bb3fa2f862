package form

import (
	"fmt"
	"path"
	"strings"
)

// stem is a file's name without its ending.
func stem(p string) string {
	return strings.TrimSuffix(path.Base(p), path.Ext(p))
}

// relative is the path of one file as seen from another's folder.
func relative(from, to string) string {
	return strings.Repeat("../", strings.Count(from, "/")) + to
}

// Path is the file that a name stands for under a pattern of files: folders of the pattern
// that are left open take those of the name, and the year where it has none.
func Path(files, name string, year int) (string, error) {
	folders := strings.Split(name, "/")
	for _, f := range folders {
		if strings.Trim(f, ".") == "" {
			return "", fmt.Errorf("%q is no name: expected letters, digits and dashes", name)
		}
	}
	name, folders = folders[len(folders)-1], folders[:len(folders)-1]
	steps := strings.Split(files, "/")
	last := steps[len(steps)-1]
	if last == "**" {
		last = "*.yaml"
	}
	if strings.Count(last, "*") != 1 || strings.ContainsAny(last, `?[\`) {
		return "", fmt.Errorf("the pattern %s leaves open how a file is called", files)
	}
	var out []string
	for _, step := range steps[:len(steps)-1] {
		switch {
		case step == "**":
			out, folders = append(out, folders...), nil
		case step == "*" && len(folders) > 0:
			out, folders = append(out, folders[0]), folders[1:]
		case step == "*":
			out = append(out, fmt.Sprint(year))
		case strings.ContainsAny(step, `*?[\`):
			return "", fmt.Errorf("the pattern %s leaves open how a folder is called", files)
		default:
			out = append(out, step)
		}
	}
	if len(folders) > 0 {
		return "", fmt.Errorf("the pattern %s has no place for the folder %s", files, strings.Join(folders, "/"))
	}
	return strings.Join(append(out, strings.Replace(last, "*", name, 1)), "/"), nil
}
