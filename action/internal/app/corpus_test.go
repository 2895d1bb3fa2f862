package app_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/commrel/liaison/action/internal/app"
)

// run is the real door: a command of the program, with what it wrote.
func run(t testing.TB, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	return runAt(t, now, args...)
}

// runAt is the command at another time.
func runAt(t testing.TB, at time.Time, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	a := &app.App{Stdin: strings.NewReader(""), Definitions: compiled, Stdout: &out, Stderr: &errs, Getenv: func(string) string { return "" }, Now: func() time.Time { return at }}
	code = a.Run(context.Background(), args)
	return code, out.String(), errs.String()
}

// complaints are the findings of a check as JSON, by path: their rules. Warnings are kept
// only when asked for.
func complaints(t testing.TB, stdout string, warnings bool) map[string][]string {
	t.Helper()
	var result struct {
		Findings []struct{ Rule, Severity, Path, Message string }
	}
	if err := json.Unmarshal([]byte(stdout), &result); err != nil {
		t.Fatalf("%v in %.200q", err, stdout)
	}
	byPath := map[string][]string{}
	for _, f := range result.Findings {
		if f.Severity == "error" || warnings {
			byPath[f.Path] = append(byPath[f.Path], f.Rule+": "+f.Message)
		}
	}
	return byPath
}

// shippedDesk is a work tree with the definition, schemas and roster of this repository,
// and without its requests and plans.
func shippedDesk(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for _, part := range []string{".github/liaison.yaml", "schemas", "roster", "plans", "requests"} {
		copyTree(t, filepath.Join("../../..", part), filepath.Join(dir, part))
	}
	initRepo(t, dir)
	return dir
}

