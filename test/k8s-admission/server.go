package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/initializer"
	policy "k8s.io/apiserver/pkg/admission/plugin/policy/mutating"
	guard "k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	webhookinit "k8s.io/apiserver/pkg/admission/plugin/webhook/initializer"
	webhook "k8s.io/apiserver/pkg/admission/plugin/webhook/mutating"
	"k8s.io/apiserver/pkg/authorization/authorizerfactory"
	"k8s.io/apiserver/pkg/util/compatibility"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	dynamicfake "k8s.io/client-go/dynamic/fake"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
)

// setUp is a cluster: its objects, and where its services really listen.
type setUp struct {
	Objects []json.RawMessage `json:"objects"`
	// Services maps "namespace/name:port" to "host:port". A service that is not there cannot be resolved.
	Services map[string]string `json:"services"`
	// Neighbour is another mutating webhook, called after all others.
	Neighbour *neighbour `json:"neighbour"`
}

// apiServer admits pods, by the plugins and in the order of a real one.
type apiServer struct {
	schemas string
	chain   chain
	close   []func()
}

type chain interface {
	admission.MutationInterface
	admission.ValidationInterface
}

func (s *apiServer) stop() {
	for _, one := range s.close {
		one()
	}
	s.close = nil
}

// start replaces the cluster by another one. The result is what is wrong with its objects.
func (s *apiServer) start(given setUp) (*result, error) {
	s.stop()
	objects := given.Objects
	if given.Neighbour != nil {
		configuration, stop, err := given.Neighbour.serve()
		if err != nil {
			return nil, err
		}
		s.close = append(s.close, stop)
		objects = append(objects, configuration)
	}
	stored := &result{}
	var known []runtime.Object
	for _, data := range objects {
		object, err := store(data, stored)
		if err != nil {
			return nil, err
		}
		known = append(known, object)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.close = append(s.close, cancel)
	api := client{fake.NewSimpleClientset(known...), openAPI(s.schemas)}
	chain, err := newChain(ctx, api, given.Services)
	s.chain = chain
	return stored, err
}

// store takes an object as the API server takes one, and returns it as informers see it.
func store(data []byte, told *result) (runtime.Object, error) {
	object, unknown, err := decode(data)
	if err != nil {
		return nil, err
	}
	invalid, err := validate(object)
	if err != nil {
		return nil, err
	}
	told.Unknown += unknown
	told.Invalid = append(told.Invalid, texts(invalid)...)
	return toVersioned(object)
}

// toVersioned gives an object the form in which the API shows it, in the one version of its group that is used here.
func toVersioned(object runtime.Object) (runtime.Object, error) {
	kinds, _, err := legacyscheme.Scheme.ObjectKinds(object)
	if err != nil {
		return nil, err
	}
	version := schema.GroupVersion{Group: kinds[0].Group, Version: "v1"}
	versioned, err := legacyscheme.Scheme.ConvertToVersion(object, version)
	if err == nil {
		versioned.GetObjectKind().SetGroupVersionKind(version.WithKind(kinds[0].Kind))
	}
	return versioned, err
}

func newChain(ctx context.Context, api client, services resolver) (chain, error) {
	factory := informers.NewSharedInformerFactory(api, 0)
	mapper := meta.NewDefaultRESTMapper([]schema.GroupVersion{podKind.GroupVersion()})
	mapper.Add(podKind, meta.RESTScopeNamespace)
	common := initializer.New(
		api,
		dynamicfake.NewSimpleDynamicClient(legacyscheme.Scheme),
		factory,
		authorizerfactory.NewAlwaysAllowAuthorizer(),
		utilfeature.DefaultFeatureGate,
		compatibility.DefaultBuildEffectiveVersion(),
		ctx.Done(),
		mapper,
	)
	plugins := admission.NewPlugins()
	policy.Register(plugins)
	webhook.Register(plugins)
	guard.Register(plugins)
	made, err := plugins.NewFromPlugins(
		[]string{policy.PluginName, webhook.PluginName, guard.PluginName},
		noConfiguration{},
		admission.PluginInitializers{common, webhookinit.NewPluginInitializer(nil, services)},
		nil,
	)
	if err != nil {
		return nil, err
	}
	factory.Start(ctx.Done())
	for informer, synced := range factory.WaitForCacheSync(ctx.Done()) {
		if !synced {
			return nil, fmt.Errorf("%v was not read", informer)
		}
	}
	return made.(chain), nil
}

// resolver leads a service's name to where its only endpoint listens.
type resolver map[string]string

func (r resolver) ResolveEndpoint(namespace, name string, port int32) (*url.URL, error) {
	host, ok := r[fmt.Sprintf("%s/%s:%d", namespace, name, port)]
	if !ok {
		return nil, fmt.Errorf("service %q in %q has no endpoint for port %d", name, namespace, port)
	}
	return &url.URL{Scheme: "https", Host: host}, nil
}

// noConfiguration is that of an API server whose admission plugins are not configured.
type noConfiguration struct{}

func (noConfiguration) ConfigFor(string) (io.Reader, error) { return nil, nil }
