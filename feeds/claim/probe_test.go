package claim

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"clusterwire/feeds/news"
)

func TestProbe(t *testing.T) {
	path := os.Getenv("PROBE")
	if path == "" {
		t.Skip()
	}
	r, err := New()
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<24)
	out := json.NewEncoder(os.Stdout)
	_ = out
	for sc.Scan() {
		var in struct{ ID, Title, Text, Lang string }
		if err := json.Unmarshal(sc.Bytes(), &in); err != nil {
			t.Fatal(err)
		}
		txt := news.Text{Title: in.Title, Body: in.Text, Language: in.Lang}
		tags, claims := r.Read(txt, nil)
		for _, c := range claims {
			if err := r.Verify(txt, c); err != nil {
				fmt.Println("VERIFY", err)
			}
		}
		b, _ := json.Marshal(map[string]any{"id": in.ID, "tags": tags, "claims": claims})
		fmt.Println("@@" + string(b))
	}
}
