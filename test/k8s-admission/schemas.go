package main

import (
	"os"
	"path/filepath"

	"k8s.io/client-go/discovery"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/openapi"
)

// client reads from the cluster that was set up, and has the schemas of the real API besides.
type client struct {
	kubernetes.Interface
	schemas openAPI
}

func (c client) Discovery() discovery.DiscoveryInterfaces {
	return schemaDiscovery{c.Interface.Discovery(), c.schemas}
}

// IsWatchListSemanticsUnSupported tells informers to list before they watch: nothing else can be done with a fake.
func (c client) IsWatchListSemanticsUnSupported() bool { return true }

type schemaDiscovery struct {
	discovery.DiscoveryInterfaces
	schemas openAPI
}

func (d schemaDiscovery) OpenAPIV3() openapi.Client { return d.schemas }

// openAPI serves the documents that Kubernetes publishes with its source, from the folder of that name.
type openAPI string

func (o openAPI) Paths() (map[string]openapi.GroupVersion, error) {
	return map[string]openapi.GroupVersion{"api/v1": document(filepath.Join(string(o), "api__v1_openapi.json"))}, nil
}

type document string

func (d document) Schema(string) ([]byte, error) { return os.ReadFile(string(d)) }

func (d document) ServerRelativeURL() string { return string(d) }