func copyTree(t testing.TB, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(from, p)
		if err != nil {
			return err
		}
		src, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		put(t, filepath.Join(to, rel), string(src))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func put(t testing.TB, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
}

const goodRequest = "title: T\nteam: example-editing\nsummary: s\nhelp: [other]\nwanted_by: flexible\n"

// A hostile is a file that must be refused, by a rule where that matters.
type hostile struct{ name, content, rule string }

func hostileFiles() []hostile {
	var all []hostile
	add := func(rule, name, content string) { all = append(all, hostile{name, content, rule}) }
	unseen := []rune{0, 1, 7, 8, 0x0b, 0x0c, 0x1b, 0x7f, 0x80, 0x85, 0x9f, 0x061c, 0x180e, 0x200b, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202d, 0x202e, 0x2060, 0x2063, 0x2066, 0x2069, 0x206f, 0xfeff, 0xfff9, 0xe0001, 0xe0041}
	for _, r := range unseen {
		add("invisible-character", fmt.Sprintf("unseen-%05x", r), goodRequest+"reason: a"+string(r)+"b\n")
		add("invisible-character", fmt.Sprintf("unseen-in-comment-%05x", r), goodRequest+"# a"+string(r)+"b\n")
		if r != 0xfeff {
			add("invisible-character", fmt.Sprintf("unseen-escape-%05x", r), fmt.Sprintf("%sreason: \"a\\U%08Xb\"\n", goodRequest, r))
		}
	}
	add("invisible-character", "lone-return", strings.ReplaceAll(goodRequest, "\n", "\r"))
	for name, s := range map[string]string{"overlong": "\xc0\xaf", "surrogate": "\xed\xa0\x80", "cut": "\xe2\x82", "latin-1": "\xe9", "beyond": "\xf4\x90\x80\x80", "ff": "\xff"} {
		add("utf-8", "bytes-"+name, goodRequest+"reason: a"+s+"b\n")
	}
	add("", "utf-16-le", wide(goodRequest, false))
	add("", "utf-16-be", wide(goodRequest, true))
	add("byte-order-mark", "mark", "\ufeff"+goodRequest)
	add("file-size", "size-one-more", goodRequest+"#"+strings.Repeat("x", 64<<10-len(goodRequest)))
	add("file-size", "size-megabyte", goodRequest+strings.Repeat("# padding\n", 100_000))
	add("", "size-nine-megabytes", goodRequest+strings.Repeat("#", 9<<20))
	add("one-document", "two-documents", goodRequest+"---\n"+goodRequest)
	add("one-document", "two-documents-empty", goodRequest+"---\n")
	add("one-document", "two-documents-hidden", goodRequest+"...\n\n\n# x\n---\nstatus: done\n")
	for name, s := range map[string]string{"empty": "", "spaces": "  \n\n", "comments": "# a\n# b\n", "mark-only": "---\n", "null": "~\n", "list": "- a\n- b\n", "word": "hello\n", "number": "42\n", "quoted": "'a: b'\n", "block": "|\n  a: b\n", "flow-list": "[a, b]\n"} {
		add("", "root-"+name, s)
	}
	for _, n := range []int{21, 100, 1000, 10_000, 30_000} {
		add("", fmt.Sprintf("deep-lists-%d", n), goodRequest+"reason: "+strings.Repeat("[", n)+strings.Repeat("]", n)+"\n")
		add("", fmt.Sprintf("deep-mappings-%d", n), "a: "+strings.Repeat("{a: ", n)+"x"+strings.Repeat("}", n)+"\n")
	}
	add("", "deep-dashes", strings.Repeat("- ", 20_000)+"a\n")
	add("", "deep-indent", deepIndent(25))
	add("no-alias", "alias-bomb", aliasBomb())
	add("no-alias", "alias-itself", "a: &a [*a]\n")
	add("no-alias", "alias-unknown", goodRequest+"reason: *x\n")
	add("no-anchor", "anchor", goodRequest+"reason: &x y\n")
	add("no-anchor", "anchor-on-root", "&x\n"+goodRequest)
	for i, tag := range []string{"!!str", "!!binary", "!!int", "!!float", "!!timestamp", "!!set", "!!omap", "!!python/object/apply:os.system", "!!js/function", "!ruby/object:Gem", "!", "!x", "!<tag:yaml.org,2002:str>"} {
		add("no-tag", fmt.Sprintf("tag-%02d", i), goodRequest+"reason: "+tag+" abcd\n")
	}
	add("", "tag-directive", "%TAG ! tag:evil.example,2000:\n---\n"+goodRequest+"reason: !x y\n")
	add("no-merge", "merge", goodRequest+"audience:\n  <<: {wikis: [dewiki]}\n")
	for i, key := range []string{"1", "1.5", "true", "~", "2026-01-01", "no", "on", "y", "[a]", "{a: 1}", "? [x]\n", "0x1F", ".inf"} {
		add("", fmt.Sprintf("key-%02d", i), goodRequest+"audience: {"+key+": a}\n")
	}
	for name, keys := range map[string]string{"same": "reason: a\nreason: b\n", "case": "reason: a\nReason: b\n", "escape": "reason: a\n\"\\x72eason\": b\n", "quoted": "reason: a\n'reason': b\n", "accent": "\u00e9: a\ne\u0301: b\n", "sharp-s": "stra\u00dfe: a\nSTRASSE: b\n", "kelvin": "k: a\n\u212a: b\n"} {
		add("key-twice", "twice-"+name, goodRequest+keys)
	}
	for i, s := range []string{"no", "on", "y", "off", "Yes", "012", "1_000", "1.10", "1e3", "0x1F", "0o14", "0b11", "+1", "2026-03-14 10:00:00", "2026-03-14T10:00:00Z", "true", "5"} {
		add("ambiguous-scalar", fmt.Sprintf("scalar-%02d", i), goodRequest+"reason: "+s+"\n")
	}
	for i, s := range []string{".inf", "-.INF", ".NaN"} {
		add("finite-number", fmt.Sprintf("number-%02d", i), goodRequest+"reason: "+s+"\n")
	}
	for name, s := range map[string]string{"quote": "reason: 'a\n", "double": "reason: \"a\n", "list": "help2: [a\n", "mapping": "x: {a: b\n", "tab": "audience:\n\twikis: [dewiki]\n", "colon": "reason: a: b\n", "handle": "reason: @x\n", "grave": "reason: `x`\n", "percent": "reason: %x\n", "escape": "reason: \"\\q\"\n", "indent": " reason: x\n", "bracket": "]: x\n", "star": "reason: *x* y\n"} {
		add("yaml-syntax", "syntax-"+name, goodRequest+s)
	}
	for name, s := range map[string]string{
		"script-link": "links: [{url: 'javascript:alert(1)'}]\n", "file-link": "links: [{url: 'file:///etc/passwd'}]\n", "data-link": "links: [{url: 'data:text/html,x'}]\n",
		"unknown": "run: rm\n", "status": "status: promoted\n", "day": "starts: 2026-02-30\n", "two-days": "starts: 5/3/2026\n", "huge-number": "risks: [{text: t, impact: 1e400}]\n",
		"huge-integer": "risks: [{text: t, impact: 99999999999999999999}]\n", "negative": "risks: [{text: t, impact: -1}]\n", "login": "requester: ../../etc\n", "option": "requester: --upload-pack=x\n",
		"list-for-text": "reason: [a]\n", "text-for-list": "links: https://example.org\n", "null": "reason:\n", "long": "reason: " + strings.Repeat("x", 3000) + "\n",
		"mail": "reason: write to petra@example.org\n", "mail-spelt": "reason: petra (at) example (dot) org\n", "phone": "reason: \"call +49 30 1234567\"\n",
	} {
		add("", "schema-"+name, goodRequest+s)
	}
	add("", "title-lines", strings.Replace(goodRequest, "title: T", "title: \"a\\nb\"", 1))
	add("", "title-blank", strings.Replace(goodRequest, "title: T", "title: '   '", 1))
	add("", "missing", strings.Replace(goodRequest, "team: example-editing\n", "", 1))
	return all
}

func wide(s string, big bool) string {
	out := []byte{0xff, 0xfe}
	if big {
		out = []byte{0xfe, 0xff}
	}
	for _, u := range utf16.Encode([]rune(s)) {
		lo, hi := byte(u), byte(u>>8)
		if big {
			lo, hi = hi, lo
		}
		out = append(out, lo, hi)
	}
	return string(out)
}

func deepIndent(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%sa:\n", strings.Repeat(" ", i))
	}
	return b.String()
}

