package workflow

import (
	"fmt"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// A Group is a way to break the figures of a kind down: an expression that gives each record
// one text, or several.
type Group struct {
	Name string
	expr *Expr
}

// Values are the texts of one record, in the order in which the expression gives them; none
// where it gives nothing. An error means that there is no answer.
func (g Group) Values(v Vars) ([]string, error) {
	out, err := g.expr.run(v)
	if err != nil {
		return nil, err
	}
	var texts []string
	add := func(v ref.Val) error {
		s, ok := v.Value().(string)
		if !ok && v.Type() != types.NullType {
			return fmt.Errorf("`%s`: the answer is %v, not a text or a list of texts", g.expr.Text, v.Value())
		}
		if s != "" {
			texts = append(texts, s)
		}
		return nil
	}
	list, several := out.(traits.Lister)
	if !several {
		return texts, add(out)
	}
	for it := list.Iterator(); it.HasNext() == types.True; {
		if err := add(it.Next()); err != nil {
			return nil, err
		}
	}
	return texts, nil
}

// groups reads the groups of a kind.
func (r *reader) groups(k *Kind, raw rawKind) {
	for _, name := range r.doc.Keys("kinds", k.Name, "groups") {
		expr, bad := r.compiler.compileTo(raw.Groups[name], k, "a text or a list of texts", textual)
		if bad != nil {
			r.reportFault(bad, "kinds", k.Name, "groups", name)
			continue
		}
		k.Groups = append(k.Groups, Group{name, expr})
	}
}

// textual reports whether a type is text, or a list that may hold some.
func textual(t *types.Type) bool {
	if t.Kind() == types.ListKind {
		t = t.Parameters()[0]
	}
	return t.Kind() == types.StringKind || t.Kind() == types.DynKind
}
