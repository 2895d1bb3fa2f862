package pattern_test

import (
	"testing"

	"github.com/commrel/liaison/action/internal/pattern"
)

func TestAnExpressionIsCompiledOnce(t *testing.T) {
	word := pattern.Of(`^[a-z]+$`)
	if first := word(); !first.MatchString("abc") || word() != first {
		t.Error("expected one expression, which matches abc")
	}
}

func TestATextThatIsNoExpressionPanicsWhenItIsWanted(t *testing.T) {
	bad := pattern.Of(`(`)
	defer func() {
		if recover() == nil {
			t.Error("expected a panic")
		}
	}()
	bad()
}
