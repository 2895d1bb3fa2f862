package workflow

import (
	"errors"
	"reflect"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// worldVal carries into an evaluation what lookup() reads, as a value that no expression
// can take apart.
type worldVal struct {
	lookup Lookup
	at     time.Time
}

// ConvertToNative refuses.
func (worldVal) ConvertToNative(reflect.Type) (any, error) {
	return nil, errors.New("the world is not a value")
}

// ConvertToType refuses.
func (worldVal) ConvertToType(ref.Type) ref.Val { return types.NewErr("the world is not a value") }

// Equal is false.
func (worldVal) Equal(ref.Val) ref.Val { return types.False }

// Type is the opaque type that lookups take.
func (worldVal) Type() ref.Type { return worldType }

// Value is the value itself.
func (w worldVal) Value() any { return w }
