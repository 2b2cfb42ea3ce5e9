package fetch

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// encode writes n zero bytes, or text if n is 0, in a content coding.
func encode(t testing.TB, coding, text string, n int64) []byte {
	t.Helper()
	var out bytes.Buffer
	var w io.WriteCloser
	var err error
	switch coding {
	case "gzip":
		w, err = gzip.NewWriterLevel(&out, gzip.BestSpeed)
	case "br":
		w = brotli.NewWriterLevel(&out, 2)
	case "zstd":
		w, err = zstd.NewWriter(&out, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithWindowSize(1<<20))
	case "deflate":
		w, err = zlib.NewWriterLevel(&out, zlib.BestSpeed)
	case "flate":
		w, err = flate.NewWriter(&out, flate.BestSpeed)
	}
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.WriteString(w, text)
	if err == nil {
		_, err = io.Copy(w, io.LimitReader(zeros{}, n))
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

var feedBody = body{limits: Limits{}.withDefaults(), purpose: ForFeed}

// D1: bombs. 64 MiB stand for the catalogue's 1 GiB: reading ends after 1 MiB
// of either.
func TestDecodeBombs(t *testing.T) {
	for _, coding := range []string{"gzip", "br", "zstd", "deflate"} {
		t.Run(coding, func(t *testing.T) {
			bomb := encode(t, coding, "", 64<<20)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, _, err := feedBody.decode(bomb, []string{coding})
			runtime.ReadMemStats(&after)
			if class(err) != ClassDecodedTooBig {
				t.Errorf("%d bytes: %v", len(bomb), err)
			}
			if grown := after.TotalAlloc - before.TotalAlloc; grown > 24<<20 {
				t.Errorf("%d bytes allocated", grown)
			}
		})
	}
}

// noise hardly shrinks, so that a limit of size is met before that of ratio.
func noise(n int) string {
	var b strings.Builder
	x := uint32(1)
	for b.Len() < n {
		x = x*1664525 + 1013904223
		b.WriteByte('a' + byte(x>>24)%26)
	}
	return b.String()
}

func TestDecodeLimits(t *testing.T) {
	small := body{limits: Limits{Decoded: 1000, PageDecoded: 500}.withDefaults(), purpose: ForFeed}
	page := body{limits: small.limits, purpose: ForPage}
	for _, c := range []struct {
		name string
		body body
		sent []byte
		code []string
		want string
	}{
		{"fits", small, []byte(noise(1000)), nil, ""},
		{"plain over", small, []byte(noise(1001)), nil, ClassDecodedTooBig},
		{"gzip fits", small, encode(t, "gzip", noise(1000), 0), []string{"gzip"}, ""},
		{"gzip over", small, encode(t, "gzip", noise(1001), 0), []string{"gzip"}, ClassDecodedTooBig},
		{"page over", page, encode(t, "gzip", noise(501), 0), []string{"gzip"}, ClassDecodedTooBig},
	} {
		if _, _, err := c.body.decode(c.sent, c.code); class(err) != c.want {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// D2 and D3: content codings as they should not be.
func TestDecodeOddities(t *testing.T) {
	const text = "<rss>" + "some text that is long enough to be told from noise" + "</rss>"
	gz := encode(t, "gzip", text, 0)
	flip := append([]byte(nil), gz...)
	flip[len(flip)-5] ^= 0xff                                              // the checksum
	window := []byte{0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x98, 0x01, 0x00, 0x00} // a frame with a window of 512 MiB
	for _, c := range []struct {
		name  string
		sent  []byte
		code  []string
		want  string // of the error; "" for text
		plain bool
	}{
		{"gzip", gz, []string{"gzip"}, "", false},
		{"upper case", gz, []string{" GZIP "}, "", false},
		{"x-gzip", gz, []string{"x-gzip"}, "", false},
		{"br", encode(t, "br", text, 0), []string{"br"}, "", false},
		{"zstd", encode(t, "zstd", text, 0), []string{"zstd"}, "", false},
		{"deflate", encode(t, "deflate", text, 0), []string{"deflate"}, "", false},
		{"bare deflate", encode(t, "flate", text, 0), []string{"deflate"}, "", false},
		{"identity", []byte(text), []string{"identity"}, "", false},
		{"two members", append(encode(t, "gzip", text[:9], 0), encode(t, "gzip", text[9:], 0)...), []string{"gzip"}, "", false},
		{"trailing garbage", append(append([]byte(nil), gz...), "garbage"...), []string{"gzip"}, "", false},
		{"plain in spite of gzip", []byte(text), []string{"gzip"}, "", true},
		{"plain in spite of br", []byte(text), []string{"br"}, "", true},
		{"plain in spite of zstd", []byte(text), []string{"zstd"}, "", true},
		{"twice", encode(t, "gzip", string(gz), 0), []string{"gzip, gzip"}, ClassEncoding, false},
		{"two headers", gz, []string{"gzip", "br"}, ClassEncoding, false},
		{"unknown", []byte(text), []string{"x-foo"}, ClassEncoding, false},
		{"truncated", gz[:len(gz)-9], []string{"gzip"}, ClassEncoding, false},
		{"no checksum", gz[:len(gz)-4], []string{"gzip"}, ClassEncoding, false},
		{"wrong checksum", flip, []string{"gzip"}, ClassEncoding, false},
		{"truncated br", encode(t, "br", text, 0)[:20], []string{"br"}, ClassEncoding, false},
		{"truncated zstd", encode(t, "zstd", text, 0)[:20], []string{"zstd"}, ClassEncoding, false},
		{"noise", []byte("\x00\x01\x02"), []string{"gzip"}, ClassEncoding, false},
		{"wide window", window, []string{"zstd"}, ClassEncoding, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, plain, err := feedBody.decode(c.sent, c.code)
			if class(err) != c.want || plain != c.plain {
				t.Fatalf("plain %v, error %v", plain, err)
			}
			if c.want == "" && string(got) != text {
				t.Errorf("%q", got)
			}
			if c.name == "wide window" && !strings.Contains(err.Error(), "window size exceeded") {
				t.Errorf("%v", err)
			}
		})
	}
}

// A client that is sent such a body returns the error and no validators.
func TestGetDecodes(t *testing.T) {
	gz := encode(t, "gzip", "<rss/>", 0)
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("Accept-Encoding"); got != "gzip, br, zstd" {
			t.Errorf("Accept-Encoding %q", got)
		}
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("ETag", `"x"`)
		if r.URL.Path == "/short" {
			_, _ = w.Write(gz[:len(gz)-3])
			return
		}
		_, _ = w.Write(gz)
	})
	c := open(t, nil)
	if got, err := c.Get(context.Background(), Request{URL: url, For: ForFeed}); err != nil || string(got.Body) != "<rss/>" {
		t.Errorf("%q, %v", got.Body, err)
	}
	if got, err := c.Get(context.Background(), Request{URL: url + "/short", For: ForFeed}); class(err) != ClassEncoding || got.Validators.ETag != "" {
		t.Errorf("%+v, %v", got, err)
	}
}

func FuzzDecode(f *testing.F) {
	for _, coding := range []string{"gzip", "br", "zstd", "deflate"} {
		f.Add(encode(f, coding, "<rss/>", 0), coding)
	}
	f.Fuzz(func(t *testing.T, sent []byte, coding string) {
		got, _, err := feedBody.decode(sent, []string{coding})
		if err != nil && got != nil {
			t.Error("a body together with an error")
		}
		if int64(len(got)) > feedBody.limits.Decoded {
			t.Error("over the limit")
		}
	})
}
