package feeds

import (
	"bufio"
	"cmp"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"clusterwire/feeds/fetch"
	"clusterwire/feeds/news"
	"clusterwire/store"
	"clusterwire/store/storetest"
)

// world is a line over a real database and an origin in memory, whose days pass
// at once: it lives in a bubble of testing/synctest.
type world struct {
	*testing.T
	origin *origin
	client *fetch.Client
	db     *store.DB
	line   *Line
	config Config
	items  []news.Item // saved by polls, where the check keeps them
}

const feedURL = "http://news.example/feed"

// reader is the same for every world: it is pure, and takes a while to make.
var reader = sync.OnceValues(func() (*Reader, error) { return NewReader() })

// newWorld makes a world in which the origin answers by site and the line
// follows the feeds at urls, feedURL if there are none.
func newWorld(t *testing.T, site publisher, urls ...string) *world {
	t.Helper()
	r, err := reader()
	if err != nil {
		t.Fatal(err)
	}
	empty, err := emptyStore()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "news.db")
	if err := os.WriteFile(path, empty, 0o600); err != nil {
		t.Fatal(err)
	}
	w := &world{T: t, origin: newOrigin(t, site), db: storetest.OpenAt(t, path)}
	if w.client, err = fetch.New(fetch.Config{UserAgent: scorecardAgent, Dial: w.origin.dial, Roots: w.origin.roots}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.client.Close)
	w.config = Config{Store: w.db, Fetch: w.client, Reader: r}
	w.line = New(w.config)
	if len(urls) == 0 {
		urls = []string{feedURL}
	}
	for i, u := range urls {
		w.follow(fmt.Sprintf("source%d", i), u)
	}
	return w
}

// emptyStore is the file of a database without a row, made once: a scorecard
// needs some two hundred of them.
var emptyStore = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "scorecard")
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "news.db")
	db, err := store.Open(context.Background(), path)
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	file, err := os.ReadFile(path)
	return file, errors.Join(err, os.RemoveAll(dir))
})

const scorecardAgent = "clusterwire/1.0 (+https://clusterwire.example/about; feed fetcher)"

// restart is what a new process would be over the same database.
func (w *world) restart() {
	w.client.Close()
	w.line = New(w.config)
}

func (w *world) follow(slug, u string) {
	w.Helper()
	source := news.Source{Slug: slug, Name: slug, Site: "http://news.example/", Kind: news.KindGeneral, Language: "en", Trust: news.TrustReports}
	if err := w.db.AddSource(w.Context(), source, []news.Feed{{Source: slug, URL: u}}); err != nil {
		w.Fatal(err)
	}
}

