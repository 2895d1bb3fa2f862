package document
import ("testing";"fmt";"strings";"time")
func TestZZ(t *testing.T){
 for _, src := range []string{"---\n","# c\n","","   \n","---","...\n","--- a\n","%YAML 1.2\n---\na: 1\n","a: .inf\n","a: 1e999\n","a: 99999999999999999999\n","a: -.INF","a: ! x\n","a: !!str 5\n","a: [1,\nb: 2\n","a: b: c\n","\ta: 1\n","a: 1\n\tb: 2\n","a: 'x\n","a: 1\n---\n","a: 1\n---\nb: 2\n","a: 1\n...\n","a: 1\n...\nb: 1\n","- a\n","x\n","a: &x 1\nb: *x\n","a: *x\n","<<: {a: 1}\n","b:\n  <<: {a: 1}\n","1: a\n","no: a\n","'no': a\n","~: a\n","{}: a\n","? [a]\n: b\n","2026-01-01: x\n","A: 1\na: 2\n","a: 1\n\"a\": 2\n","\u00e9: 1\ne\u0301: 2\n","a: \"\\u202e\"\n","a: \"\\0\"\n","a: \"x\\ry\"\n","a: b\rc: d\n","a: 1\r\nb: 2\r\n","a: \"\\xe9\"\n","a: \"\\ud800\"\n", "? a\n", "a: y\n","a: 012\nb: 0o14\nc: 1_000\nd: 1.10\ne: 1e3\nf: 0x1F\ng: 2026-01-01\nh: 12:30:45\ni: 0b11\nj: +1\nk: =\nl: <<\nm: on\nn: 1__0\no: 0o8\np: 09\nq: ~\nr: Null\ns: 2026-01-01T10:00:00Z\nt: 0x_1F\nu: -0b1\nv: .5\nw: 5.\nz: 1_000.5\n",
 "a:\n- 1\n- - 2\n  - 3\n","{a: 1}\n{b: 2}\n","a: \"\\U00110000\"","a: |1\n", "a: \x00"} {
  d, fs := Parse("p", []byte(src))
  if d != nil { fmt.Printf("%q OK %#v\n", src, d.Value) }
  for _, f := range fs { fmt.Printf("%q %v\n", src, f) }
 }
 for _, b := range []string{strings.Repeat("[", 60000), "a: "+strings.Repeat("[", 60000), "a: "+strings.Repeat("[", 30000)+strings.Repeat("]",30000), strings.Repeat("{a: ", 15000), strings.Repeat("- ", 30000), "a: "+strings.Repeat("? ", 30000), strings.Repeat("a: {", 15000), "a: "+strings.Repeat("[[],",15000), "a: "+strings.Repeat("{a: [", 8000), "a: \""+strings.Repeat("\\x41", 15000)+"\"", strings.Repeat("a\n", 30000), strings.Repeat("? a\n", 15000), "a:\n"+strings.Repeat("  - b\n", 9000), strings.Repeat("#\n", 30000), "a: "+strings.Repeat("'", 60000), strings.Repeat("k: ", 20000), "a: ["+strings.Repeat("x,", 30000)+"]", "a: {"+strings.Repeat("x,", 30000)+"}", "[" + strings.Repeat("a,\n#\n", 12000), "a: [" + strings.Repeat("\n#x", 20000)} {
  n := time.Now(); d, fs := Parse("p", []byte(b)); fmt.Printf("%.12q %v ok=%v n=%d", b, time.Since(n), d!=nil, len(fs)); if len(fs)>0 {fmt.Print(" ",fs[0])}; fmt.Println()
 }
}
