package eval

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// FirstRun is what the rules made of a batch of labelled texts when they first
// saw it: the figure that new texts can expect, as later ones know the batch.
type FirstRun struct {
	Batch    string
	Question string
	Score    Score
}

// ReadFirstRuns reads one of them a line, parted by tabs:
//
//	batch	question	right	wrong	missed
//
// "#" begins a comment line.
func ReadFirstRuns(r io.Reader) ([]FirstRun, error) {
	var out []FirstRun
	n := 0
	s := bufio.NewScanner(r)
	for s.Scan() {
		n++
		line := strings.TrimSpace(s.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		fields := strings.Split(line, "\t")
		if len(fields) != 5 {
			return nil, fmt.Errorf("line %d: want batch, question, right, wrong, missed; got %q", n, line)
		}
		run := FirstRun{Batch: fields[0], Question: fields[1]}
		for i, to := range []*int{&run.Score.TP, &run.Score.FP, &run.Score.FN} {
			var err error
			if *to, err = strconv.Atoi(fields[2+i]); err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
		}
		out = append(out, run)
	}
	return out, s.Err()
}
