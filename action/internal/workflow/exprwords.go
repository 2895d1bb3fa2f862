package workflow

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/pattern"
	"github.com/commrel/liaison/action/internal/schema"
)

// What CEL says, in the words that explain replaces.
var (
	noField    = pattern.Of(`^undefined field '([^']*)'`)
	noName     = pattern.Of(`^undeclared reference to '([^']*)'`)
	noOverload = pattern.Of(`^found no matching overload for '([^']*)' applied to '(.*)'`)
	noToken    = pattern.Of(`^Syntax error: token recognition error at: '([^']*)'`)
)

// explain words CEL's message, with the near name where one is misspelt.
func (c *compiler) explain(msg string) string {
	switch {
	case noField().MatchString(msg):
		name := noField().FindStringSubmatch(msg)[1]
		return suggest(fmt.Sprintf("there is no field `%s`", name), name, c.fields())
	case noName().MatchString(msg):
		name := noName().FindStringSubmatch(msg)[1]
		return suggest(fmt.Sprintf("nothing is called `%s` here", name), name, c.spoken())
	case noOverload().MatchString(msg):
		m := noOverload().FindStringSubmatch(msg)
		return fmt.Sprintf("`%s` does not work on %s", strings.Trim(m[1], "_@"), typesInWords(m[2]))
	case noToken().MatchString(msg):
		return fmt.Sprintf("`%s` means nothing here", noToken().FindStringSubmatch(msg)[1])
	case strings.HasPrefix(msg, "Syntax error") && strings.Contains(msg, "<EOF>"):
		return "it ends too early"
	case strings.HasPrefix(msg, "Syntax error"):
		return "it cannot be read from here on"
	}
	return msg
}

func suggest(words, name string, names []string) string {
	if slices.Contains(names, name) {
		return words + " here"
	}
	if mend := schema.DidYouMean(name, names); mend != "" {
		return words + "; " + mend
	}
	return words
}

// fields are the names of all fields of all kinds, in no order.
func (c *compiler) fields() []string {
	var names []string
	for _, fields := range c.shapes.objects {
		names = slices.AppendSeq(names, maps.Keys(fields))
	}
	return names
}

// spoken are the names that an expression may begin with.
func (c *compiler) spoken() []string {
	names := []string{"actor", "at", "record", "has", "holds", "lookup", "size", "true", "false"}
	if c.person != nil {
		names = append(names, "person")
	}
	return names
}

// typesInWords words the types that an operator was applied to: "(string, int)".
func typesInWords(list string) string {
	list = strings.TrimSuffix(strings.TrimPrefix(list, "("), ")")
	var words []string
	for _, t := range strings.Split(list, ", ") {
		words = append(words, typeInWords(t))
	}
	return strings.Join(words, " and ")
}

func typeInWords(t string) string {
	switch {
	case t == "string":
		return "text"
	case t == "int" || t == "uint":
		return "a whole number"
	case t == "double":
		return "a number"
	case t == "bool":
		return "true or false"
	case strings.HasPrefix(t, "list("):
		return "a list"
	case strings.HasSuffix(t, "timestamp") || strings.HasSuffix(t, "Timestamp"):
		return "a time"
	case strings.HasPrefix(t, "@") || strings.HasPrefix(t, "map("):
		return "a mapping"
	}
	return t
}