// pass makes one pass of the line.
func (w *world) pass() Summary {
	w.Helper()
	s, err := w.line.Collect(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	return s
}

// run lets time pass, with a pass of the line whenever something is due.
func (w *world) run(d time.Duration) {
	w.Helper()
	for end := time.Now().Add(d); ; {
		next := w.next()
		if next.IsZero() || next.After(end) {
			time.Sleep(time.Until(end))
			return
		}
		time.Sleep(time.Until(next) + time.Millisecond)
		w.pass()
	}
}

// next is when something is due, zero if nothing ever is.
func (w *world) next() time.Time {
	w.Helper()
	far := time.Now().Add(1000 * 24 * time.Hour)
	feeds, err := w.db.DueFeeds(w.Context(), far, 100)
	if err != nil {
		w.Fatal(err)
	}
	items, err := w.db.DueItems(w.Context(), far, 1000, nil, nil)
	if err != nil {
		w.Fatal(err)
	}
	var next time.Time
	earlier := func(a news.Attempt) {
		if next.IsZero() || a.Next.Before(next) {
			next = a.Next
		}
	}
	for _, f := range feeds {
		if f.Attempt.Next.IsZero() {
			return time.Now()
		}
		earlier(f.Attempt)
	}
	for _, it := range items {
		earlier(it.Attempt)
	}
	return next
}

// feeds are all feeds with their states, in the order in which they were added.
func (w *world) feeds() []news.Feed {
	w.Helper()
	sources, err := w.db.Sources(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	var all []news.Feed
	for _, s := range sources {
		all = append(all, s.Feeds...)
	}
	slices.SortFunc(all, func(a, b news.Feed) int { return int(a.ID - b.ID) })
	return all
}

// feed is the first feed.
func (w *world) feed() news.Feed { w.Helper(); return w.feeds()[0] }

// articles is how many articles are stored, judged relevant or not.
func (w *world) articles() int {
	w.Helper()
	r, err := w.db.Search(w.Context(), news.Query{Hidden: true})
	if err != nil {
		w.Fatal(err)
	}
	return r.Total
}

// expect fails the check unless ok.
func (w *world) expect(ok bool, format string, args ...any) {
	w.Helper()
	if !ok {
		w.Errorf(format, args...)
	}
}

// reply is one answer of the origin. Its zero value is 200 with an empty body.
type reply struct {
	status int
	header map[string]string
	body   string
	cut    bool // the connection is closed without an answer
	hang   bool // … is left open without one
}

// site answers a request; n counts those to its path, from 0.
type publisher func(r *http.Request, n int) reply

// asked is a request as the origin saw it.
type asked struct {
	at     time.Time
	method string
	scheme string
	host   string
	uri    string
	header http.Header
	form   url.Values
	conn   int
}

// origin is all hosts of a net in memory.
type origin struct {
	site  publisher
	roots *x509.CertPool
	cert  tls.Certificate

	mu       sync.Mutex
	log      []asked
	count    map[string]int
	conns    int
	busy     map[string]int // requests under way, by host
	most     int            // greatest of busy
	now      int            // requests under way
	together int            // greatest of now
	open     int            // connections

	modern   bool                          // speak HTTP/2 over TLS
	protocol string                        // of the last request over TLS
	place    func(address string) net.Addr // where connections seem to lead; nil: nowhere
}

func newOrigin(t *testing.T, s publisher) *origin {
	t.Helper()
	o := &origin{site: s, count: map[string]int{}, busy: map[string]int{}}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "origin"}, DNSNames: []string{"*.example", "*.news.example"},
		NotBefore: time.Now().AddDate(-1, 0, 0), NotAfter: time.Now().AddDate(10, 0, 0), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	o.roots = x509.NewCertPool()
	o.roots.AddCert(leaf)
	o.cert = tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	return o
}

// dial connects to the origin: with TLS on port 443.
func (o *origin) dial(_ context.Context, _, address string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	o.mu.Lock()
	o.conns++
	o.open++
	id := o.conns
	o.mu.Unlock()
	if o.place != nil {
		ours = placed{ours, o.place(address)}
	}
	go func() {
		defer func() {
			_ = theirs.Close()
			o.mu.Lock()
			o.open--
			o.mu.Unlock()
		}()
		if strings.HasSuffix(address, ":443") {
			o.serveTLS(theirs, id)
			return
		}
		o.serve(theirs, "http", id)
	}()
	return ours, nil
}

// placed is a connection to somewhere.
type placed struct {
	net.Conn
	at net.Addr
}

func (p placed) RemoteAddr() net.Addr { return p.at }

// serveTLS answers a connection with TLS, over HTTP/2 where the origin is modern.
func (o *origin) serveTLS(conn net.Conn, id int) {
	config := &tls.Config{Certificates: []tls.Certificate{o.cert}}
	if !o.modern {
		o.serve(tls.Server(conn, config), "https", id)
		return
	}
	closed := make(chan struct{})
	server := &http.Server{
		TLSConfig: config,
		ConnState: func(_ net.Conn, state http.ConnState) {
			if state == http.StateClosed {
				close(closed)
			}
		},
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.URL.Scheme = "https"
			answer := o.site(r, o.enter(r, "https", id))
			o.protocol = r.Proto
			o.leave(r)
			w.WriteHeader(cmp.Or(answer.status, http.StatusOK))
			_, _ = io.WriteString(w, answer.body)
		}),
	}
	l := make(single, 1)
	l <- conn
	close(l)
	_ = server.ServeTLS(l, "", "") // returns once the connection is taken
	<-closed
}

