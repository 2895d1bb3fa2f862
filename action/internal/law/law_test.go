package law_test

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/commrel/liaison/action/internal/law"
)

// TestDrawn prints what is drawn, for the test below, which runs it in processes of its own.
func TestDrawn(t *testing.T) {
	law.Check(t, func(t *rapid.T) { fmt.Println("drew", rapid.Uint64().Draw(t, "n")) })
}

func TestASeedIsFixedWhereNobodyGaveOne(t *testing.T) {
	usual := drawn(t, nil)
	cases := []struct {
		name string
		env  []string
		args []string
		same bool
	}{
		{"nobody gave one", nil, nil, true},
		{"the same on the command line", nil, []string{"-rapid.seed=1"}, true},
		{"another on the command line", nil, []string{"-rapid.seed=2"}, false},
		{"a search at random", nil, []string{"-rapid.seed=0"}, false},
		{"another in the environment", []string{"RAPID_SEED=2"}, nil, false},
		{"a search at random by the environment", []string{"RAPID_SEED=0"}, nil, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if same := slices.Equal(usual, drawn(t, c.env, c.args...)); same != c.same {
				t.Errorf("the same values: %v, want %v", same, c.same)
			}
		})
	}
}

// drawn is what TestDrawn prints in a process of its own.
func drawn(t *testing.T, env []string, args ...string) []string {
	t.Helper()
	cmd := exec.Command(os.Args[0], append(args, "-test.run=^TestDrawn$")...)
	cmd.Env = append(seedless(os.Environ()), env...)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var lines []string
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(line, "drew ") {
			lines = append(lines, line)
		}
	}
	if len(lines) < 100 {
		t.Fatalf("%d values were drawn: want 100", len(lines))
	}
	return lines
}

func seedless(env []string) []string {
	return slices.DeleteFunc(env, func(s string) bool { return strings.HasPrefix(s, "RAPID_") })
}
