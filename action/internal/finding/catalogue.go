package finding

import "strings"

// Asks says in a sentence what a rule asks for; "" for a rule that is not in the catalogue.
func Asks(rule string) string {
	if s, ok := catalogue()[rule]; ok {
		return s
	}
	if _, named := strings.CutPrefix(rule, "unknown-"); named {
		return "What a record names has a record of its own."
	}
	return ""
}

// Rules are all rules of the catalogue, with what each asks for. Beside them stands
// unknown-KIND, for a reference to a record of some kind.
func Rules() map[string]string { return catalogue() }

func catalogue() map[string]string {
	return map[string]string{
		// the file
		"file-size":           "A file has at most 65,536 bytes.",
		"utf-8":               "A file is UTF-8.",
		"byte-order-mark":     "A file has no byte order mark.",
		"invisible-character": "A file holds no character that a reader does not see, escaped ones included.",
		"yaml-syntax":         "A file is YAML.",
		"empty-file":          "A file has content.",
		"one-document":        "A file is one YAML document.",
		"mapping-root":        "A file is a mapping of keys to values.",
		"depth":               "Values are nested at most 20 deep.",
		"no-alias":            "A value is written out, not an alias.",
		"no-anchor":           "A value has no anchor.",
		"no-tag":              "A value has no tag.",
		"no-merge":            "Mappings are written out, not merged.",
		"key-string":          "A key is text to every reader of YAML.",
		"key-twice":           "A key stands once in its mapping, however it is written.",
		"finite-number":       "A number is finite.",
		"ambiguous-scalar":    "Text that some readers of YAML take for something else is in quotes.",
		"unreadable":          "A file can be read.",
		"regular-file":        "A record is an ordinary file.",
		"file-mode":           "A record's file is not executable.",
		"path-form":           "A record's path has letters, digits, dots, dashes and underscores.",
		"path-twin":           "No two paths are the same but for case or accents.",
		"stray-file":          "Every YAML file among the records is of some kind.",
		"no-such-path":        "What is to be checked exists.",
		"no-kind":             "What is to be checked is a record.",
		// the schema
		"unknown-key":   "A record has only keys that its schema knows.",
		"missing-key":   "A record has the keys that its schema requires.",
		"unknown-value": "A value is one of those that its schema lists.",
		"value-type":    "A value is of the type that its schema asks for.",
		"value-form":    "A value has the form that its schema asks for, such as a date.",
		"value":         "A value is what its schema asks for.",
		"key-form":      "A name has the form that the schema asks for.",
		// the definition
		"schema":            "A kind's schema is a JSON Schema that stands alone.",
		"timezone":          "A time zone is one that the zone database knows.",
		"account":           "An account is login#numeric-id.",
		"files":             "A kind's files are a pattern of paths.",
		"status":            "A kind with states or moves says which field shows the state.",
		"unknown-kind":      "A kind that is named is defined.",
		"unknown-state":     "A state that is named is defined.",
		"unknown-role":      "A role that is named is defined.",
		"unknown-field":     "A field that is named is in the kind's schema.",
		"role-kind":         "A role can be asked of the kind that names it.",
		"unreachable-state": "A chain of moves leads to every state.",
		"initial-state":     "Where there are moves, a state is initial.",
		"move":              "A move leads where the definition allows, for its author.",
		"trigger":           "A clock starts and stops with events.",
		"duration":          "A duration is a number and a word.",
		"calendar":          "A calendar that is named is defined, and has hours.",
		"calendar-ends":     "A calendar knows the holidays of the next 90 days at least.",
		"hours":             "Hours of a day begin before they end, and share no minute with others.",
		"holiday":           "A holiday is a day of the calendar, and stands once.",
		"ics":               "A file of holidays is an iCalendar file with a whole-day event for each.",
		"never":             "A clock's start and its stop can happen.",
		"circular-where":    "What a target speaks of does not hang on the state that its clock follows.",
		"expression":        "An expression compiles, and is true or false.",
		// other records
		"refers-to-itself": "A record names another, not itself.",
		"not-active":       "Who is newly named is active.",
		"file-name":        "An id is the name of its file.",
		"twin":             "What only one record may have, no other has.",
		"private":          "No way to reach a person in private stands in a record.",
		"not-here":         "What must never be recorded is not, and goes its own route.",
		"status-lags":      "A file shows the state that its history gives it.",
		// the rights of an author
		"field-owner":    "A field is set by whom it belongs to.",
		"record-owner":   "A record is changed by whom it belongs to.",
		"filer":          "Who files for somebody else is of the desk.",
		"one-each":       "A pull request adds one record of a kind that moves.",
		"deletion":       "A record ends in a state; only the manager takes it out.",
		"rules-owner":    "Rules are changed by the manager.",
		"rules-and-data": "Rules and records change in pull requests of their own.",
		"several-forks":  "A branch and its base part in one place.",
		"no-actor":       "A change is judged by the rights of its author.",
		"no-definition":  "A change leaves the desk a definition that can be read.",
		"witness":        "The witness branch is as it was written.",
	}
}