// single is a listener that one connection comes to.
type single chan net.Conn

func (s single) Accept() (net.Conn, error) {
	conn, ok := <-s
	if !ok {
		return nil, net.ErrClosed
	}
	return conn, nil
}

func (s single) Close() error   { return nil }
func (s single) Addr() net.Addr { return &net.TCPAddr{} }

// serve answers the requests of one connection, each after 50 ms.
func (o *origin) serve(conn net.Conn, scheme string, id int) {
	reader := bufio.NewReader(conn)
	for {
		r, err := http.ReadRequest(reader)
		if err != nil {
			return
		}
		if err := r.ParseForm(); err != nil {
			return
		}
		r.URL.Scheme = scheme
		n := o.enter(r, scheme, id)
		time.Sleep(50 * time.Millisecond)
		answer := o.site(r, n)
		o.leave(r)
		if answer.cut {
			return
		}
		if answer.hang {
			_, _ = reader.ReadByte() // until the client gives up
			return
		}
		if _, err := conn.Write(answer.bytes()); err != nil {
			return
		}
	}
}

func (o *origin) enter(r *http.Request, scheme string, conn int) (n int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.busy[r.Host]++
	o.most = max(o.most, o.busy[r.Host])
	o.now++
	o.together = max(o.together, o.now)
	key := r.Host + r.URL.Path
	n = o.count[key]
	o.count[key]++
	o.log = append(o.log, asked{at: time.Now(), method: r.Method, scheme: scheme, host: r.Host, uri: r.RequestURI, header: r.Header, form: r.PostForm, conn: conn})
	return n
}

func (o *origin) leave(r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.busy[r.Host]--
	o.now--
}

func (a reply) bytes() []byte {
	status := a.status
	if status == 0 {
		status = 200
	}
	var b strings.Builder
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\r\n", status, http.StatusText(status))
	for name, value := range a.header {
		b.WriteString(name + ": " + value + "\r\n") // byte for byte
	}
	if status != 304 && status != 204 {
		b.WriteString("Content-Length: " + strconv.Itoa(len(a.body)) + "\r\n")
	}
	return []byte(b.String() + "\r\n" + a.body)
}

// all are the requests so far for an address without scheme, or for every
// address if it is "".
func (o *origin) all(address string) []asked {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(o.log), func(a asked) bool { return address != "" && a.host+a.uri != address })
}

// toFeed are the requests for feedURL so far.
func (w *world) toFeed() []asked { return w.origin.all("news.example/feed") }

// gap is the time between the last two requests for the feed.
func (w *world) gap() time.Duration {
	w.Helper()
	all := w.toFeed()
	if len(all) < 2 {
		w.Fatalf("%d requests", len(all))
	}
	return all[len(all)-1].at.Sub(all[len(all)-2].at)
}

// rss is a feed whose items have no page, published at times.
func rss(inner string, posts ...time.Time) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:atom="http://www.w3.org/2005/Atom">` +
		`<channel><title>Delta Courier</title><link>http://news.example/</link>` + inner)
	for _, at := range posts {
		fmt.Fprintf(&b, "<item><title>Post of %[1]s</title><guid isPermaLink=\"false\">%[2]d</guid><pubDate>%[1]s</pubDate><description>Text</description></item>",
			at.UTC().Format(time.RFC1123), at.Unix())
	}
	return b.String() + "</channel></rss>"
}

// steady answers every request with one feed and a validator, or 304.
func steady(header map[string]string, body string) publisher {
	return func(r *http.Request, _ int) reply {
		switch {
		case r.URL.Path == "/robots.txt":
			return reply{status: 404}
		case header["ETag"] != "" && r.Header.Get("If-None-Match") == header["ETag"]:
			return reply{status: 304, header: header}
		}
		return reply{header: header, body: body}
	}
}

// script answers the nth request for the feed with the nth reply, and with the
// last one from then on.
func script(replies ...reply) publisher {
	return func(r *http.Request, n int) reply {
		if r.URL.Path == "/robots.txt" {
			return reply{status: 404}
		}
		return replies[min(n, len(replies)-1)]
	}
}
