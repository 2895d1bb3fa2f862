package main

import (
	"fmt"
	"io/fs"

	liaison "github.com/commrel/liaison"
	"github.com/commrel/liaison/schemas"
)

var requesters = []string{"example-petra", "example-sven", "example-ines"}

// surroundings are the files of a desk that are no requests: the shipped definition and
// schemas, and a small roster.
func surroundings() (map[string][]byte, error) {
	files := map[string][]byte{".github/liaison.yaml": liaison.Definition}
	names, err := fs.Glob(schemas.FS, "*.json")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if files["schemas/"+name], err = schemas.FS.ReadFile(name); err != nil {
			return nil, err
		}
	}
	files["roster/people/example-lia.yaml"] = person("example-lia", 1002, "{role: liaison, title: Community Relations Specialist, from: 2016-03-01}")
	for i, login := range requesters {
		files["roster/people/"+login+".yaml"] = person(login, 1003+i, "{role: staff, title: Product Manager, from: 2016-01-09}")
	}
	for _, team := range teams {
		files["roster/teams/"+team+".yaml"] = fmt.Appendf(nil, "names:\n  - {name: Team %s}\ndepartments:\n  - {department: product}\nkind: product-audience\n", team)
	}
	for _, wiki := range wikis {
		files["roster/wikis/"+wiki+".yaml"] = fmt.Appendf(nil, "dbname: %s\ndomain: %s.example.org\nlanguage: en\n", wiki, wiki)
	}
	return files, nil
}

func person(login string, id int, role string) []byte {
	return fmt.Appendf(nil, "name: %s\ngithub: %s\ngithub_id: %d\nroles:\n  - %s\nconsent: {date: 2016-07-01}\n", login, login, id, role)
}

// account is how a person's commits are signed.
func account(login string) string {
	for i, who := range append([]string{"example-lia"}, requesters...) {
		if who == login {
			return fmt.Sprintf("%s <%d+%s@users.noreply.github.com>", login, 1002+i, login)
		}
	}
	return login + " <" + login + "@example.org>"
}
