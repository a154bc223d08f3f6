{{/*
A value as a typed CEL expression, for the API server's JSONPatch: it takes objects of Kubernetes' own types only, and
no map of mixed values. Takes (dict "value" <any> "type" <path of the type, such as Object.spec.volumes>).
*/}}
{{- define "onceward.cel" -}}
{{- $type := .type -}}
{{- if kindIs "map" .value -}}
  {{- $pairs := list -}}
  {{- if has (last (splitList "." $type)) (list "limits" "requests" "labels" "annotations") -}}
    {{- range $name, $value := .value -}}
      {{- $pairs = append $pairs (printf "%s: %s" (include "onceward.celString" $name) (include "onceward.celString" $value)) -}}
    {{- end -}}
    {{- printf "{%s}" (join ", " $pairs) -}}
  {{- else -}}
    {{- range $name, $value := .value -}}
      {{- $pairs = append $pairs (printf "%s: %s" $name (include "onceward.cel" (dict "value" $value "type" (printf "%s.%s" $type $name)))) -}}
    {{- end -}}
    {{- printf "%s{%s}" $type (join ", " $pairs) -}}
  {{- end -}}
{{- else if kindIs "slice" .value -}}
  {{- $items := list -}}
  {{- range .value -}}
    {{- $items = append $items (include "onceward.cel" (dict "value" . "type" $type)) -}}
  {{- end -}}
  {{- printf "[%s]" (join ", " $items) -}}
{{- else if kindIs "string" .value -}}
  {{- include "onceward.celString" .value -}}
{{- else if kindIs "bool" .value -}}
  {{- .value -}}
{{- else -}}
  {{- int64 .value -}}
{{- end -}}
{{- end -}}

{{/* A string of CEL: JSON writes one that CEL reads, but for the escapes that it makes for HTML. */}}
{{- define "onceward.celString" -}}
{{- toRawJson (toString .) -}}
{{- end -}}
