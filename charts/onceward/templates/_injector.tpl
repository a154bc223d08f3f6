{{/* What both webhooks have in common. The fields that a controller fills in (caBundle) are left out where one does. */}}
{{- define "onceward.webhook" -}}
admissionReviewVersions:
  - v1
clientConfig:
  service:
    name: {{ include "onceward.injector" .root }}
    namespace: {{ .root.Release.Namespace }}
    path: /inject
    port: 443
  {{- with .caBundle }}
  caBundle: {{ . }}
  {{- end }}
rules:
  {{- include "onceward.rules" .root | nindent 2 }}
failurePolicy: {{ .failurePolicy }}
matchPolicy: Equivalent
reinvocationPolicy: IfNeeded
sideEffects: None
timeoutSeconds: {{ int .root.Values.injector.timeoutSeconds }}
matchConditions:
  {{- include "onceward.notAMirrorPod" .root | nindent 2 }}
{{- end -}}

{{- define "onceward.certificateSecret" -}}
{{- if eq .Values.injector.certificate.source "existingSecret" -}}
{{ .Values.injector.certificate.existingSecret.name }}
{{- else -}}
{{ include "onceward.injector" . }}-tls
{{- end -}}
{{- end -}}

{{/* What asks cert-manager for the caBundle; empty where the chart knows it. */}}
{{- define "onceward.caAnnotations" -}}
{{- $certificate := .Values.injector.certificate -}}
{{- if eq $certificate.source "certManager" -}}
cert-manager.io/inject-ca-from: {{ .Release.Namespace }}/{{ include "onceward.injector" . }}
{{- else if and (eq $certificate.source "existingSecret") $certificate.existingSecret.injectCa -}}
cert-manager.io/inject-ca-from-secret: {{ .Release.Namespace }}/{{ include "onceward.certificateSecret" . }}
{{- end -}}
{{- end -}}

{{/* Names that the API server may call the injector by. */}}
{{- define "onceward.dnsNames" -}}
{{- $service := include "onceward.injector" . -}}
- {{ $service }}.{{ .Release.Namespace }}.svc
- {{ $service }}.{{ .Release.Namespace }}.svc.cluster.local
- {{ $service }}.{{ .Release.Namespace }}
{{- end -}}

{{/* The pair that the cluster has already, or a new one: an upgrade must not take the certificate from under its user. */}}
{{- define "onceward.helmCertificate" -}}
{{- $name := include "onceward.certificateSecret" . -}}
{{- $existing := lookup "v1" "Secret" .Release.Namespace $name -}}
{{- $data := (($existing | default dict).data | default dict) -}}
{{- if and (hasKey $data "tls.crt") (hasKey $data "tls.key") (hasKey $data "ca.crt") -}}
{{- dict "cert" (index $data "tls.crt" | b64dec) "key" (index $data "tls.key" | b64dec) "ca" (index $data "ca.crt" | b64dec) | toYaml -}}
{{- else -}}
{{- $names := include "onceward.dnsNames" . | fromYamlArray -}}
{{- $days := int .Values.injector.certificate.days -}}
{{- $ca := genCA (printf "%s-ca" $name | trunc 63) $days -}}
{{- $leaf := genSignedCert (first $names | trunc 63) nil $names $days $ca -}}
{{- dict "cert" $leaf.Cert "key" $leaf.Key "ca" $ca.Cert | toYaml -}}
{{- end -}}
{{- end -}}

{{/* The certificate as cert-manager makes and renews it, with an issuer of our own where none is named. */}}
{{- define "onceward.certManager" -}}
{{- $name := include "onceward.injector" . -}}
{{- $certificate := .Values.injector.certificate -}}
{{- $issuer := $certificate.issuerRef -}}
{{- if not $issuer.name }}
---
apiVersion: cert-manager.io/v1
kind: Issuer
metadata:
  name: {{ $name }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "onceward.labels" . | nindent 4 }}
spec:
  selfSigned: {}
{{- end }}
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata:
  name: {{ $name }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "onceward.labels" . | nindent 4 }}
spec:
  secretName: {{ include "onceward.certificateSecret" . }}
  duration: {{ mul 24 (int $certificate.days) }}h
  dnsNames:
    {{- include "onceward.dnsNames" . | nindent 4 }}
  issuerRef:
    {{- if $issuer.name }}
    {{- toYaml $issuer | nindent 4 }}
    {{- else }}
    name: {{ $name }}
    kind: Issuer
    {{- end }}
  privateKey:
    rotationPolicy: Always
{{- end -}}
