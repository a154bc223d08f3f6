{{/* Entries for initContainers: empty where the sidecar is an ordinary container. Put them before the app's own. */}}
{{- define "onceward.v1.initContainers" -}}
{{- include "onceward.v1.check" . -}}
{{- if include "onceward.v1.isNative" . -}}
- {{ include "onceward.v1.sidecar" . | nindent 2 | trim }}
{{- end -}}
{{- end -}}

{{/* Entries for containers: empty where the sidecar is a native one. Put them before the app's own. */}}
{{- define "onceward.v1.containers" -}}
{{- include "onceward.v1.check" . -}}
{{- if not (include "onceward.v1.isNative" .) -}}
- {{ include "onceward.v1.legacySidecar" . | nindent 2 | trim }}
{{- end -}}
{{- end -}}

{{/* Entries for volumes; may be empty. */}}
{{- define "onceward.v1.volumes" -}}
{{- $o := include "onceward.v1.values" . | fromYaml -}}
{{- if eq $o.transport "uds" -}}
{{ include "onceward.v1.runVolume" . }}
{{ end -}}
{{- if and (include "onceward.v1.isEmbedded" .) (not $o.store.data.volume) -}}
{{ include "onceward.v1.dataVolume" . }}
{{- end -}}
{{- end -}}

{{- define "onceward.v1.runVolume" -}}
- name: onceward-run
  emptyDir:
    medium: Memory
    sizeLimit: 1Mi
{{- end -}}

{{/* On disk: it survives a restart of the container, and ends with the pod. */}}
{{- define "onceward.v1.dataVolume" -}}
{{- $o := include "onceward.v1.values" . | fromYaml -}}
- name: onceward-data
  emptyDir:
    sizeLimit: {{ $o.store.data.sizeLimit }}
{{- end -}}

{{/* Entries for the env of each container of the app. */}}
{{- define "onceward.v1.appEnv" -}}
- name: ONCEWARD_ADDRESS
  value: {{ include "onceward.v1.address" . | quote }}
{{- end -}}

{{/* Entries for the volumeMounts of each container of the app; empty unless the transport is uds. */}}
{{- define "onceward.v1.appVolumeMounts" -}}
{{- $o := include "onceward.v1.values" . | fromYaml -}}
{{- if eq $o.transport "uds" -}}
- name: onceward-run
  mountPath: /run/onceward
{{- end -}}
{{- end -}}

{{/* Labels of the pod: what the PodMonitor selects, and a word to the injector that nothing is left to do. */}}
{{- define "onceward.v1.podLabels" -}}
onceward.dev/sidecar: "true"
{{- end -}}
