package hub

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/google/go-github/v60/github"
)

// Whoami is who the token acts as. The token of an app, which every workflow run has, may
// not read /user; such a one asks GraphQL instead. It is asked once.
func (c *Client) Whoami(ctx context.Context) (account.Account, error) {
	if c.me.Known() {
		return c.me, nil
	}
	me, err := c.whoami(ctx)
	c.me = me
	return me, err
}

func (c *Client) whoami(ctx context.Context) (account.Account, error) {
	if c.anonymous {
		return account.Account{}, errors.New("ask who the token acts as: there is no token; give one, such as GITHUB_TOKEN")
	}
	u, _, err := c.gh.Users.Get(ctx, "")
	if a, ok := answerOf(err); ok && a.status == http.StatusForbidden && !a.rate {
		return c.viewer(ctx)
	}
	if err != nil {
		return account.Account{}, c.failure("ask who the token acts as", "to read its own account", err)
	}
	return accountOf(u), nil
}

// viewer asks GraphQL who the token acts as. Only apps get here, so it is a bot.
func (c *Client) viewer(ctx context.Context) (account.Account, error) {
	const asked = "ask GraphQL who the token acts as"
	query := map[string]string{"query": "{viewer{login databaseId}}"}
	req, err := c.gh.NewRequest(http.MethodPost, c.graphql(), query)
	if err != nil {
		return account.Account{}, c.failure(asked, "", err)
	}
	var got struct {
		Data struct {
			Viewer struct {
				Login      string
				DatabaseID int64 `json:"databaseId"`
			}
		}
	}
	if _, err := c.gh.Do(ctx, req, &got); err != nil {
		return account.Account{}, c.failure(asked, "to read its own account", err)
	}
	v := got.Data.Viewer
	if v.Login == "" || v.DatabaseID == 0 {
		return account.Account{}, errors.New(asked + ": GitHub answered without a login and an id")
	}
	return account.Account{ID: v.DatabaseID, Login: v.Login, Type: "Bot"}, nil
}

// graphql is the address from the API's root: on a GitHub of one's own, REST is at /api/v3
// and GraphQL beside it.
func (c *Client) graphql() string {
	if strings.HasSuffix(c.gh.BaseURL.Path, "/api/v3/") {
		return "../graphql"
	}
	return "graphql"
}

// ghost is the account by which GitHub shows some of what deleted accounts wrote.
const ghost = 10137

// accountOf is nobody for an account that was deleted: GitHub gives none in its place, or one
// that stands for all of them.
func accountOf(u *github.User) account.Account {
	if u.GetID() == ghost {
		return account.Account{}
	}
	return account.Account{ID: u.GetID(), Login: u.GetLogin(), Type: u.GetType()}
}
