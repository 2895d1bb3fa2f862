package git

import "fmt"

// Who is an author or a committer as a commit names them.
type Who struct{ Name, Email string }

// NoReply is the name under which GitHub writes commits for an account.
func NoReply(login string, id int64) Who {
	return Who{Name: login, Email: fmt.Sprintf("%d+%s@users.noreply.github.com", id, login)}
}

// Forge is the committer of the commits that GitHub makes itself, such as merges.
func Forge() Who { return Who{Name: "GitHub", Email: "noreply@github.com"} }
