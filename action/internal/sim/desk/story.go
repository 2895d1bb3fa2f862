package desk

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/pattern"
)

// A tale is one request of the story: who asks for what, when, and what became of it.
type tale struct {
	filed  time.Time
	slug   string
	title  string
	filer  string
	team   string
	help   string
	goal   string // an id, or none
	cl     string // the liaison who takes care of it
	style  string // how its pull requests land: merge, squash, rebase
	scenes []scene
}

// A scene is something that happens to a request some time after its filing.
type scene struct {
	verb  string
	after time.Duration
}

var (
	second = pattern.Of(`^(\S+) for (\S+): (.+); (?:goal (\S+)|beyond goals); by (\S+), (\S+)$`)
	offset = pattern.Of(`^(?:(\d+)d)?(?:(\d+)h)?$`)
)

// parse reads the story: paragraphs of four lines.
func parse(text string) ([]tale, error) {
	var tales []tale
	for _, paragraph := range strings.Split(strings.TrimSpace(text), "\n\n") {
		t, err := parseTale(strings.Split(paragraph, "\n"))
		if err != nil {
			return nil, fmt.Errorf("the story of %q: %w", strings.SplitN(paragraph, "\n", 2)[0], err)
		}
		tales = append(tales, t)
	}
	return tales, nil
}

func parseTale(lines []string) (tale, error) {
	if len(lines) != 4 {
		return tale{}, fmt.Errorf("%d lines, expected 4", len(lines))
	}
	when, slug, _ := strings.Cut(lines[0], " ")
	filed, err := time.Parse("2006-01-02T15:04Z07:00", when)
	if err != nil {
		return tale{}, err
	}
	m := second().FindStringSubmatch(strings.TrimSpace(lines[2]))
	if m == nil {
		return tale{}, fmt.Errorf("cannot read %q", lines[2])
	}
	t := tale{filed: filed, slug: slug, title: strings.TrimSpace(lines[1]), filer: m[1], team: m[2], help: m[3], goal: m[4], cl: m[5], style: m[6]}
	if t.goal == "" {
		t.goal = "none"
	}
	t.scenes, err = parseScenes(strings.TrimSpace(lines[3]))
	return t, err
}

func parseScenes(line string) ([]scene, error) {
	if line == "nobody answers" {
		return nil, nil
	}
	var scenes []scene
	for _, word := range strings.Fields(line) {
		verb, at, _ := strings.Cut(word, "@")
		m := offset().FindStringSubmatch(at)
		if m == nil || at == "" {
			return nil, fmt.Errorf("%q is no scene: expected verb@2d4h", word)
		}
		days, _ := strconv.Atoi(m[1])
		hours, _ := strconv.Atoi(m[2])
		scenes = append(scenes, scene{verb, time.Duration(24*days+hours) * time.Hour})
	}
	return scenes, nil
}
