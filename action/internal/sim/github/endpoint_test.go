package github_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/commrel/liaison/action/internal/sim/git"
)

// Every endpoint, with and without success. What is asked and answered here is held against
// GitHub's own description by the module below conform.
const everyEndpoint = `
200 GET /user
200 GET .
200 GET issues?state=all&sort=updated&direction=asc&per_page=100
201 POST issues {"title":"Late","body":"x","labels":["late"]}
422 POST issues {"title":""}
200 GET issues/3
404 GET issues/9
200 PATCH issues/3 {"state":"closed","state_reason":"completed"}
200 PATCH issues/3 {"state":"open","labels":[]}
200 GET issues/3/timeline
201 POST issues/1/comments {"body":"hello"}
200 GET issues/1/comments?per_page=1
200 GET issues/1/timeline
200 GET issues/2/timeline
200 GET issues/comments/3
200 PATCH issues/comments/3 {"body":"hello again"}
422 PATCH issues/comments/3 {"body":""}
204 DELETE issues/comments/3
404 GET issues/comments/3
200 GET labels
201 POST labels {"name":"soon","color":"d73a4a","description":"x"}
422 POST labels {"name":"soon"}
200 GET pulls?state=all
200 GET pulls/1
200 GET pulls/2
200 GET pulls/1/commits
200 GET pulls/1/reviews
200 GET pulls/2/reviews
200 GET commits?sha=main&per_page=2
201 POST statuses/MAIN {"state":"success","context":"liaison","description":"fine"}
422 POST statuses/MAIN {"state":"odd"}
200 GET commits/MAIN/statuses
200 GET commits/main/status
200 GET contents/README.md
200 GET contents/requests?ref=main
404 GET contents/nothing
200 GET git/ref/heads/liaison/witness
404 GET git/ref/heads/none
201 POST git/refs {"ref":"refs/heads/desk/next","sha":"NEXT"}
422 POST git/refs {"ref":"refs/heads/desk/next","sha":"NEXT"}
201 POST pulls {"title":"Next","head":"desk/next","base":"main","body":"x","draft":false}
422 POST pulls {"title":"Next","head":"none","base":"main"}
200 PATCH git/refs/heads/desk/next {"sha":"NEXT","force":false}
422 PATCH git/refs/heads/main {"sha":"0000000000000000000000000000000000000000"}
200 PUT pulls/4/merge {"merge_method":"squash","sha":"NEXT"}
405 PUT pulls/4/merge {}
204 DELETE git/refs/heads/desk/next
422 DELETE git/refs/heads/desk/next
200 GET git/commits/MAIN
201 POST git/commits {"message":"m","tree":"TREE","parents":["MAIN"]}
422 POST git/commits {"message":"m","tree":"0000000000000000000000000000000000000000"}
200 GET git/trees/TREE?recursive=1
201 POST git/trees {"base_tree":"TREE","tree":[{"path":"z","mode":"100644","type":"blob","content":"z"}]}
200 GET git/blobs/BLOB
201 POST git/blobs {"content":"aGVsbG8K","encoding":"base64"}
`

func TestEveryEndpoint(t *testing.T) {
	w, r := play(t, "rebase")
	_, err := w.OpenPull("alice", at(5, 9), "c", map[string][]byte{"requests/c.yaml": []byte("title: C\n")})
	check(t, err)
	check(t, w.Review(2, "carol", at(5, 10), "approved", "fine"))
	check(t, w.ForcePushPull(2, "alice", at(5, 11), "again", map[string][]byte{"requests/c.yaml": []byte("title: C2\n")}))
	check(t, w.Dismiss(2, "carol", at(5, 12), "carol", "it changed"))
	check(t, w.Label(2, "carol", at(5, 13), "waiting"))
	c := call(t, w)
	ids := idsOf(t, r)
	for _, line := range strings.Split(strings.TrimSpace(everyEndpoint), "\n") {
		words := append(strings.SplitN(ids.Replace(line), " ", 4), "")
		if status, text := c.ask(words[1], words[2], words[3]); strconv.Itoa(status) != words[0] {
			t.Errorf("%s: %d %s", line, status, text)
		}
	}
}

// idsOf puts the ids of a world in the place of their names.
func idsOf(t *testing.T, r *git.Repo) *strings.Replacer {
	t.Helper()
	main, _ := r.Ref("refs/heads/main")
	tree, err := r.TreeOf(main)
	check(t, err)
	files, err := r.Files(main)
	check(t, err)
	next, err := r.Commit(git.Commit{
		Parents: []string{main}, Files: map[string][]byte{"x": []byte("y")},
		Author: git.NoReply("carol", 12), Time: at(6, 9), Message: "x",
	})
	check(t, err)
	return strings.NewReplacer("MAIN", main, "TREE", tree, "BLOB", files["README.md"], "NEXT", next)
}

func TestADeletedOrMovedIssueSaysSo(t *testing.T) {
	w, _ := play(t, "merge")
	for i := range 2 {
		_, err := w.OpenIssue("carol", at(5, 9), fmt.Sprint("issue ", i), "")
		check(t, err)
	}
	check(t, w.Delete(2, "carol"))
	check(t, w.Transfer(3, "carol"))
	check(t, w.Lock(1, "carol"))
	if err := w.Delete(1, "carol"); err == nil {
		t.Error("a pull request was deleted")
	}
	c := call(t, w)
	c.follow = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for path, want := range map[string]int{
		"GET issues/2": 410, "PATCH issues/2": 410, "GET issues/2/comments": 410, "GET issues/3": 301, "POST issues/1/comments": 403,
	} {
		method, path, _ := strings.Cut(path, " ")
		if status, text := c.ask(method, path, `{"body":"x"}`); status != want {
			t.Errorf("%s %s: %d %s", method, path, status, text)
		}
	}
	if list := w.Issues(); len(list) != 0 {
		t.Errorf("got %v", list)
	}
}

func TestADeletedAccountIsAGhostOrNobody(t *testing.T) {
	w, _ := play(t, "merge")
	check(t, w.DeleteAccount("alice"))
	check(t, w.Review(1, "carol", at(5, 9), "approved", ""))
	c := call(t, w)
	var pull struct {
		User *struct{ Login string }
		Head struct {
			Label      string
			User, Repo *struct{}
		}
	}
	c.get("pulls/1", &pull)
	if pull.User.Login != "ghost" || pull.Head.User != nil || pull.Head.Repo != nil {
		t.Errorf("got %+v", pull)
	}
	var lines []line
	c.get("issues/1/timeline", &lines)
	for _, l := range lines {
		switch {
		case l.Event == "reopened" && l.Actor != nil:
			t.Errorf("somebody reopened it: %+v", l)
		case l.Event == "commented" && l.Body == "all of them" && l.User.Login != "ghost":
			t.Errorf("somebody commented: %+v", l)
		}
	}
}
