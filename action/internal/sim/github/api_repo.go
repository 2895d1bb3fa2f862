package github

import (
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/account"
)

// founded is when every repository of every world was made.
func founded() time.Time { return time.Date(2020, time.January, 1, 0, 0, 0, 0, time.UTC) }

// repoLinks are the addresses below a repository's own, by the name that GitHub gives them.
const repoLinks = `archive /{archive_format}{/ref} assignees /assignees{/user} blobs /git/blobs{/sha}
branches /branches{/branch} collaborators /collaborators{/collaborator} comments /comments{/number}
commits /commits{/sha} compare /compare/{base}...{head} contents /contents/{+path}
contributors /contributors deployments /deployments downloads /downloads events /events forks /forks
git_commits /git/commits{/sha} git_refs /git/refs{/sha} git_tags /git/tags{/sha} hooks /hooks
issue_comment /issues/comments{/number} issue_events /issues/events{/number} issues /issues{/number}
keys /keys{/key_id} labels /labels{/name} languages /languages merges /merges
milestones /milestones{/number} notifications /notifications{?since,all,participating}
pulls /pulls{/number} releases /releases{/id} stargazers /stargazers statuses /statuses/{sha}
subscribers /subscribers subscription /subscription tags /tags teams /teams trees /git/trees{/sha}`

// getRepo shows more than what is shown of a repository beside other things.
func (w *World) getRepo(r *request) reply {
	repo := w.repoOf(r)
	repo["network_count"], repo["subscribers_count"] = 0, 0
	return found(repo)
}

// repoOf is this repository as GitHub shows it.
func (w *World) repoOf(r *request) map[string]any {
	return w.repository(r, w.ownerAccount(), 1, false)
}

// forkOf is somebody's fork of this repository. The fork has the same name.
func (w *World) forkOf(r *request, owner account.Account) map[string]any {
	return w.repository(r, owner, 1_000_000_000+owner.ID, true)
}

func (w *World) repository(r *request, owner account.Account, id int64, fork bool) map[string]any {
	full := owner.Login + "/" + w.name
	url, html := r.url("/repos/"+full), "https://github.com/"+full
	out := map[string]any{
		"id": id, "node_id": nodeID("R", id), "name": w.name, "full_name": full, "owner": r.userOf(owner),
		"private": false, "visibility": "public", "fork": fork, "description": nil, "default_branch": "main",
		"url": url, "html_url": html, "clone_url": r.url("/" + full + ".git"), "git_url": "git://github.com/" + full + ".git",
		"ssh_url": "git@github.com:" + full + ".git", "svn_url": html, "mirror_url": nil, "homepage": nil,
		"language": nil, "license": nil, "size": 1, "archived": false, "disabled": false,
		"has_issues": true, "has_projects": false, "has_wiki": false, "has_pages": false,
		"has_downloads": false, "has_discussions": false, "allow_forking": true, "is_template": false,
		"forks": 0, "forks_count": 0, "stargazers_count": 0, "watchers": 0, "watchers_count": 0,
		"open_issues": w.opened(), "open_issues_count": w.opened(),
		"topics": []string{}, "web_commit_signoff_required": false,
		"created_at": founded(), "updated_at": w.now, "pushed_at": w.now,
	}
	links := strings.Fields(repoLinks)
	for i := 0; i < len(links); i += 2 {
		out[links[i]+"_url"] = url + links[i+1]
	}
	return out
}

// opened counts the open issues, as GitHub does: with the pull requests.
func (w *World) opened() int {
	n := 0
	for _, t := range w.threads {
		if t.open && t.gone == 0 {
			n++
		}
	}
	return n
}
