package story

import (
	"math"
	"reflect"
	"testing"
	"time"
)

var packable = []Features{
	{},
	{
		Terms: []Term{{Key: "#mw4e+08", Weight: 0.7071, Neutral: true}, {Key: "stargat", Weight: 0.5}, {Key: "算力", Weight: 1}}, Endings: " e ",
		Published: time.Date(2024, 9, 2, 11, 0, 0, 0, time.UTC), Language: "it", Canonical: "https://example.org/colossus",
		Links: []Link{LinkTo("https://example.com/a"), 1}, Companies: []string{"xai", "nvidia"}, Cites: []string{"reuters"},
		Sketch: []uint32{0, math.MaxUint32, 7}, Length: 4096,
	},
	{Published: time.Date(1969, 7, 20, 0, 0, 0, 0, time.UTC), Terms: []Term{{Key: "", Weight: 0}}},
}

func TestPack(t *testing.T) {
	for _, f := range packable {
		got, err := Unpack(f.Pack())
		if err != nil {
			t.Errorf("%+v: %v", f, err)
			continue
		}
		if again, err := Unpack(got.Pack()); err != nil || !reflect.DeepEqual(again, got) {
			t.Errorf("packed a second time it is %+v, %v", again, err)
		}
		for i, x := range got.Terms {
			if math.Abs(x.Weight-f.Terms[i].Weight) > 1e-4 {
				t.Errorf("weight %v became %v", f.Terms[i].Weight, x.Weight)
			}
			got.Terms[i].Weight = f.Terms[i].Weight
		}
		if !reflect.DeepEqual(got, f) {
			t.Errorf("%+v became %+v", f, got)
		}
	}
}

func TestUnpackOfTheFirstReleases(t *testing.T) {
	got, err := Unpack([]byte(`{"Terms":[{"Key":"colossus","Weight":1,"Neutral":true}],"Published":"2024-09-02T11:00:00Z","Links":["https://example.com/a"],"Length":3}`))
	want := Features{Terms: []Term{{"colossus", 1, true}}, Published: time.Date(2024, 9, 2, 11, 0, 0, 0, time.UTC), Links: []Link{LinkTo("https://example.com/a")}, Length: 3}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
}

// packedWithoutEndings are two terms of an English article of three bytes.
const packedWithoutEndings = "\x02\x00\x03\x02\x00\x00\x00\x00\x00\x02\xff\xff\x08\xfe\x7f\x04encolossusgrid"

// TestUnpackWithoutEndings reads what was packed before terms had endings.
func TestUnpackWithoutEndings(t *testing.T) {
	got, err := Unpack([]byte(packedWithoutEndings))
	want := Features{Terms: []Term{{"colossus", 1, true}, {Key: "grid", Weight: 0.5 * (1 - 1.0/weightSteps)}}, Language: "en", Length: 3}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
}

// FuzzUnpack gives Unpack bytes that Pack did not write: it says so, and takes
// no more memory than the bytes are worth.
func FuzzUnpack(f *testing.F) {
	for _, x := range packable {
		f.Add(x.Pack())
	}
	f.Add([]byte(packedWithoutEndings))
	f.Add([]byte{packedForm, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x0f})
	f.Fuzz(func(t *testing.T, packed []byte) {
		x, err := Unpack(packed)
		if err != nil {
			return
		}
		if again, err := Unpack(x.Pack()); err != nil || !reflect.DeepEqual(x, again) {
			t.Errorf("%+v, packed again: %+v, %v", x, again, err)
		}
	})
}

func BenchmarkUnpack(b *testing.B) {
	var f Features
	for i := range 50 {
		f.Terms = append(f.Terms, Term{Key: "term" + string(rune('a'+i)), Weight: 0.1})
	}
	f.Sketch, f.Canonical = make([]uint32, sketchSize), "https://example.org/2024/09/an-address-of-usual-length"
	packed := f.Pack()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Unpack(packed); err != nil {
			b.Fatal(err)
		}
	}
}
