{{/*
The version of onceward that these templates belong to. Written out: inside a named template .Chart is the chart of
whoever includes it. A test holds it to package.json.
*/}}
{{- define "onceward.v1.version" -}}
0.1.0
{{- end -}}

{{/*
The values, as YAML. Every template below takes the root context of a chart that depends on this one under the alias
"onceward", or a dict with the members "onceward" (all values) and "Capabilities".
*/}}
{{- define "onceward.v1.values" -}}
{{- if hasKey . "onceward" -}}
{{- .onceward | toYaml -}}
{{- else if hasKey .Values "onceward" -}}
{{- .Values.onceward | toYaml -}}
{{- else -}}
{{- fail "onceward: depend on onceward-lib with `alias: onceward`, or pass (dict \"onceward\" <values> \"Capabilities\" .Capabilities)" -}}
{{- end -}}
{{- end -}}

{{/* "true" where the sidecar is an init container with restartPolicy Always; empty where it is an ordinary container. */}}
{{- define "onceward.v1.isNative" -}}
{{- $o := include "onceward.v1.values" . | fromYaml -}}
{{- if eq (toString $o.nativeSidecar) "auto" -}}
{{- if semverCompare ">=1.29.0-0" .Capabilities.KubeVersion.Version -}}true{{- end -}}
{{- else if eq (toString $o.nativeSidecar) "true" -}}true{{- end -}}
{{- end -}}

{{/* "true" where records live in the pod itself. */}}
{{- define "onceward.v1.isEmbedded" -}}
{{- $o := include "onceward.v1.values" . | fromYaml -}}
{{- if not (or $o.store.secret.name (and $o.store.url (not (hasPrefix "embedded:" $o.store.url)))) -}}true{{- end -}}
{{- end -}}

{{/* Where the app finds the sidecar: what ONCEWARD_ADDRESS is. */}}
{{- define "onceward.v1.address" -}}
{{- $o := include "onceward.v1.values" . | fromYaml -}}
{{- if eq $o.transport "uds" -}}unix:/run/onceward/onceward.sock{{- else -}}127.0.0.1:{{ $o.ports.api }}{{- end -}}
{{- end -}}

{{/* What the sidecar itself listens on. */}}
{{- define "onceward.v1.listen" -}}
{{- $o := include "onceward.v1.values" . | fromYaml -}}
{{- if eq $o.transport "uds" -}}{{ include "onceward.v1.address" . }}{{- else -}}{{ $o.apiHost }}:{{ $o.ports.api }}{{- end -}}
{{- end -}}

{{- define "onceward.v1.image" -}}
{{- $o := include "onceward.v1.values" . | fromYaml -}}
{{- if not $o.image.repository -}}
{{- fail "onceward: image.repository says where your image of onceward is; there is no default" -}}
{{- end -}}
{{- if $o.image.digest -}}
{{ $o.image.repository }}@{{ $o.image.digest }}
{{- else -}}
{{ $o.image.repository }}:{{ $o.image.tag | default (include "onceward.v1.version" .) }}
{{- end -}}
{{- end -}}

{{/*
Refuses what would deduplicate less than it seems to. An embedded store is one per pod: two replicas would each run
what the other has run.
*/}}
{{- define "onceward.v1.check" -}}
{{- $o := include "onceward.v1.values" . | fromYaml -}}
{{- $values := .Values | default dict -}}
{{- $replicas := $o.replicas | default $values.replicaCount | default $values.replicas | default 1 | int -}}
{{- $scaled := ($values.autoscaling | default dict).enabled -}}
{{- $many := or (gt $replicas 1) $scaled -}}
{{- if and (include "onceward.v1.isEmbedded" .) $many (not $o.store.acknowledgePerPodScope) -}}
{{- fail "onceward: the embedded store is one per pod, and with several replicas an effect runs once in each. Set store.url or store.secret.name to a Redis, or store.acknowledgePerPodScope to true if that is what you want." -}}
{{- end -}}
{{- end -}}
