// Package conform holds the exchanges of sim/github, the GitHub of tests, against GitHub's own
// OpenAPI description: what a test asked must be a request that GitHub would take, and what
// sim/github answered one that it could give.
package conform

// Operations are those of GitHub's description that sim/github serves. GraphQL is not in it.
func Operations() []string {
	const repo = "/repos/{owner}/{repo}"
	return []string{
		"GET /user",
		"GET " + repo,
		"GET " + repo + "/issues",
		"POST " + repo + "/issues",
		"GET " + repo + "/issues/{issue_number}",
		"PATCH " + repo + "/issues/{issue_number}",
		"GET " + repo + "/issues/{issue_number}/comments",
		"POST " + repo + "/issues/{issue_number}/comments",
		"GET " + repo + "/issues/{issue_number}/timeline",
		"GET " + repo + "/issues/comments/{comment_id}",
		"PATCH " + repo + "/issues/comments/{comment_id}",
		"DELETE " + repo + "/issues/comments/{comment_id}",
		"GET " + repo + "/labels",
		"POST " + repo + "/labels",
		"GET " + repo + "/pulls",
		"POST " + repo + "/pulls",
		"GET " + repo + "/pulls/{pull_number}",
		"PUT " + repo + "/pulls/{pull_number}/merge",
		"GET " + repo + "/pulls/{pull_number}/commits",
		"GET " + repo + "/pulls/{pull_number}/reviews",
		"GET " + repo + "/commits",
		"GET " + repo + "/commits/{ref}/statuses",
		"GET " + repo + "/commits/{ref}/status",
		"POST " + repo + "/statuses/{sha}",
		"GET " + repo + "/contents/{path}",
		"GET " + repo + "/git/ref/{ref}",
		"POST " + repo + "/git/refs",
		"PATCH " + repo + "/git/refs/{ref}",
		"DELETE " + repo + "/git/refs/{ref}",
		"GET " + repo + "/git/commits/{commit_sha}",
		"POST " + repo + "/git/commits",
		"GET " + repo + "/git/trees/{tree_sha}",
		"POST " + repo + "/git/trees",
		"GET " + repo + "/git/blobs/{file_sha}",
		"POST " + repo + "/git/blobs",
	}
}
