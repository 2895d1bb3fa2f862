package app_test

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/golden"
)

// TestEveryRuleIsInTheCatalogue reads the names of rules out of the source.
func TestEveryRuleIsInTheCatalogue(t *testing.T) {
	name := regexp.MustCompile(`(?:Rule: +|Rule = |Scalar = |return )"([a-z0-9]+(?:-[a-z0-9]+)*)"`)
	used := map[string]bool{"utf-8": true, "value": true}
	err := fs.WalkDir(os.DirFS(".."), ".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		src, err := os.ReadFile(filepath.Join("..", path))
		for _, m := range name.FindAllStringSubmatch(string(src), -1) {
			used[m[1]] = true
			if strings.HasPrefix(m[0], "Rule: ") && finding.Asks(m[1]) == "" {
				t.Errorf("%s: the rule %s is not in the catalogue (finding/catalogue.go)", path, m[1])
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for rule := range finding.Rules() {
		if !used[rule] {
			t.Errorf("nothing uses the rule %s of the catalogue", rule)
		}
	}
}

// TestTheRulesPageIsTheCatalogue keeps docs/rules.md true; -update writes it.
func TestTheRulesPageIsTheCatalogue(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Rules\n\nWhat `liaison check` asks for. The name stands in brackets behind each finding.\n\n| rule | asks for |\n|---|---|\n")
	rules := finding.Rules()
	for _, rule := range slices.Sorted(maps.Keys(rules)) {
		fmt.Fprintf(&b, "| `%s` | %s |\n", rule, rules[rule])
	}
	fmt.Fprintf(&b, "| `unknown-KIND`, such as `unknown-team` | %s |\n", finding.Asks("unknown-team"))
	golden.File(t, filepath.Join(root, "docs", "rules.md"), b.String())
}
