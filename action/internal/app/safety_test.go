package app_test

import (
	"path/filepath"
	"strings"
	"testing"
)

// request is the file of a request with this summary.
func request(summary string) string {
	return "# yaml-language-server: $schema=../../schemas/request.schema.json\ntitle: An example\nteam: example-editing\nsummary: |\n  " + summary + "\nhelp: [question]\nwanted_by: flexible\n"
}

func TestAMatterOfSafetyIsRefusedWithItsRoute(t *testing.T) {
	dir := sampleDesk(t)
	for _, summary := range []string{
		"A user threatened to kill one of our developers on the talk page.",
		"We received DEATH\n  THREATS after the last deployment.",
		"Somebody was doxxed in a thread about the skin.",
		"An editor is stalking me from wiki to wiki.",
		"Unser Entwickler hat eine Morddrohung bekommen.",
		"Une développeuse a reçu des menaces de mort.",
		"Recibimos amenazas de muerte en la discusión.",
		"Um voluntário recebeu ameaças de morte.",
		"Ha ricevuto minacce di morte.",
		"Он угрожал убить администратора.",
		"تلقى أحد المتطوعين تهديدات بالقتل أمس.",
		"我们的开发者收到死亡威胁。",
		"利用者から殺害予告がありました。",
		"개발자가 살해 협박을 받았습니다.",
	} {
		code, out := checkFile(t, dir, filepath.Join(dir, "requests", "2026", "example.yaml"), request(summary))
		if code != 1 || !strings.Contains(out, "[not-here]") || !strings.Contains(out, "roster/teams/example-safety.yaml") {
			t.Errorf("%s\nexit code %d\n%s", summary, code, out)
		}
	}
}

func TestAnOrdinaryRequestIsNotTakenForAMatterOfSafety(t *testing.T) {
	dir := sampleDesk(t)
	for _, summary := range []string{
		"Please read the thread about the consultation with Trust and Safety.",
		"Announce the new tool to report harassment, and its threat model.",
		"A banner for the campaign on suicide prevention, and a talk on doxxing.",
		"This bug may block the release and kill the job queue; there is a kill switch.",
		"We threaten nobody's workflow, and harm no gadget; abuse filters stay.",
		"Stalk toggles and the watchlist; dead links; the death of an old skin.",
		"Editors were attacked by vandalism bots. Which safety margin do we need?",
		"Wie melden wir Belästigung? Todesfälle in Wikidata. Une menace pour les gadgets.",
		"安全和威胁模型的说明。",
	} {
		if code, out := checkFile(t, dir, filepath.Join(dir, "requests", "2026", "example.yaml"), request(summary)); code != 0 {
			t.Errorf("%s\nexit code %d\n%s", summary, code, out)
		}
	}
}
