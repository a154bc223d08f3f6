{{/* Entries for the egress of a NetworkPolicy of the pod: DNS, the store, and where spans go. */}}
{{- define "onceward.v1.egress" -}}
{{- $o := include "onceward.v1.values" . | fromYaml -}}
- ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
{{- range $name := list "redis" "otlp" }}
{{- $ports := get $o.egress (printf "%sPorts" $name) }}
{{- if and $ports (or (ne $name "redis") (not (include "onceward.v1.isEmbedded" $))) }}
- ports:
    {{- range $ports }}
    - port: {{ int . }}
      protocol: TCP
    {{- end }}
  {{- with get $o.egress $name }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- end }}
{{- end -}}
