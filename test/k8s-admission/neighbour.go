package main

import (
	"bytes"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"

	admissionv1 "k8s.io/api/admission/v1"
	registration "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// neighbour is a mutating webhook of somebody else, such as a service mesh's: it puts containers into each pod that does
// not have them yet, behind those that are there.
type neighbour struct {
	// Strips says that it is an old one: it writes pods back without what it does not know, the restartPolicy of init
	// containers. Such ones are not asked again.
	Strips bool `json:"strips"`
	// Name of its configuration: webhooks are called in the order of their configurations' names.
	Name           string             `json:"name"`
	InitContainers []corev1.Container `json:"initContainers"`
	Containers     []corev1.Container `json:"containers"`
}

// serve starts it, and returns its configuration.
func (n *neighbour) serve() (configuration []byte, stop func(), err error) {
	server := httptest.NewTLSServer(http.HandlerFunc(n.review))
	authority := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	url, again, none := server.URL+"/mutate", registration.IfNeededReinvocationPolicy, registration.SideEffectClassNone
	if n.Strips {
		again = registration.NeverReinvocationPolicy
	}
	configuration, err = json.Marshal(&registration.MutatingWebhookConfiguration{
		TypeMeta:   metav1.TypeMeta{APIVersion: "admissionregistration.k8s.io/v1", Kind: "MutatingWebhookConfiguration"},
		ObjectMeta: metav1.ObjectMeta{Name: n.Name},
		Webhooks: []registration.MutatingWebhook{{
			Name:                    "neighbour.example.com",
			ClientConfig:            registration.WebhookClientConfig{URL: &url, CABundle: authority},
			SideEffects:             &none,
			ReinvocationPolicy:      &again,
			AdmissionReviewVersions: []string{"v1"},
			Rules: []registration.RuleWithOperations{{
				Operations: []registration.OperationType{registration.Create},
				Rule:       registration.Rule{APIGroups: []string{""}, APIVersions: []string{"v1"}, Resources: []string{"pods"}},
			}},
		}},
	})
	return configuration, server.Close, err
}

func (n *neighbour) review(response http.ResponseWriter, request *http.Request) {
	var review admissionv1.AdmissionReview
	if err := json.NewDecoder(request.Body).Decode(&review); err != nil || review.Request == nil {
		http.Error(response, fmt.Sprint("no review: ", err), http.StatusBadRequest)
		return
	}
	var pod corev1.Pod
	if err := json.Unmarshal(review.Request.Object.Raw, &pod); err != nil {
		http.Error(response, err.Error(), http.StatusBadRequest)
		return
	}
	patch := slices.Concat(
		n.removals(pod.Spec.InitContainers),
		additions("/spec/initContainers", pod.Spec.InitContainers, n.InitContainers),
		additions("/spec/containers", pod.Spec.Containers, n.Containers),
	)
	answer := &admissionv1.AdmissionResponse{UID: review.Request.UID, Allowed: true}
	if len(patch) > 0 {
		kind := admissionv1.PatchTypeJSONPatch
		answer.PatchType = &kind
		answer.Patch, _ = json.Marshal(patch)
	}
	review.Request, review.Response = nil, answer
	var body bytes.Buffer
	_ = json.NewEncoder(&body).Encode(review)
	response.Header().Set("Content-Type", "application/json")
	_, _ = body.WriteTo(response)
}

func (n *neighbour) removals(present []corev1.Container) []map[string]any {
	var patch []map[string]any
	for index, container := range present {
		if n.Strips && container.RestartPolicy != nil {
			path := fmt.Sprintf("/spec/initContainers/%d/restartPolicy", index)
			patch = append(patch, map[string]any{"op": "remove", "path": path})
		}
	}
	return patch
}

func additions(list string, present, wanted []corev1.Container) []map[string]any {
	var patch []map[string]any
	for _, container := range wanted {
		isThere := slices.ContainsFunc(present, func(one corev1.Container) bool { return one.Name == container.Name })
		switch {
		case isThere:
		case len(present) == 0 && len(patch) == 0:
			patch = append(patch, map[string]any{"op": "add", "path": list, "value": []corev1.Container{container}})
		default:
			patch = append(patch, map[string]any{"op": "add", "path": list + "/-", "value": container})
		}
	}
	return patch
}
