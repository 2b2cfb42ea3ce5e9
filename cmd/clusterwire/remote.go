package main

import (
	"io"
	"net/http"
	"strings"
	"time"
)

// remotePatience is how long a site that was named with --remote may take.
const remotePatience = 30 * time.Second

// remoteLimit is the largest answer that is read, in bytes.
const remoteLimit = 16 << 20

// askRemote asks the API of a running site. The person named it, so it may be
// on a private network: this is no part of intake.
func askRemote(site string) func(*env, string) (int, []byte, error) {
	return func(e *env, path string) (int, []byte, error) {
		request, err := http.NewRequestWithContext(e.ctx, http.MethodGet, strings.TrimSuffix(site, "/")+path, nil)
		if err != nil {
			return 0, nil, &usageError{err}
		}
		client := &http.Client{Timeout: remotePatience}
		answer, err := client.Do(request)
		if err != nil {
			return 0, nil, err
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(io.LimitReader(answer.Body, remoteLimit))
		return answer.StatusCode, body, err
	}
}
