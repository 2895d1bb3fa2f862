package github

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
)

// A handling is one request on its way through the world, which is locked meanwhile.
type handling struct {
	*World
	e    endpoint
	r    *http.Request
	body []byte
}

// serve turns an endpoint into a handler: one request at a time, each one logged.
func (w *World) serve(e endpoint) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the caller hung up
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		w.log = append(w.log, Call{r.Method, r.URL.Path})
		if w.lagging() {
			w.remember()
		}
		v := &handling{w, e, r, body}
		v.receive(rw, w.strike(e, r))
	})
}

// receive does what is asked, unless a fault is in the way.
func (v *handling) receive(rw http.ResponseWriter, f Fault) {
	if p, ok := refusal(f, v.now); ok {
		v.record(p, f)
		v.send(rw, p)
		return
	}
	if f == LostRequest {
		hangUp()
	}
	v.meddle(f, v.r)
	p := v.answer(f)
	if f == Doubled {
		p = v.answer(f)
	}
	v.record(p, f)
	if v.dies() || f == LostAnswer {
		hangUp()
	}
	switch f {
	case After500, After502, After503:
		p = outage(f)
	case Truncated:
		v.sendHalf(rw, p)
	}
	v.send(rw, p)
}

// hangUp closes the connection without an answer.
func hangUp() { panic(http.ErrAbortHandler) }

// answer asks who it is, then what that one may, then the endpoint.
func (v *handling) answer(f Fault) reply {
	v.r.Body = io.NopCloser(bytes.NewReader(v.body))
	me, pass, ok := v.bearer(v.r)
	r := &request{Request: v.r, me: me, pass: pass, token: v.r.Header.Get("Authorization"), left: v.left}
	if !ok {
		return failed(http.StatusUnauthorized, "Bad credentials")
	}
	p, ok := v.afford(r)
	if ok {
		p = v.admit(r, f)
		p.seal(r)
	}
	if p.status == http.StatusNotModified {
		v.used(r.token).count-- // a question to which nothing is new is free
	}
	v.tellLimit(&p, v.used(r.token))
	return p
}

// admit lets in whoever may, to where there is something.
func (v *handling) admit(r *request, f Fault) reply {
	writes := (Call{r.Method, r.URL.Path}).writes()
	switch {
	case !r.me.Known() && writes:
		return failed(http.StatusUnauthorized, "Requires authentication")
	case !v.here(r.Request), !r.me.Known() && v.private:
		return notFound()
	}
	if p, ok := v.permit(v.e, r); !ok {
		return p
	}
	if p, gone := v.missing(r); gone {
		return p
	}
	v.quiet = r.pass.Workflow
	defer func() { v.quiet = false }()
	do := func() reply { return v.e.do(v.World, r) }
	switch {
	case f == Stale:
		return v.showing(v.beforeLastWrite(), do)
	case v.e.lists(r.Request) && v.lagging():
		return v.showing(v.then(), do)
	}
	return do()
}

// missing says that an issue was deleted, or where it was taken to.
func (v *handling) missing(r *request) (reply, bool) {
	t := v.numbered(r)
	if t == nil || t.gone == 0 {
		return reply{}, false
	}
	if t.gone == http.StatusGone {
		return failed(t.gone, "This issue was deleted"), true
	}
	p := failed(t.gone, "Moved Permanently")
	p.set("Location", r.url("/repositories/99/issues/1"))
	return p, true
}

func (v *handling) send(rw http.ResponseWriter, p reply) {
	p.head(rw, v.now)
	_, _ = rw.Write(p.text) // only a caller that hung up makes this fail
}

// sendHalf promises the whole answer and breaks off in the middle.
func (v *handling) sendHalf(rw http.ResponseWriter, p reply) {
	p.set("Content-Length", strconv.Itoa(len(p.text)))
	p.head(rw, v.now)
	_, _ = rw.Write(p.text[:len(p.text)/2])
	if f, ok := rw.(http.Flusher); ok {
		f.Flush()
	}
	hangUp()
}
