package document

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
)

// readPlain reads the YAML that people write: block mappings and lists indented by spaces,
// flow lists and mappings on one line, text without escapes. It says ok only of a document
// that the exact way (read) takes without a finding, for the values that it gives, and in
// which no scalar is ambiguous. Whatever it does not know at sight it leaves to that way. What it
// saves: docs/decisions/plain-yaml.md.
func readPlain(src []byte) (value map[string]any, ok bool) {
	p, ok := newPlainReader(src)
	if !ok || !plainText(p.src) {
		return nil, false
	}
	value, ok = p.mapping(0, mostPlain)
	return value, ok && p.done && len(value) > 0
}

// newPlainReader stands at the first line of a document that may be plain, where its text is.
func newPlainReader(src []byte) (p plainReader, ok bool) {
	if len(src) > MaxBytes || !bytes.HasSuffix(src, []byte("\n")) {
		return p, false
	}
	p.src = string(src)
	p.rest = p.src
	p.next()
	return p, true
}

// mostPlain is how deep plain values are nested, well below the limit of a record.
const mostPlain = 8

// plainText reports whether src is UTF-8 of what a person sees, with line feeds alone.
func plainText(src string) bool {
	for i := 0; i < len(src); {
		if c := src[i]; c >= ' ' && c < 0x7f || c == '\n' {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(src[i:])
		if r < 0xA0 || size == 1 || r&0xFFFE == 0xFFFE || hidden(r) {
			return false
		}
		i += size
	}
	return true
}

// A plainReader goes through a document line by line.
type plainReader struct {
	src    string // all of it
	rest   string // after the current line
	line   string // the current line, from its first character that is no space
	indent int    // spaces before it
	done   bool   // there is no current line
}

// next goes to the next line that says something.
func (p *plainReader) next() {
	for p.rest != "" {
		full := p.take()
		p.line = strings.TrimLeft(full, " ")
		if p.indent = len(full) - len(p.line); p.line != "" && p.line[0] != '#' {
			return
		}
	}
	p.line, p.indent, p.done = "", -1, true
}

// take cuts the next line off.
func (p *plainReader) take() string {
	line, rest, _ := strings.Cut(p.rest, "\n")
	p.rest = rest
	return line
}

// mapping reads the lines of a block mapping that is indented by so many spaces. The
// current line is its first.
func (p *plainReader) mapping(indent, depth int) (map[string]any, bool) {
	if depth == 0 {
		return nil, false
	}
	out := map[string]any{}
	folded := keySet{}
	for !p.done && p.indent == indent {
		key, v, ok := p.pair(indent, depth)
		if !ok || !folded.add(key) {
			return nil, false
		}
		out[key] = v
	}
	return out, p.done || p.indent < indent
}

// pair reads a key and its value. The current line is the one that has the key.
func (p *plainReader) pair(indent, depth int) (key string, v any, ok bool) {
	key, rest, ok := cutKey(p.line)
	if !ok || rest != "" && rest[0] != ' ' {
		return "", nil, false
	}
	v, ok = p.value(strings.TrimLeft(rest, " "), indent, depth)
	return key, v, ok
}

// value reads what stands behind a key, on its line and on those that belong to it. What
// follows is the current line then.
func (p *plainReader) value(text string, indent, depth int) (v any, ok bool) {
	switch {
	case text == "" || text[0] == '#':
		p.next()
		return p.below(indent, depth)
	case text[0] == '>' || text[0] == '|':
		return p.block(text, indent)
	}
	return p.inline(text, indent, depth)
}

// inline reads a value that ends on the current line. A line below that is indented more
// than what the value belongs to would go on with it, and is not known here.
func (p *plainReader) inline(text string, indent, depth int) (v any, ok bool) {
	if v, ok = lineValue(text, depth); !ok {
		return nil, false
	}
	p.next()
	return v, p.done || p.indent <= indent
}

// below reads the mapping or list in the lines under a key, or nothing.
func (p *plainReader) below(indent, depth int) (any, bool) {
	list := strings.HasPrefix(p.line, "- ")
	switch {
	case list && p.indent >= indent:
		return p.list(p.indent, depth-1)
	case p.indent > indent:
		return p.mapping(p.indent, depth-1)
	}
	return nil, true
}

// list reads the lines of a block list.
func (p *plainReader) list(indent, depth int) (any, bool) {
	if depth <= 0 {
		return nil, false
	}
	out := []any{}
	for !p.done && p.indent == indent && strings.HasPrefix(p.line, "- ") {
		text := p.line[2:]
		if text == "" || text[0] == ' ' || text[0] == '#' {
			return nil, false
		}
		v, ok := p.item(text, indent, depth)
		if !ok {
			return nil, false
		}
		out = append(out, v)
	}
	return out, p.done || p.indent <= indent
}

// item reads one entry of a block list: a value, or a mapping whose keys stand two columns
// further right.
func (p *plainReader) item(text string, indent, depth int) (any, bool) {
	if _, rest, ok := cutKey(text); ok && (rest == "" || rest[0] == ' ') {
		p.line, p.indent = text, indent+2
		return p.mapping(p.indent, depth-1)
	}
	return p.inline(text, indent, depth)
}

// block reads a text over several lines, all indented alike, blank ones between them.
func (p *plainReader) block(head string, indent int) (any, bool) {
	if head != ">-" && head != "|-" && head != ">" && head != "|" {
		return nil, false
	}
	var b strings.Builder
	width, blank := -1, 0
	for p.rest != "" {
		line, _, _ := strings.Cut(p.rest, "\n")
		text := strings.TrimLeft(line, " ")
		in := len(line) - len(text)
		switch {
		case line == "":
			blank++
			p.take()
			continue
		case text == "":
			return nil, false
		case width < 0 && in > indent:
			width = in
			b.Grow(len(text) * 8)
		case in <= indent && width > 0:
			return ended(&b, head, p)
		case in != width:
			return nil, false
		}
		if !joined(&b, head[0], blank) || line[len(line)-1] == ' ' {
			return nil, false
		}
		b.WriteString(text)
		blank = 0
		p.take()
	}
	if width < 0 {
		return nil, false
	}
	return ended(&b, head, p)
}

// joined writes what stands between two lines of a text.
func joined(b *strings.Builder, style byte, blank int) bool {
	switch {
	case b.Len() == 0:
		return blank == 0
	case style == '>' && blank == 0:
		b.WriteByte(' ')
		return true
	case style == '|':
		blank++
	}
	for range blank {
		b.WriteByte('\n')
	}
	return true
}

// ended is a text over several lines whose last line has been read.
func ended(b *strings.Builder, head string, p *plainReader) (any, bool) {
	if len(head) == 1 {
		b.WriteByte('\n')
	}
	p.next()
	return b.String(), true
}

// lineValue reads a whole value up to the end of its line, a comment behind it left out.
func lineValue(text string, depth int) (any, bool) {
	switch text[0] {
	case '[', '{', '"', '\'':
		v, rest, ok := flow(text, depth)
		rest = strings.TrimLeft(rest, " ")
		return v, ok && (rest == "" || rest[0] == '#' && text[len(text)-len(rest)-1] == ' ')
	}
	if i := strings.Index(text, " #"); i >= 0 {
		text = text[:i]
	}
	text = strings.TrimRight(text, " ")
	if strings.Contains(text, ": ") || text[len(text)-1] == ':' {
		return nil, false
	}
	return plainValue(text)
}

// flow reads a value in brackets, braces or quotes, or one that stands inside of these.
func flow(text string, depth int) (v any, rest string, ok bool) {
	if text == "" || depth == 0 {
		return nil, "", false
	}
	switch text[0] {
	case '[':
		return flowList(text[1:], depth-1)
	case '{':
		return flowMapping(text[1:], depth-1)
	case '"', '\'':
		return quotedText(text)
	}
	end := 0
	for end < len(text) && (inWord(text[end]) || text[end] >= 0x80) {
		end++
	}
	if end == 0 {
		return nil, "", false
	}
	v, ok = plainValue(strings.TrimRight(text[:end], " "))
	return v, text[end:], ok
}

// inWord are the characters of plain text that mean nothing in brackets and braces.
func inWord(c byte) bool {
	return letter(c) || '0' <= c && c <= '9' || strings.IndexByte(" ._/()+-", c) >= 0
}

func letter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

// quotedText reads text in quotes that holds neither an escape nor a quote.
func quotedText(text string) (v any, rest string, ok bool) {
	end := strings.IndexByte(text[1:], text[0]) + 1
	if end == 0 || text[0] == '"' && strings.IndexByte(text[:end], '\\') >= 0 || strings.HasPrefix(text[end:], "''") {
		return nil, "", false
	}
	return text[1:end], text[end+1:], true
}

func flowList(text string, depth int) (v any, rest string, ok bool) {
	out := []any{}
	text = strings.TrimLeft(text, " ")
	if strings.HasPrefix(text, "]") {
		return out, text[1:], true
	}
	for {
		if v, text, ok = flow(text, depth); !ok {
			return nil, "", false
		}
		out = append(out, v)
		if text = strings.TrimLeft(text, " "); strings.HasPrefix(text, "]") {
			return out, text[1:], true
		}
		if text, ok = strings.CutPrefix(text, ", "); !ok {
			return nil, "", false
		}
		text = strings.TrimLeft(text, " ")
	}
}

func flowMapping(text string, depth int) (v any, rest string, ok bool) {
	out := map[string]any{}
	folded := keySet{}
	for text = strings.TrimLeft(text, " "); ; text = strings.TrimLeft(text, " ") {
		key, value, known := cutKey(text)
		if !known || !folded.add(key) || !strings.HasPrefix(value, " ") {
			return nil, "", false
		}
		if v, text, ok = flow(strings.TrimLeft(value, " "), depth); !ok {
			return nil, "", false
		}
		out[key] = v
		if text = strings.TrimLeft(text, " "); strings.HasPrefix(text, "}") {
			return out, text[1:], true
		}
		if text, ok = strings.CutPrefix(text, ", "); !ok {
			return nil, "", false
		}
	}
}

// longestKey is well below the length from which YAML takes no key on trust.
const longestKey = 128

// cutKey cuts a line behind the colon of its key, which is a name as schemas have them.
func cutKey(line string) (key, rest string, ok bool) {
	end := 0
	for end < len(line) && (letter(line[end]) || line[end] == '_' || end > 0 && (line[end] == '-' || '0' <= line[end] && line[end] <= '9')) {
		end++
	}
	if end == 0 || end > longestKey || end == len(line) || line[end] != ':' || special(line[:end]) {
		return "", "", false
	}
	return line[:end], line[end+1:], true
}

// A keySet is the keys of a mapping, of which no two may differ in capitals only.
type keySet []string

// mostKeys is how many keys of a mapping are compared with one another.
const mostKeys = 128

func (s *keySet) add(key string) bool {
	if len(*s) == mostKeys {
		return false
	}
	for _, k := range *s {
		if len(k) == len(key) && strings.EqualFold(k, key) {
			return false
		}
	}
	*s = append(*s, key)
	return true
}

// special are the words that some reader of YAML does not take for text.
func special(s string) bool {
	if len(s) > len("false") {
		return false
	}
	switch strings.ToLower(s) {
	case "y", "n", "yes", "no", "on", "off", "true", "false", "null":
		return true
	}
	return false
}

// plainValue is the value of a plain scalar, where all readers of YAML agree on it.
func plainValue(s string) (any, bool) {
	switch {
	case s == "":
		return nil, false
	case s == "true" || s == "false":
		return s == "true", true
	case letter(s[0]) || s[0] >= 0x80:
		return s, !special(s)
	case s[0] < '0' || s[0] > '9':
		return nil, false
	case day(s) || strings.ContainsAny(s, "ghijklmnpqrsuvwyGHIJKLMNPQRSUVWY"):
		return s, true // no notation of a number or a time has these letters
	case len(s) > 15 || len(s) > 1 && s[0] == '0' || strings.Trim(s, "0123456789") != "":
		return nil, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

// day reports whether s is written like 2026-03-14.
func day(s string) bool {
	if len(s) != len("2026-03-14") || s[4] != '-' || s[7] != '-' {
		return false
	}
	return strings.Trim(s[:4]+s[5:7]+s[8:], "0123456789") == ""
}
