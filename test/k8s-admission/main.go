// Command k8s-admission does with objects what a Kubernetes API server does with them before it stores them, by the API
// server's own code: it decodes them strictly, sets defaults, validates, and sends pods through its chain of mutating
// policies and webhooks. It reads one question a line, in JSON, and answers each with one line.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"k8s.io/klog/v2"
)

// A question has exactly one member besides its number.
type question struct {
	ID    int             `json:"id"`
	SetUp *setUp          `json:"setUp"`
	Pod   *newPod         `json:"pod"`
	Check json.RawMessage `json:"check"`
}

type answer struct {
	ID int `json:"id"`
	// Fault is a mistake of the question, or of this program; an API server's "no" is not one.
	Fault  string  `json:"fault,omitempty"`
	Result *result `json:"result,omitempty"`
}

const lineBytesMax = 64 << 20

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: k8s-admission <folder of OpenAPI v3 documents>")
		os.Exit(2)
	}
	klog.SetOutput(os.Stderr)
	klog.LogToStderr(false)
	server := &apiServer{schemas: os.Args[1]}
	defer server.stop()
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, lineBytesMax)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var asked question
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		answered := answer{ID: asked.ID}
		var err error
		if answered.Result, err = server.answer(asked); err != nil {
			answered.Fault = err.Error()
		}
		if err := out.Encode(answered); err != nil {
			os.Exit(1)
		}
	}
}

func (s *apiServer) answer(asked question) (*result, error) {
	switch {
	case asked.SetUp != nil:
		return s.start(*asked.SetUp)
	case asked.Pod != nil:
		return s.create(*asked.Pod)
	case asked.Check != nil:
		return check(asked.Check)
	default:
		return nil, fmt.Errorf("a question without a subject")
	}
}