func aliasBomb() string {
	src := "a: &a [x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c <= 'z'; c++ {
		src += fmt.Sprintf("%c: &%c [%s]\n", c, c, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*%c, ", c-1), 9), ", "))
	}
	return src
}

func TestEveryHostileFileIsRefused(t *testing.T) {
	dir := shippedDesk(t)
	all := hostileFiles()
	stored, err := os.ReadDir("testdata/hostile")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range stored {
		src, err := os.ReadFile(filepath.Join("testdata/hostile", e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, hostile{"stored-" + strings.TrimSuffix(e.Name(), ".yaml"), string(src), ""})
	}
	names := map[string]bool{}
	for _, h := range all {
		if names[h.name] {
			t.Fatalf("%s twice", h.name)
		}
		names[h.name] = true
		put(t, filepath.Join(dir, "requests/2026", h.name+".yaml"), h.content)
	}
	began := time.Now()
	code, stdout, stderr := run(t, "check", "--repo", dir, "--format", "json")
	if code != 1 {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	found := complaints(t, stdout, false)
	refused := 0
	for _, h := range all {
		rules := found["requests/2026/"+h.name+".yaml"]
		if len(rules) == 0 || !strings.HasPrefix(rules[0], h.rule) && !strings.Contains(strings.Join(rules, "\n"), "\n"+h.rule+":") {
			t.Errorf("%s: %v, want %s", h.name, rules, h.rule)
			continue
		}
		refused++
	}
	t.Logf("%d of %d hostile files refused in %v", refused, len(all), time.Since(began).Round(time.Millisecond))
	if len(all) < 150 {
		t.Errorf("%d hostile files, expected at least 150", len(all))
	}
}

// A raw is one line of a tree, as no git would write it.
type raw struct{ mode, name, id string }

// treeLab writes objects with git itself, whatever they hold.
type treeLab struct {
	t   testing.TB
	dir string
}

func (l treeLab) git(stdin string, args ...string) string {
	l.t.Helper()
	cmd := exec.Command("git", append([]string{"--git-dir", l.dir}, args...)...)
	cmd.Stdin = strings.NewReader(stdin)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull, "GIT_AUTHOR_NAME=Example", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_COMMITTER_NAME=Example", "GIT_COMMITTER_EMAIL=a@example.org", "GIT_AUTHOR_DATE=2026-01-05T09:00:00Z", "GIT_COMMITTER_DATE=2026-01-05T09:00:00Z")
	out, err := cmd.CombinedOutput()
	if err != nil {
		l.t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func (l treeLab) blob(content string) string {
	return l.git(content, "hash-object", "-w", "--stdin")
}

// tree writes a tree byte by byte, past all of git's checks.
func (l treeLab) tree(entries ...raw) string {
	var b strings.Builder
	for _, e := range entries {
		id, err := hex.DecodeString(e.id)
		if err != nil {
			l.t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s %s\x00%s", e.mode, e.name, id)
	}
	return l.git(b.String(), "hash-object", "-w", "--literally", "-t", "tree", "--stdin")
}

// branch puts a commit of the tree on a branch.
func (l treeLab) branch(name, tree string) {
	commit := l.git("tree "+tree+"\nauthor A <a@example.org> 1767603600 +0000\ncommitter A <a@example.org> 1767603600 +0000\n\nx\n", "hash-object", "-w", "--literally", "-t", "commit", "--stdin")
	l.git("", "update-ref", "refs/heads/"+name, commit)
}

const smallDesk = "desk: Notes\nbranch: main\nkinds: {note: {files: notes/*/*.yaml}}\n"

func TestEveryHostileTreeIsRefused(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	l := treeLab{t, filepath.Join(t.TempDir(), "desk.git")}
	if out, err := exec.Command("git", "init", "-q", "--bare", "-b", "main", l.dir).CombinedOutput(); err != nil {
		t.Fatal(string(out))
	}
	good, config, evil := l.blob("title: T\n"), l.blob(smallDesk), l.blob("/etc/passwd")
	const none = "00000000000000000000000000000000000000ff"
	github := l.tree(raw{"100644", "liaison.yaml", config})
	// in puts entries into notes/2026 of a desk.
	in := func(entries ...raw) string {
		year := l.tree(entries...)
		return l.tree(raw{"40000", ".github", github}, raw{"40000", "notes", l.tree(raw{"40000", "2026", year})})
	}
	notes := func(entries ...raw) string {
		return l.tree(append([]raw{{"40000", ".github", github}}, entries...)...)
	}
	inner := l.tree(raw{"100644", "a.yaml", good})
	deep := inner
	for range 200 {
		deep = l.tree(raw{"40000", "d", deep})
	}
	trees := map[string]string{
		"a link":                      in(raw{"120000", "a.yaml", evil}),
		"a submodule":                 in(raw{"160000", "a.yaml", none}),
		"a folder":                    in(raw{"40000", "a.yaml", inner}),
		"a program":                   in(raw{"100755", "a.yaml", good}),
		"a mode of nothing":           in(raw{"0", "a.yaml", good}),
		"a mode of a device":          in(raw{"20666", "a.yaml", good}),
		"twins by case":               in(raw{"100644", "A.yaml", good}, raw{"100644", "a.yaml", good}),
		"twins by accents":            in(raw{"100644", "e\u0301.yaml", good}, raw{"100644", "\u00e9.yaml", good}),
		"twins by sharp s":            in(raw{"100644", "strasse.yaml", good}, raw{"100644", "stra\u00dfe.yaml", good}),
		"twins by folder":             notes(raw{"40000", "notes", l.tree(raw{"40000", "A", inner}, raw{"40000", "a", inner})}),
		"twins by kind":               notes(raw{"40000", "Notes", l.tree(raw{"40000", "2026", inner})}, raw{"40000", "notes", l.tree(raw{"40000", "2026", inner})}),
		"an option":                   in(raw{"100644", "--upload-pack=x.yaml", good}),
		"a dash":                      in(raw{"100644", "-rf.yaml", good}),
		"a hidden file":               in(raw{"100644", ".a.yaml", good}),
		"a space":                     in(raw{"100644", "a b.yaml", good}),
		"a line break":                in(raw{"100644", "a\nb.yaml", good}),
		"a bell":                      in(raw{"100644", "a\x07.yaml", good}),
		"an escape":                   in(raw{"100644", "a\x1b[31m.yaml", good}),
		"text turned around":          in(raw{"100644", "a\u202elmay.yaml", good}),
		"a zero-width space":          in(raw{"100644", "a\u200b.yaml", good}),
		"a letter of another script":  in(raw{"100644", "\u0430.yaml", good}),
		"no UTF-8":                    in(raw{"100644", "a\xff.yaml", good}),
		"a back slash":                in(raw{"100644", "..\\a.yaml", good}),
		"a colon":                     in(raw{"100644", "a:b.yaml", good}),
		"a star":                      in(raw{"100644", "*.yaml", good}),
		"a dollar":                    in(raw{"100644", "$(id).yaml", good}),
		"a quote":                     in(raw{"100644", "a'b.yaml", good}),
		"a percent sign":              in(raw{"100644", "a%0Ab.yaml", good}),
		"a workflow command":          in(raw{"100644", "::set-output name=x::y.yaml", good}),
		"a device of Windows":         in(raw{"100644", "nul.yaml", good}),
		"another device of Windows":   in(raw{"100644", "COM1.x.yaml", good}),
		"a name of 200 letters":       in(raw{"100644", strings.Repeat("a", 200) + ".yaml", good}),
		"a name of 5000 letters":      in(raw{"100644", strings.Repeat("a", 5000) + ".yaml", good}),
		"a slash in a name":           in(raw{"100644", "x/a.yaml", good}),
		"a way out":                   in(raw{"100644", "../../../a.yaml", good}),
		"two dots":                    in(raw{"100644", "..", good}),
		"a folder of two dots":        in(raw{"40000", "..", inner}),
		"one dot":                     in(raw{"40000", ".", inner}),
		"a .git":                      in(raw{"40000", ".git", inner}),
		"a .GIT":                      in(raw{"40000", ".GIT", inner}),
		"no name":                     in(raw{"100644", "", good}),
		"a link for a year":           notes(raw{"40000", "notes", l.tree(raw{"120000", "2026", evil})}),
		"a submodule for a year":      notes(raw{"40000", "notes", l.tree(raw{"160000", "2026", none})}),
		"a link for all":              notes(raw{"120000", "notes", evil}),
		"a submodule for all":         notes(raw{"160000", "notes", none}),
		"a hidden year":               notes(raw{"40000", "notes", l.tree(raw{"40000", ".2026", inner})}),
		"a blob that is not there":    in(raw{"100644", "a.yaml", none}),
		"a tree where a blob is":      in(raw{"100644", "a.yaml", inner}),
		"a folder that is not there":  notes(raw{"40000", "notes", none}),
		"a blob where a folder is":    notes(raw{"40000", "notes", good}),
		"too deep":                    notes(raw{"40000", "notes", deep}),
		"a link for the definition":   l.tree(raw{"40000", ".github", l.tree(raw{"120000", "liaison.yaml", evil})}),
		"a link for its folder":       l.tree(raw{"120000", ".github", evil}),
		"a definition of two":         l.tree(raw{"40000", ".github", l.tree(raw{"100644", "liaison.yaml", l.blob(smallDesk + "---\n")})}),
		"a schema outside":            l.tree(raw{"40000", ".github", l.tree(raw{"100644", "liaison.yaml", l.blob("desk: D\nkinds: {note: {files: n/*.yaml, schema: ../../etc/passwd}}\n")})}),
		"a schema that reads":         notes(raw{"40000", "x", inner}),
		"a root that is a blob":       good,
		"a root that is not there":    none,
		"a root that breaks off":      l.git("100644 a", "hash-object", "-w", "--literally", "-t", "tree", "--stdin"),
		"a folder that breaks off":    notes(raw{"40000", "notes", l.git("100644 a.yaml\x00abc", "hash-object", "-w", "--literally", "-t", "tree", "--stdin")}),
		"a root of letters for modes": l.git("abc a.yaml\x0012345678901234567890", "hash-object", "-w", "--literally", "-t", "tree", "--stdin"),
	}
	trees["a schema that reads"] = l.tree(raw{"40000", ".github", l.tree(raw{"100644", "liaison.yaml", l.blob("desk: D\nkinds: {note: {files: n/*.yaml, schema: s.json}}\n")})}, raw{"100644", "s.json", l.blob(`{"$ref": "file:///etc/passwd"}`)})
	n, refused := 0, 0
	for name, tree := range trees {
		branch := fmt.Sprintf("h%d", n)
		n++
		l.branch(branch, tree)
		code, stdout, stderr := run(t, "check", "--repo", l.dir, "--rev", branch)
		if code != 1 && code != 3 {
			t.Errorf("%s: exit code %d\n%s%s", name, code, stdout, stderr)
			continue
		}
		if strings.Contains(stdout+stderr, "root:x:0") || strings.Contains(stdout+stderr, "panic") {
			t.Errorf("%s: it tells what it read: %s%s", name, stdout, stderr)
		}
		refused++
	}
	l.branch("good", in(raw{"100644", "a.yaml", good}))
	if code, stdout, stderr := run(t, "check", "--repo", l.dir, "--rev", "good"); code != 0 {
		t.Errorf("the good tree is refused: %s%s", stdout, stderr)
	}
	t.Logf("%d of %d hostile trees refused", refused, len(trees))
	if len(trees) < 50 {
		t.Errorf("%d hostile trees, expected at least 50", len(trees))
	}
}

// scripts are texts that people write: joiners, marks, colours and directions included.
var scripts = []string{
	"Plain words, nothing more.",
	"Ça ira très bien à l’été, n’est-ce pas ?",
	"Größe, Maß und Übermut: ein „Zitat“.",
	"Zażółć gęślą jaźń — naïve façade…",
	"Спросите сообщество до запуска.",
	"Ρωτήστε την κοινότητα πριν από την αλλαγή.",
	"اسأل المجتمع قبل التغيير، وشكرًا.",
	"می\u200cخواهیم پیش از تغییر بپرسیم.",
	"שאלו את הקהילה לפני השינוי, עִם נִקּוּד.",
	"א\u200dב\u200cג עם מחברים",
	"बदलाव से पहले समुदाय से पूछें। क्\u200dष",
	"পরিবর্তনের আগে সম্প্রদায়কে জিজ্ঞাসা করুন। র\u200d্য",
	"மாற்றத்திற்கு முன் கேளுங்கள்.",
	"ถามชุมชนก่อนเปลี่ยนแปลง",
	"ပြောင်းလဲမှုမတိုင်မီ မေးပါ။",
	"သွားမည် မသွားမည်",
	"在更改之前询问社区。",
	"변경하기 전에 커뮤니티에 물어보세요.",
	"変更の前にコミュニティに聞いてください。",
	"Ge'ez: ለውጡ ከመደረጉ በፊት ማህበረሰቡን ይጠይቁ።",
	"Emoji 👩\u200d👩\u200d👧\u200d👦 🏳️\u200d🌈 👋🏽 1️⃣",
	"Soft\u00adhyphen and no\u00a0break, e\u0301 with a mark of its own",
	"Cherokee ᎣᏏᏲ, Inuktitut ᐊᐃ, Tifinagh ⴰⵣⵓⵍ, N'Ko ߒߞߏ",
	"Quotes ' and \" and \\ and `code` and # hash and: colon",
	"Task T123456, build 1.43.0-wmf.12, ISBN 978-3-16-148410-0, 52.520008, 13.404954",
	"See https://www.mediawiki.org/wiki/User:X@y and ask @example-lia at 14:00 on 2026-03-14",
}

// styles write one line of text as a value of YAML, all meaning the same words.
var styles = []struct {
	name  string
	value func(text string) string
}{
	{"double", quoteDouble},
	{"single", func(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }},
	{"literal", func(s string) string { return "|\n  " + s }},
	{"literal-strip", func(s string) string { return "|-\n  " + s }},
	{"literal-keep", func(s string) string { return "|+\n  " + s + "\n" }},
	{"literal-indent", func(s string) string { return "|4-\n    " + s + "\n\n      - more" }},
	{"folded", func(s string) string { return ">\n  " + s + "\n  " + s + "\n\n  " + s }},
	{"folded-strip", func(s string) string { return ">-\n    " + s }},
	{"literal-with-signs", func(s string) string { return "|\n  # no comment\n  - " + s + "\n\n  --- not a document\n  key: value" }},
	{"double-lines", func(s string) string { return quoteDouble(s + " ")[:len(quoteDouble(s+" "))-1] + "\n  and more\"" }},
	{"double-escapes", func(s string) string { return `"\u00e9\n\t` + quoteDouble(s)[1:] }},
	{"long", func(s string) string { return "|\n" + strings.Repeat("  "+s+"\n", 7000/(len([]rune(s))+1)) }},
}

func quoteDouble(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// shapes write a whole file in another way that means the same.
var shapes = []func(string) string{
	func(s string) string { return s },
	func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
	func(s string) string { return "---\n" + s + "\n...\n" },
	func(s string) string {
		return "# yaml-language-server: $schema=x.json\n\n# why: é — \"quotes\"\n" + s + "\n# end"
	},
	func(s string) string { return strings.TrimRight(s, "\n") },
	func(s string) string { return "--- # begins\r\n" + strings.ReplaceAll(s, "\n", "\r\n") },
}

func benignFiles() map[string]string {
	all := map[string]string{}
	n := 0
	add := func(kind, name, content string) {
		all[fmt.Sprintf(kind, name)] = shapes[n%len(shapes)](content)
		n++
	}
	for i, text := range scripts {
		title := quoteDouble(text)
		for _, style := range styles {
			add("requests/2026/benign-%s.yaml", fmt.Sprintf("%s-%02d", style.name, i),
				"title: "+title+"\nteam: example-editing\nhelp:\n- announcement\n- other # and more\nwanted_by: 2026-12-01\nsummary: "+style.value(text)+"\ngoal: none\n")
		}
		add("requests/2026/benign-%s.yaml", fmt.Sprintf("flow-%02d", i),
			`{"title": `+title+`, 'team': "example-editing", summary: `+title+`, help: [other], wanted_by: flexible, risks: [{text: `+title+`, impact: 1}]}`+"\n")
		add("roster/people/benign-%s.yaml", fmt.Sprintf("person-%02d", i),
			"name: "+title+"\nconsent: {date: 2026-01-01}\nroles:\n    -   role: product-ambassador\n        from: 2026-01-01\nexperience: "+styles[i%(len(styles)-1)].value(text)+"\n")
		add("roster/teams/benign-%s.yaml", fmt.Sprintf("team-%02d", i),
			"\"names\": [{name: "+title+", from: 2020-01-01}]\ndepartments: [{department: product}]\n")
		add("plans/benign-%s.yaml", fmt.Sprintf("plan-%02d", i),
			"title: "+title+"\nowner: example-noor\nstatus: idea\nobjectives:\n  - "+title+"\nrisks:\n  - text: "+title+"\n    likelihood: 2\n    impact: 5\n    status: potential\n")
	}
	for i, wiki := range []string{"abwiki", "bewiki", "cawiktionary", "dawikibooks", "elwikinews", "fawikiquote", "glwikisource", "hewikiversity", "itwikivoyage", "jawiki"} {
		lang := wiki[:2]
		add("roster/wikis/%s.yaml", wiki, "dbname: "+wiki+"\nname: "+quoteDouble(scripts[i])+"\ndomain: "+lang+".wikipedia.org\nlanguage: "+lang+"\n")
	}
	return all
}

func TestNoBenignFileIsRefused(t *testing.T) {
	t.Parallel()
	dir := shippedDesk(t)
	all := benignFiles()
	for path, content := range all {
		put(t, filepath.Join(dir, path), content)
	}
	copyTree(t, "testdata/benign", dir)
	began := time.Now()
	code, stdout, stderr := run(t, "check", "--repo", dir, "--format", "json")
	if code != 0 {
		t.Errorf("exit code %d, %s", code, stderr)
	}
	found := complaints(t, stdout, false)
	accepted := len(all)
	for path, rules := range found {
		t.Errorf("%s: %v\n%.300s", path, rules, all[path])
		accepted--
	}
	t.Logf("%d of %d benign files accepted in %v", accepted, len(all), time.Since(began).Round(time.Millisecond))
	if len(all) < 300 {
		t.Errorf("%d benign files, expected at least 300", len(all))
	}
	before := snapshot(t, dir)
	if code, _, stderr := run(t, "check", "--repo", dir, "--fix", "--format", "json"); code != 0 || !strings.HasSuffix(stderr, "mended: 0 findings\n") {
		t.Errorf("--fix: exit code %d, %s", code, stderr)
	}
	for path, content := range snapshot(t, dir) {
		if before[path] != content {
			t.Errorf("--fix changed %s", path)
		}
	}
}

// snapshot is every file of a work tree, with its mode.
func snapshot(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && d.Name() == ".git" {
			if err == nil {
				err = fs.SkipDir
			}
			return err
		}
		if d.IsDir() {
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		src, err := os.ReadFile(p)
		files[p] = info.Mode().String() + "\n" + string(src)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
