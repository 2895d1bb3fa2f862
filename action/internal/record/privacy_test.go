package record_test

import (
	"testing"

	"github.com/commrel/liaison/action/internal/record"
	"github.com/google/go-cmp/cmp"
)

func pieces(text string, spans []record.Span) []string {
	var out []string
	for _, s := range spans {
		out = append(out, text[s.Start:s.End])
	}
	return out
}

func TestEmails(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"a plain one", "write to petra@example.org.", []string{"petra@example.org"}},
		{"with a plus and dots", "p.e+tra@mail.example.co.uk", []string{"p.e+tra@mail.example.co.uk"}},
		{"in brackets", "Petra <petra@example.org>", []string{"petra@example.org"}},
		{"a mailto", "mailto:petra@example.org", []string{"petra@example.org"}},
		{"behind a label", "e-mail:petra@example.org", []string{"petra@example.org"}},
		{"in another script", "петра@пример.рф", []string{"петра@пример.рф"}},
		{"spelt out in round brackets", "name (at) example (dot) org", []string{"name (at) example (dot) org"}},
		{"spelt out in square brackets", "name[at]example[dot]org", []string{"name[at]example[dot]org"}},
		{"half spelt out", "name (at) example.org", []string{"name (at) example.org"}},
		{"spelt out in words", "name at example dot org", []string{"name at example dot org"}},
		{"two of them", "a@b.org, c@d.org", []string{"a@b.org", "c@d.org"}},
		{"a handle", "ask @example-lia and @example-noor", nil},
		{"a user page with an @", "https://www.mediawiki.org/wiki/User:X@y.org", nil},
		{"a link with a name in it", "https://user@example.org/path", nil},
		{"a version of an action", "actions/checkout@v4.1.0", nil},
		{"a delivery target", "User talk:Example@en.wikipedia.org", nil},
		{"a delivery target with a slash", "Wikipedia:Example/Newsletter@de.wikipedia.org", nil},
		{"a place", "we meet at example (the pub)", nil},
		{"a time", "at 14:00 at the village pump", nil},
		{"an at in words", "look at example.org", nil},
		{"a lone sign", "3 @ 5", nil},
		{"no dot", "root@localhost", nil},
		{"a matrix room", "#wikimedia:matrix.org", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, pieces(tt.text, record.Emails(tt.text))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPhones(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"international", "call +49 30 1234567", []string{"+49 30 1234567"}},
		{"international with brackets", "+1 (555) 010-9999", []string{"+1 (555) 010-9999"}},
		{"international without spaces", "+33612345678", []string{"+33612345678"}},
		{"with two zeroes", "0049 30 1234567", []string{"0049 30 1234567"}},
		{"at home", "my number: 0171 234 56789", []string{"0171 234 56789"}},
		{"american", "(555) 010-9999", []string{"(555) 010-9999"}},
		{"american with dashes", "555-010-9999", []string{"555-010-9999"}},
		{"announced", "phone: 12345678", []string{"12345678"}},
		{"announced in Russian", "телефон 12345678", []string{"12345678"}},
		{"in Chinese", "电话：010 1234 5678", []string{"010 1234 5678"}},
		{"a date", "2026-03-14", nil},
		{"a date the other way round", "14.03.2026", nil},
		{"two dates", "2026-03-14 2026-03-20", nil},
		{"a span of years", "2016-2017", nil},
		{"a task", "T123456", nil},
		{"a task with a long number", "T1234567890", nil},
		{"a revision", "oldid=1234567890", nil},
		{"a change in Gerrit", "https://gerrit.wikimedia.org/r/c/1234567/12", nil},
		{"a version", "1.43.0-wmf.12", nil},
		{"an address of a machine", "192.168.100.200", nil},
		{"an ISBN", "ISBN 978-3-16-148410-0", nil},
		{"an ISBN with a colon", "ISBN-13: 978 3 16 148410 0", nil},
		{"coordinates", "52.520008, 13.404954", nil},
		{"coordinates with signs", "+52.520008 +13.404954", nil},
		{"a sum", "1,250,000 readers", nil},
		{"a sum with spaces", "1 250 000 readers", nil},
		{"a time", "2026-03-14T09:00:00Z", nil},
		{"times of the day", "09:00-10:30", nil},
		{"an item", "Q1234567", nil},
		{"a numeric id", "example-lia#100200300", nil},
		{"a commit", "0123456789abcdef", nil},
		{"a quarter", "2017-18-q1", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, pieces(tt.text, record.Phones(tt.text))); diff != "" {
				t.Error(diff)
			}
		})
	}
}
