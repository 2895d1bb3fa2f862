package workflow

import (
	"fmt"
	"slices"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// An Expr is a compiled CEL expression. Those of roles, guards and targets answer yes or no.
type Expr struct {
	Text  string
	prog  cel.Program
	reads []string // top-level fields of record that it asks for

	asksRecord bool
	steady     bool
}

// Vars are what an expression may ask about.
type Vars struct {
	Actor  string         // login of who acts
	Record map[string]any // the record's values, with filer and requester
	Person map[string]any // the actor's own record, as it reads at At
	At     time.Time      // the instant that is asked about
	Lookup Lookup         // finds another record; nil: none
}

// A Lookup finds a record's values by kind and id.
type Lookup func(kind, id string) (map[string]any, bool)

// costLimit bounds the work of one evaluation; CEL's unit is about one step.
const costLimit = 1_000_000

// Eval answers the expression. An error means that there is no answer: it is no for
// rights and unknown for targets.
func (e *Expr) Eval(v Vars) (bool, error) {
	out, err := e.run(v)
	if err != nil {
		return false, err
	}
	yes, ok := out.Value().(bool)
	if !ok {
		return false, fmt.Errorf("`%s`: the answer is %v, not true or false", e.Text, out.Value())
	}
	return yes, nil
}

func (e *Expr) run(v Vars) (ref.Val, error) {
	out, _, err := e.prog.Eval(map[string]any{
		"actor": v.Actor, "record": v.Record, "person": v.Person, "at": v.At, worldName: worldVal{lookup: v.Lookup, at: v.At},
	})
	if err != nil {
		return nil, fmt.Errorf("`%s`: %w", e.Text, err)
	}
	return out, nil
}

// A compiler knows the kinds' shapes and compiles expressions about their records.
type compiler struct {
	def    *Definition
	shapes *shapes
	types  map[string]*types.Type // of each kind's records
	person *types.Type            // of the actor's own record; nil: expressions have none
	envs   map[string]*cel.Env    // by kind, made when first asked for
}

// newCompiler declares the records' types. Where people are named, but of no kind, person
// has no fixed shape.
func newCompiler(def *Definition, people bool) (*compiler, error) {
	registry, err := types.NewRegistry()
	if err != nil {
		return nil, err
	}
	c := &compiler{def: def, shapes: newShapes(registry), types: map[string]*types.Type{}, envs: map[string]*cel.Env{}}
	for _, k := range def.Kinds {
		c.types[k.Name] = c.shapes.record(k)
	}
	if people {
		c.person = types.DynType
	}
	if def.People != nil {
		c.person = c.types[def.People.Kind]
	}
	return c, nil
}

// A fault is why an expression does not compile, and where in it.
type fault struct {
	line, column int // 1-based line; 0-based column in characters
	words        string
	wanted       string // what it may give
}

// compile checks an expression about records of a kind that answers yes or no.
func (c *compiler) compile(text string, kind *Kind) (*Expr, *fault) {
	return c.compileTo(text, kind, "true or false", func(t *types.Type) bool { return t.Kind() == types.BoolKind })
}

// compileTo checks an expression about records of a kind; wanted says what it may give.
func (c *compiler) compileTo(text string, kind *Kind, wanted string, is func(*types.Type) bool) (*Expr, *fault) {
	env, err := c.env(kind)
	if err != nil {
		return nil, &fault{words: err.Error(), wanted: wanted}
	}
	checked, iss := env.Compile(text)
	if iss.Err() != nil {
		e := iss.Errors()[0]
		return nil, &fault{e.Location.Line(), e.Location.Column(), c.explain(e.Message), wanted}
	}
	if t := checked.OutputType(); !is(t) && t.Kind() != types.DynKind {
		return nil, &fault{1, 0, fmt.Sprintf("it gives %s, not %s", typeInWords(t.String()), wanted), wanted}
	}
	prog, err := env.Program(checked, cel.CostLimit(costLimit))
	if err != nil {
		return nil, &fault{1, 0, err.Error(), wanted}
	}
	return &Expr{text, prog, fieldsRead(checked.NativeRep()), namesRecord(checked.NativeRep()), isSteady(checked.NativeRep().Expr())}, nil
}

// namesRecord reports whether an expression speaks of the record at all.
func namesRecord(checked *ast.AST) (named bool) {
	ast.PreOrderVisit(checked.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		named = named || e.Kind() == ast.IdentKind && e.AsIdent() == "record"
	}))
	return named
}

// AsksRecord reports whether the answer may depend on the record.
func (e *Expr) AsksRecord() bool { return e.asksRecord }

