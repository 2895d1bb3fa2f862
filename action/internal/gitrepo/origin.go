package gitrepo

import (
	"net/url"
	"regexp"
	"strings"
)

// OriginURL is the web address of the remote "origin" when it is on a forge, such as
// https://github.com/owner/name: from an https, ssh or user@host:path address, never with a
// user name, password, query or trailing .git. It is "" for anything else.
func (r *Repo) OriginURL() string {
	urls := r.originURLs()
	if len(urls) == 0 {
		return ""
	}
	return webAddress(urls[0])
}

func (r *Repo) originURLs() []string {
	return r.config.raw.Section("remote").Subsection("origin").Options.GetAll("url")
}

func webAddress(remote string) string {
	if host, path, ok := shortSSH(remote); ok {
		return forgeAddress(host, path)
	}
	u, err := url.Parse(remote)
	if err != nil {
		return ""
	}
	switch u.Scheme {
	case "https":
		return forgeAddress(u.Host, u.Path)
	case "ssh", "git+ssh":
		return forgeAddress(u.Hostname(), u.Path)
	}
	return ""
}

// shortSSH takes git@host:owner/name apart, the form that is no URL.
func shortSSH(remote string) (host, path string, ok bool) {
	m := regexp.MustCompile(`^(?:[^@/:\s]+@)?([A-Za-z0-9.-]+):([^/:\s].*)$`).FindStringSubmatch(remote)
	if m == nil || strings.Contains(remote, "://") {
		return "", "", false
	}
	return m[1], m[2], true
}

// forgeAddress wants a host with a dot in it (others are ssh aliases of one machine) and at
// least an owner and a name.
func forgeAddress(host, path string) string {
	path = strings.TrimSuffix(strings.Trim(path, "/"), ".git")
	if host == "ssh.github.com" {
		host = "github.com"
	}
	if !strings.Contains(host, ".") || !strings.Contains(path, "/") {
		return ""
	}
	return (&url.URL{Scheme: "https", Host: host, Path: "/" + path}).String()
}
