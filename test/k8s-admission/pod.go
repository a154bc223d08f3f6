package main

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/warning"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	podutil "k8s.io/kubernetes/pkg/api/pod"
	"k8s.io/kubernetes/pkg/apis/core"
	security "k8s.io/pod-security-admission/api"
	standards "k8s.io/pod-security-admission/policy"
)

// newPod is a pod as its creator sends it, mostly a ReplicaSet's controller.
type newPod struct {
	Namespace string          `json:"namespace"`
	Pod       json.RawMessage `json:"pod"`
}

var (
	podKind     = schema.GroupVersionKind{Version: "v1", Kind: "Pod"}
	podResource = schema.GroupVersionResource{Version: "v1", Resource: "pods"}
	creator     = &user.DefaultInfo{Name: "system:serviceaccount:kube-system:replicaset-controller"}
)

// Just after it was set up, the policies' plugin does not know the schemas yet, which it fetches by itself: it then
// answers what any API server answers then, and clients ask again.
const (
	tries = 100
	pause = 50 * time.Millisecond
)

// create does what the API server does on POST, up to storing.
func (s *apiServer) create(given newPod) (*result, error) {
	for try := 1; ; try++ {
		told, err := s.createOnce(given)
		if !errors.IsServiceUnavailable(err) {
			return told, err
		}
		if try == tries {
			return nil, err
		}
		time.Sleep(pause)
	}
}

func (s *apiServer) createOnce(given newPod) (*result, error) {
	object, unknown, err := decode(given.Pod)
	if err != nil {
		return nil, err
	}
	pod, ok := object.(*core.Pod)
	if !ok || s.chain == nil {
		return nil, fmt.Errorf("%T is no pod, or nothing was set up", object)
	}
	name(pod, given.Namespace)
	told := &warnings{}
	ctx := warning.WithWarningRecorder(context.Background(), told)
	err = s.admit(ctx, pod)
	if errors.IsServiceUnavailable(err) {
		return nil, err
	}
	if err != nil {
		return &result{Unknown: unknown, Refused: err.Error(), Warnings: told.said}, nil
	}
	podutil.DropDisabledPodFields(pod, nil)
	invalid, err := validate(pod)
	if err != nil {
		return nil, err
	}
	shown, err := toVersioned(pod)
	if err != nil {
		return nil, err
	}
	return &result{
		Unknown:    unknown,
		Invalid:    texts(invalid),
		Warnings:   append(told.said, podutil.GetWarningsForPod(ctx, pod, nil)...),
		Violations: violations(shown.(*corev1.Pod)),
		Object:     shown,
	}, nil
}

// admit sends the pod through the chain, which changes it.
func (s *apiServer) admit(ctx context.Context, pod *core.Pod) error {
	attributes := admission.NewAttributesRecord(
		pod, nil, podKind, pod.Namespace, pod.Name, podResource, "", admission.Create, &metav1.CreateOptions{}, false, creator,
	)
	interfaces := admission.NewObjectInterfacesFromScheme(legacyscheme.Scheme)
	if err := s.chain.Admit(ctx, attributes, interfaces); err != nil {
		return err
	}
	return s.chain.Validate(ctx, attributes, interfaces)
}

// name gives a pod what the API server gives it before admission.
func name(pod *core.Pod, namespace string) {
	if pod.Name == "" {
		pod.Name = pod.GenerateName + "abcde"
	}
	pod.Namespace = namespace
	pod.UID = types.UID("00000000-0000-4000-8000-000000000000")
}

// warnings keeps what the sender would be told.
type warnings struct {
	lock sync.Mutex
	said []string
}

func (w *warnings) AddWarning(_, text string) {
	w.lock.Lock()
	defer w.lock.Unlock()
	w.said = append(w.said, text)
}

// violations says why a namespace that enforces the "restricted" Pod Security Standard would refuse the pod.
func violations(pod *corev1.Pod) []string {
	evaluator, err := standards.NewEvaluator(standards.DefaultChecks(), nil)
	if err != nil {
		return []string{err.Error()}
	}
	level := security.LevelVersion{Level: security.LevelRestricted, Version: security.LatestVersion()}
	var found []string
	for _, result := range evaluator.EvaluatePod(level, &pod.ObjectMeta, &pod.Spec) {
		if !result.Allowed {
			found = append(found, result.ForbiddenReason+": "+result.ForbiddenDetail)
		}
	}
	return found
}