// isSteady reports whether an expression, or a part of one, asks the actor and the person alone,
// and the time only whether an entry of the person's holds.
func isSteady(e ast.Expr) bool {
	switch e.Kind() {
	case ast.IdentKind:
		name := e.AsIdent()
		return name != "record" && name != "at" && name != worldName
	case ast.LiteralKind:
		return true
	case ast.SelectKind:
		return isSteady(e.AsSelect().Operand())
	case ast.ListKind:
		return !slices.ContainsFunc(e.AsList().Elements(), unsteady)
	case ast.CallKind:
		args := e.AsCall().Args()
		if e.AsCall().FunctionName() == holdsName && isAt(args[1]) {
			return isSteady(args[0])
		}
		return (!e.AsCall().IsMemberFunction() || isSteady(e.AsCall().Target())) && !slices.ContainsFunc(args, unsteady)
	case ast.ComprehensionKind:
		c := e.AsComprehension()
		parts := []ast.Expr{c.IterRange(), c.AccuInit(), c.LoopCondition(), c.LoopStep(), c.Result()}
		return !slices.ContainsFunc(parts, unsteady)
	}
	return false // a mapping of its own may have dates of its own
}

func unsteady(e ast.Expr) bool { return !isSteady(e) }

func isAt(e ast.Expr) bool { return e.Kind() == ast.IdentKind && e.AsIdent() == "at" }

// Steady reports whether the answer for one actor and one person can change only at the
// person's Turns.
func (e *Expr) Steady() bool { return e.steady }

// fieldsRead are the top-level fields of record that an expression names: record.goal or
// record['goal'].
func fieldsRead(checked *ast.AST) []string {
	var out []string
	isRecord := func(e ast.Expr) bool { return e.Kind() == ast.IdentKind && e.AsIdent() == "record" }
	ast.PreOrderVisit(checked.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		switch {
		case e.Kind() == ast.SelectKind && isRecord(e.AsSelect().Operand()):
			out = append(out, e.AsSelect().FieldName())
		case e.Kind() == ast.CallKind && e.AsCall().FunctionName() == operators.Index && isRecord(e.AsCall().Args()[0]):
			if key := e.AsCall().Args()[1]; key.Kind() == ast.LiteralKind {
				out = append(out, fmt.Sprint(key.AsLiteral().Value()))
			}
		}
	}))
	return out
}

// env is what an expression about a kind may speak of.
func (c *compiler) env(kind *Kind) (*cel.Env, error) {
	if env := c.envs[kind.Name]; env != nil {
		return env, nil
	}
	opts := []cel.EnvOption{
		cel.CustomTypeProvider(c.shapes),
		cel.Variable("actor", cel.StringType),
		cel.Variable("at", cel.TimestampType),
		cel.Variable("record", c.types[kind.Name]),
		cel.Variable(worldName, worldType),
		cel.Macros(cel.GlobalMacro("lookup", 2, c.expandLookup)),
		c.holdsFunction(),
	}
	if c.person != nil {
		opts = append(opts, cel.Variable("person", c.person))
	}
	for _, k := range c.def.Kinds {
		opts = append(opts, c.lookupFunction(k))
	}
	env, err := cel.NewEnv(opts...)
	c.envs[kind.Name] = env
	return env, err
}

// holdsFunction is holds(entry, at): whether a dated entry includes an instant.
func (c *compiler) holdsFunction() cel.EnvOption {
	return cel.Function(holdsName, cel.Overload("holds_entry", []*cel.Type{cel.DynType, cel.TimestampType}, cel.BoolType,
		cel.BinaryBinding(func(entry, at ref.Val) ref.Val {
			m, ok := entry.Value().(map[string]any)
			t, isTime := at.Value().(time.Time)
			if !ok || !isTime {
				return types.NewErr("holds() wants an entry with from and to, and a time")
			}
			return types.Bool(Holds(m, t, c.def.Zone()))
		})))
}

const holdsName = "holds"

// Names that no expression can spell: only the lookup macro makes them.
const worldName = "@world"

var worldType = cel.OpaqueType("liaison.world")

// expandLookup turns lookup('team', id) into a call of the function for that kind, so
// that what comes back has the kind's type.
func (c *compiler) expandLookup(eh cel.MacroExprFactory, _ ast.Expr, args []ast.Expr) (ast.Expr, *common.Error) {
	name := ""
	if args[0].Kind() == ast.LiteralKind {
		name, _ = args[0].AsLiteral().Value().(string)
	}
	if c.def.Kind(name) == nil {
		return nil, eh.NewError(args[0].ID(), "lookup() wants the name of a kind in quotes, such as lookup('"+c.def.Kinds[0].Name+"', …)")
	}
	return eh.NewCall(lookupName(name), eh.NewIdent(worldName), args[1]), nil
}

func lookupName(kind string) string { return "@lookup_" + kind }

func (c *compiler) lookupFunction(k *Kind) cel.EnvOption {
	name, zone := lookupName(k.Name), c.def.Zone()
	return cel.Function(name, cel.Overload(name+"_id", []*cel.Type{worldType, cel.StringType}, c.types[k.Name],
		cel.BinaryBinding(func(world, id ref.Val) ref.Val {
			w, ok := world.(worldVal)
			if !ok || w.lookup == nil {
				return types.NewErr("there is nothing to look up a %s in", k.Name)
			}
			values, found := w.lookup(k.Name, fmt.Sprint(id.Value()))
			if !found {
				return types.NewErr("there is no %s `%v`", k.Name, id.Value())
			}
			return types.DefaultTypeAdapter.NativeToValue(Dated(values, w.at, zone))
		})))
}
