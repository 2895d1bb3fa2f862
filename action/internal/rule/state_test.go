package rule_test

import (
	"strings"
	"testing"

	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/rule"
	"github.com/commrel/liaison/action/internal/workflow"
)

func TestAStatusIsAStateOfItsKind(t *testing.T) {
	const definition = "desk: D\nkinds:\n  note:\n    files: notes/*.yaml\n    status: status\n    states: {new: {initial: true}, done: {final: true}}\n"
	def, fs, err := workflow.Read("d.yaml", []byte(definition), nil)
	if err != nil || len(fs) > 0 {
		t.Fatal(err, fs)
	}
	for _, c := range []struct{ name, src, want string }{
		{"one of them is", "status: done\n", ""},
		{"none is the initial one", "title: A\n", ""},
		{"a misspelt one is none", "title: A\nstatus: dne\n", "notes/a.yaml:2:9: error: `status` is \"dne\", which is no state of a note; expected new or done [unknown-state]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, _, err := record.Read(def.Kinds[0], "notes/a.yaml", []byte(c.src))
			if err != nil || r == nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range (rule.World{Definition: def}).Record(*r) {
				got = append(got, f.String())
				if f.Edit.Text != "done" {
					t.Errorf("the mend is %+v", f.Edit)
				}
			}
			if strings.Join(got, "\n") != c.want {
				t.Errorf("got %s\nwant %s", got, c.want)
			}
		})
	}
}
