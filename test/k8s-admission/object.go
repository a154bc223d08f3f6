package main

import (
	"fmt"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	podutil "k8s.io/kubernetes/pkg/api/pod"
	"k8s.io/kubernetes/pkg/apis/admissionregistration"
	_ "k8s.io/kubernetes/pkg/apis/admissionregistration/install"
	admissionvalidation "k8s.io/kubernetes/pkg/apis/admissionregistration/validation"
	"k8s.io/kubernetes/pkg/apis/apps"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	appsvalidation "k8s.io/kubernetes/pkg/apis/apps/validation"
	"k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	"k8s.io/kubernetes/pkg/apis/core/validation"
	"k8s.io/kubernetes/pkg/apis/networking"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	networkingvalidation "k8s.io/kubernetes/pkg/apis/networking/validation"
	"k8s.io/kubernetes/pkg/apis/policy"
	_ "k8s.io/kubernetes/pkg/apis/policy/install"
	policyvalidation "k8s.io/kubernetes/pkg/apis/policy/validation"
)

// result is what whoever sent an object would be told, and what would be stored.
type result struct {
	// Unknown says which fields no such object has. With kubectl's own setting the API server refuses them.
	Unknown string `json:"unknown,omitempty"`
	// Invalid holds the API server's own complaints about the values.
	Invalid []string `json:"invalid,omitempty"`
	// Refused is the answer of admission, where it was no.
	Refused string `json:"refused,omitempty"`
	// Warnings are those that kubectl prints.
	Warnings []string `json:"warnings,omitempty"`
	// Violations of the "restricted" Pod Security Standard.
	Violations []string `json:"violations,omitempty"`
	// Object is the object after all of it, as the API shows it.
	Object runtime.Object `json:"object,omitempty"`
}

var strictCodecs = serializer.NewCodecFactory(legacyscheme.Scheme, serializer.EnableStrict)

// decode reads an object of any version, sets its defaults and returns it in the API server's internal form. Unknown
// fields are told apart from what is no object at all.
func decode(data []byte) (object runtime.Object, unknown string, err error) {
	object, err = runtime.Decode(strictCodecs.UniversalDecoder(), data)
	if err == nil {
		return object, "", nil
	}
	unknown = err.Error()
	object, err = runtime.Decode(legacyscheme.Codecs.UniversalDecoder(), data)
	return object, unknown, err
}

// check says what the API server would find wrong with an object of the kinds that a chart consists of.
func check(data []byte) (*result, error) {
	object, unknown, err := decode(data)
	if err != nil {
		return nil, err
	}
	invalid, err := validate(object)
	return &result{Unknown: unknown, Invalid: texts(invalid)}, err
}

func validate(object runtime.Object) (field.ErrorList, error) {
	switch it := object.(type) {
	case *core.Pod:
		options := podutil.GetValidationOptionsFromPodSpecAndMeta(&it.Spec, nil, &it.ObjectMeta, nil)
		options.ResourceIsPod = true
		return validation.ValidatePodCreate(it, options), nil
	case *core.ConfigMap:
		return validation.ValidateConfigMap(it), nil
	case *core.Secret:
		return validation.ValidateSecret(it), nil
	case *core.Namespace:
		return validation.ValidateNamespace(it), nil
	case *core.Service:
		// The registry of services does this before it validates.
		if it.Spec.ClusterIP != "" && len(it.Spec.ClusterIPs) == 0 {
			it.Spec.ClusterIPs = []string{it.Spec.ClusterIP}
		}
		return validation.ValidateServiceCreate(it), nil
	case *apps.Deployment:
		return appsvalidation.ValidateDeployment(it, optionsOf(&it.Spec.Template)), nil
	case *apps.StatefulSet:
		options := appsvalidation.StatefulSetValidationOptions{}
		return appsvalidation.ValidateStatefulSet(it, options, optionsOf(&it.Spec.Template)), nil
	case *policy.PodDisruptionBudget:
		return policyvalidation.ValidatePodDisruptionBudget(it, policyvalidation.PodDisruptionBudgetValidationOptions{}), nil
	case *networking.NetworkPolicy:
		return networkingvalidation.ValidateNetworkPolicy(it, networkingvalidation.NetworkPolicyValidationOptions{}), nil
	case *admissionregistration.MutatingWebhookConfiguration:
		return admissionvalidation.ValidateMutatingWebhookConfiguration(it), nil
	case *admissionregistration.MutatingAdmissionPolicy:
		return admissionvalidation.ValidateMutatingAdmissionPolicy(it), nil
	case *admissionregistration.MutatingAdmissionPolicyBinding:
		return admissionvalidation.ValidateMutatingAdmissionPolicyBinding(it), nil
	case *admissionregistration.ValidatingAdmissionPolicy:
		return admissionvalidation.ValidateValidatingAdmissionPolicy(it), nil
	case *admissionregistration.ValidatingAdmissionPolicyBinding:
		return admissionvalidation.ValidateValidatingAdmissionPolicyBinding(it), nil
	default:
		return nil, fmt.Errorf("%T is not validated here", object)
	}
}

func optionsOf(template *core.PodTemplateSpec) validation.PodValidationOptions {
	return podutil.GetValidationOptionsFromPodSpecAndMeta(&template.Spec, nil, &template.ObjectMeta, nil)
}

func texts(errors field.ErrorList) []string {
	var said []string
	for _, one := range errors {
		said = append(said, one.Error())
	}
	return said
}
