{{/* What the library's templates take: the values of the sidecar under the name that they look for. */}}
{{- define "onceward.sidecar" -}}
{{- dict "onceward" (omit .Values.sidecar "global") "Capabilities" .Capabilities | toYaml -}}
{{- end -}}

{{- define "onceward.fullname" -}}
{{- if contains "onceward" .Release.Name -}}{{ .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else -}}{{ printf "%s-onceward" (.Release.Name | trunc 41 | trimSuffix "-") }}
{{- end -}}
{{- end -}}

{{- define "onceward.injector" -}}{{ include "onceward.fullname" . }}-injector{{- end -}}

{{- define "onceward.labels" -}}
app.kubernetes.io/name: onceward
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ include "onceward.v1.version" . | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "onceward.selector" -}}
app.kubernetes.io/name: onceward
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Our own pods are never injected, by us or by a mesh: they have to come up when nothing else does. */}}
{{- define "onceward.ownPodLabels" -}}
onceward.dev/inject: disabled
sidecar.istio.io/inject: "false"
{{- end -}}
{{- define "onceward.ownPodAnnotations" -}}
linkerd.io/inject: disabled
{{- end -}}

{{/* Namespaces whose pods we are never asked about: those that have to work before we do. */}}
{{- define "onceward.excludedNamespaces" -}}
{{- concat (list .Release.Namespace "kube-system" "kube-public" "kube-node-lease") .Values.excludedNamespaces | uniq | toYaml -}}
{{- end -}}

{{- define "onceward.variant" -}}
sidecar:
  {{- include "onceward.v1.sidecar" . | nindent 2 }}
legacySidecar:
  {{- include "onceward.v1.legacySidecar" . | nindent 2 }}
{{- with include "onceward.v1.volumes" . | trim }}
volumes:
  {{- . | nindent 2 }}
{{- end }}
appEnv:
  {{- include "onceward.v1.appEnv" . | nindent 2 }}
{{- with include "onceward.v1.appVolumeMounts" . | trim }}
appVolumeMounts:
  {{- . | nindent 2 }}
{{- end }}
{{- end -}}

{{/*
What the webhook puts into pods, as JSON: both transports and both kinds of sidecar, since a pod may choose. The parts
of the embedded store lie beside them, since a pod may choose that too.
*/}}
{{- define "onceward.template" -}}
{{- $given := include "onceward.sidecar" . | fromYaml -}}
{{- $embedded := include "onceward.v1.isEmbedded" $given -}}
{{- $elsewhere := deepCopy $given -}}
{{- if $embedded -}}
{{- $elsewhere = mergeOverwrite $elsewhere (dict "onceward" (dict "store" (dict "url" "redis://named-by-the-pod"))) -}}
{{- end -}}
{{- $variants := dict -}}
{{- range $transport := list "tcp" "uds" -}}
{{- $context := mergeOverwrite (deepCopy $elsewhere) (dict "onceward" (dict "transport" $transport)) -}}
{{- $_ := set $variants $transport (include "onceward.variant" $context | fromYaml) -}}
{{- end -}}
{{- $inPod := mergeOverwrite (deepCopy $given) (dict "onceward" (dict "transport" "tcp" "store" (dict "url" "" "secret" (dict "name" "") "data" (dict "volume" "")))) -}}
{{- $data := dict "volumes" (include "onceward.v1.volumes" $inPod | fromYamlArray) "volumeMounts" (include "onceward.v1.volumeMounts" $inPod | fromYamlArray) "url" ($given.onceward.store.url | default "embedded:/var/lib/onceward/store") -}}
{{- if not $embedded -}}{{- $_ := set $data "url" "embedded:/var/lib/onceward/store" -}}{{- end -}}
{{- dict
  "version" (include "onceward.v1.version" .)
  "native" (eq (include "onceward.v1.isNative" $given) "true")
  "transport" $given.onceward.transport
  "isEmbedded" (eq $embedded "true")
  "acknowledgedPerPod" $given.onceward.store.acknowledgePerPodScope
  "podLabels" (include "onceward.v1.podLabels" $given | fromYaml)
  "embedded" $data
  "variants" $variants
  | toPrettyJson -}}
{{- end -}}

{{/* Where pods of ours run, and what they are pulled with. Takes the values of the workload. */}}
{{- define "onceward.placement" -}}
{{- with .priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Refuses, once and before anything else, what contradicts itself. */}}
{{- define "onceward.check" -}}
{{- $sidecar := include "onceward.sidecar" . | fromYaml -}}
{{- $isInjected := ne .Values.mode "none" -}}
{{- if not (or $isInjected .Values.shared.enabled) -}}
{{- fail "onceward: mode none and shared.enabled false leave nothing to install" -}}
{{- end -}}
{{- if and $isInjected (include "onceward.v1.isEmbedded" $sidecar) (not $sidecar.onceward.store.acknowledgePerPodScope) -}}
{{- fail "onceward: the embedded store is one per pod, and whatever is injected mostly has several replicas: an effect would run once in each. Set sidecar.store.url or sidecar.store.secret.name to a Redis, or sidecar.store.acknowledgePerPodScope to true if that is what you want." -}}
{{- end -}}
{{- if and (eq .Values.mode "policy") (not (semverCompare ">=1.36.0-0" .Capabilities.KubeVersion.Version)) -}}
{{- fail "onceward: mode policy needs Kubernetes 1.36 or later, where MutatingAdmissionPolicy is on; use mode webhook" -}}
{{- end -}}
{{- $certificate := .Values.injector.certificate -}}
{{- if and (eq .Values.mode "webhook") (eq $certificate.source "existingSecret") -}}
{{- $existing := $certificate.existingSecret -}}
{{- if not $existing.name -}}
{{- fail "onceward: injector.certificate.existingSecret.name names the secret with tls.crt and tls.key" -}}
{{- end -}}
{{- if eq (empty $existing.caBundle) (not $existing.injectCa) -}}
{{- fail "onceward: of injector.certificate.existingSecret.caBundle and .injectCa exactly one says how the API server knows the CA" -}}
{{- end -}}
{{- end -}}
{{- end -}}
