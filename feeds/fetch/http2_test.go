package fetch

import (
	"context"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// quiet is a log that nobody reads.
func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

// modernServer speaks HTTP/2 by a script, and HTTP/1.1 as it should be.
func modernServer(t *testing.T, script func(*http2.Framer, uint32)) (*Client, *int) {
	t.Helper()
	cert, pool := certificate(t, time.Now().Add(time.Hour), "news.example")
	modern := 0
	server := &http.Server{
		ErrorLog:  quiet(),
		Handler:   http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<rss/>")) }),
		TLSConfig: &tls.Config{Certificates: []tls.Certificate{cert}, NextProtos: []string{"h2", "http/1.1"}},
		TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){
			"h2": func(_ *http.Server, conn *tls.Conn, _ http.Handler) { modern++; play(conn, script) },
		},
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.ServeTLS(l, "", "") }()
	t.Cleanup(func() { _ = server.Close() })
	return trusting(t, pool, l.Addr()), &modern
}

// play reads frames until a request is there, and answers it by the script.
func play(conn *tls.Conn, script func(*http2.Framer, uint32)) {
	defer func() { _ = conn.Close() }()
	preface := make([]byte, len(http2.ClientPreface))
	if _, err := io.ReadFull(conn, preface); err != nil {
		return
	}
	framer := http2.NewFramer(conn, conn)
	if script == nil || framer.WriteSettings() != nil {
		return
	}
	for {
		frame, err := framer.ReadFrame()
		if err != nil {
			return
		}
		if frame.Header().Type == http2.FrameHeaders {
			script(framer, frame.Header().StreamID)
		}
	}
}

// status is a header block with a status, and more of it if asked for.
func status(more int) []byte {
	var b writer
	e := hpack.NewEncoder(&b)
	_ = e.WriteField(hpack.HeaderField{Name: ":status", Value: "200"})
	for range more {
		_ = e.WriteField(hpack.HeaderField{Name: "x-more", Value: "value", Sensitive: true})
	}
	return b
}

type writer []byte

func (w *writer) Write(p []byte) (int, error) { *w = append(*w, p...); return len(p), nil }

// N6: whatever goes wrong with HTTP/2, the feed is read over HTTP/1.1, once,
// and HTTP/2 is left alone for a day.
func TestBrokenHTTP2(t *testing.T) {
	for _, c := range []struct {
		name   string
		script func(*http2.Framer, uint32)
		fine   bool // needs no second attempt
	}{
		{"answers", func(f *http2.Framer, id uint32) {
			_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: status(0), EndHeaders: true})
			_ = f.WriteData(id, true, []byte("<rss/>"))
		}, true},
		{"10,000 pings, then answers", func(f *http2.Framer, id uint32) {
			for range 10_000 {
				if f.WritePing(true, [8]byte{}) != nil {
					return
				}
			}
			_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: status(0), EndHeaders: true})
			_ = f.WriteData(id, true, []byte("<rss/>"))
		}, true},
		{"GOAWAY", func(f *http2.Framer, id uint32) { _ = f.WriteGoAway(0, http2.ErrCodeEnhanceYourCalm, nil) }, false},
		{"RST_STREAM", func(f *http2.Framer, id uint32) { _ = f.WriteRSTStream(id, http2.ErrCodeInternal) }, false},
		{"reset in the body", func(f *http2.Framer, id uint32) {
			_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: status(0), EndHeaders: true})
			_ = f.WriteData(id, false, []byte("<rs"))
			_ = f.WriteRSTStream(id, http2.ErrCodeProtocol)
		}, false},
		{"frame size 0", func(f *http2.Framer, _ uint32) {
			_ = f.WriteSettings(http2.Setting{ID: http2.SettingMaxFrameSize, Val: 0})
		}, false},
		{"CONTINUATION flood", func(f *http2.Framer, id uint32) {
			_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: status(0)})
			for range 1000 {
				if f.WriteContinuation(id, false, status(500)[1:]) != nil {
					return
				}
			}
		}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			client, modern := modernServer(t, c.script)
			for range 2 {
				got, err := client.Get(context.Background(), Request{URL: "https://news.example/", For: ForFeed})
				if err != nil || string(got.Body) != "<rss/>" {
					t.Fatalf("%q, %v", got.Body, err)
				}
			}
			if *modern != 1 {
				t.Errorf("%d connections with HTTP/2, want 1", *modern)
			}
			if client.pace.isPlain("news.example") == c.fine {
				t.Errorf("host is asked over HTTP/1.1: %v", !c.fine)
			}
		})
	}
}
