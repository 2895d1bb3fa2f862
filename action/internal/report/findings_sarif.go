package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/pattern"
)

const (
	sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	sarifHome   = "https://github.com/commrel/liaison"
)

// What follows is the part of SARIF 2.1.0 (OASIS, with errata 01) that a check needs.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool         `json:"tool"`
		Automation  sarifID           `json:"automationDetails"`
		Invocations []sarifInvocation `json:"invocations"`
		ColumnKind  string            `json:"columnKind"`
		Properties  map[string]string `json:"properties,omitempty"`
		Results     []sarifResult     `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version,omitempty"`
		URI     string      `json:"informationUri"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID    string       `json:"id"`
		Short sarifMessage `json:"shortDescription"`
		Full  sarifMessage `json:"fullDescription"`
		Help  sarifMessage `json:"help"`
	}
	sarifID struct {
		ID string `json:"id"`
	}
	sarifInvocation struct {
		Successful bool `json:"executionSuccessful"`
	}
	sarifMessage struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID       string            `json:"ruleId"`
		RuleIndex    int               `json:"ruleIndex"`
		Level        string            `json:"level"`
		Baseline     string            `json:"baselineState,omitempty"`
		Message      sarifMessage      `json:"message"`
		Locations    []sarifLocation   `json:"locations"`
		Fingerprints map[string]string `json:"partialFingerprints"`
		Fixes        []sarifFix        `json:"fixes,omitempty"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
		EndLine     int `json:"endLine,omitempty"`
		EndColumn   int `json:"endColumn,omitempty"` // of the first place after the region
	}
	sarifFix struct {
		Description sarifMessage  `json:"description"`
		Changes     []sarifChange `json:"artifactChanges"`
	}
	sarifChange struct {
		Artifact     sarifArtifact      `json:"artifactLocation"`
		Replacements []sarifReplacement `json:"replacements"`
	}
	sarifReplacement struct {
		Deleted  sarifRegion  `json:"deletedRegion"`
		Inserted sarifMessage `json:"insertedContent"`
	}
)

// SARIF writes the check as a SARIF 2.1.0 log. Older defects are notes that say so.
func (c Check) SARIF(w io.Writer) error {
	run := sarifRun{
		Tool:        sarifTool{sarifDriver{Name: "Liaison", Version: c.Engine, URI: sarifHome, Rules: []sarifRule{}}},
		Automation:  sarifID{"liaison/check/"},
		Invocations: []sarifInvocation{{true}},
		ColumnKind:  "unicodeCodePoints",
		Properties:  c.sarifProperties(),
		Results:     []sarifResult{},
	}
	rules := c.ruleNames()
	for _, r := range rules {
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, c.sarifRule(r))
	}
	seen := map[string]int{}
	for i, f := range slices.Concat(c.Findings, c.Debt) {
		r := sarifOf(f, seen)
		r.RuleIndex, _ = slices.BinarySearch(rules, f.Rule)
		if c.Base != "" {
			r.Baseline = "new"
		}
		if i >= len(c.Findings) {
			r.Level, r.Baseline = "note", "unchanged"
		}
		run.Results = append(run.Results, r)
	}
	return WriteJSON(w, sarifLog{sarifSchema, "2.1.0", []sarifRun{run}})
}

func (c Check) sarifProperties() map[string]string {
	out := map[string]string{}
	for key, value := range map[string]string{"commit": c.Commit, "base": c.Base, "head": c.Head, "actor": c.Actor} {
		if value != "" {
			out[key] = value
		}
	}
	return out
}

// ruleNames are the rules that something was found by, in order, each once.
func (c Check) ruleNames() []string {
	var names []string
	for _, f := range slices.Concat(c.Findings, c.Debt) {
		names = append(names, f.Rule)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (c Check) sarifRule(name string) sarifRule {
	words := finding.Asks(name)
	if words == "" {
		words = "The rule " + strings.ReplaceAll(name, "-", " ") + "."
	}
	text := sarifText(words)
	return sarifRule{name, text, text, sarifText(words + " `liaison check` says where, why, and what to write instead.")}
}

func sarifOf(f finding.Finding, seen map[string]int) sarifResult {
	message := f.Message()
	if f.Fix != "" {
		message += ". Mend: " + f.Fix
	}
	artifact := sarifArtifact{relativeURI(f.Path)}
	level := string(finding.Error)
	if f.Severity == finding.Warning {
		level = string(finding.Warning)
	}
	return sarifResult{
		RuleID: f.Rule, Level: level, Message: sarifText(message),
		Locations:    []sarifLocation{{sarifPhysical{artifact, sarifRegionOf(f)}}},
		Fingerprints: map[string]string{"liaison/v1": fingerprint(f, seen)},
		Fixes:        sarifFixes(f, artifact),
	}
}

// sarifRegionOf is the place of a finding; for a file as a whole it is where that begins.
func sarifRegionOf(f finding.Finding) sarifRegion {
	if f.Line < 1 {
		return sarifRegion{StartLine: 1}
	}
	column := max(f.Column, 1)
	return sarifRegion{f.Line, column, f.Line, column + span(f)}
}

func sarifFixes(f finding.Finding, artifact sarifArtifact) []sarifFix {
	e := f.Edit
	if !e.Known() {
		return nil
	}
	words := f.Fix
	if words == "" {
		words = "what was expected: " + f.Expected
	}
	replacement := sarifReplacement{sarifRegion{e.Line, e.Column, e.EndLine, e.EndColumn}, sarifMessage{e.Text}}
	return []sarifFix{{sarifText(words), []sarifChange{{artifact, []sarifReplacement{replacement}}}}}
}

// sarifText is text as a message, in which `[…](…)` would be a link and `{0}` an argument
// (SARIF, 3.11.5 and 3.11.6): an invisible joiner keeps both what they look like.
func sarifText(s string) sarifMessage {
	if s == "" { // a message says something
		s = "\uFFFD"
	}
	s = strings.ReplaceAll(inert(s), "](", "]\u2060(")
	return sarifMessage{argument().ReplaceAllString(s, "{\u2060$1")}
}

var argument = pattern.Of(`\{([0-9])`)

// relativeURI is a path as a relative reference (RFC 3986): a colon in it is no scheme, and
// slashes before it are no authority.
func relativeURI(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		parts[i] = strings.ReplaceAll(url.PathEscape(p), ":", "%3A")
	}
	uri := strings.Join(parts, "/")
	if strings.HasPrefix(uri, "/") {
		return "." + uri
	}
	return uri
}

// otherLine matches the mention of a line, which moves when lines above come and go.
var otherLine = pattern.Of(`(?i)(lines?) [0-9]+`)

// fingerprint is the same for the same defect after lines have moved: it is made of the
// rule, the path and what was found. The same thing found again in a file has a number.
func fingerprint(f finding.Finding, seen map[string]int) string {
	found := otherLine().ReplaceAllString(f.Found, "$1")
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q", f.Rule, f.Path, found))
	hash := hex.EncodeToString(sum[:16])
	seen[hash]++
	return fmt.Sprintf("%s:%d", hash, seen[hash])
}
