{{/* Which pods are looked at: the same for the webhook and the policy. Nothing that has to work before we do. */}}

{{- define "onceward.rules" -}}
- operations:
    - CREATE
  apiGroups:
    - ""
  apiVersions:
    - v1
  resources:
    - pods
  scope: Namespaced
{{- end -}}

{{/* The API server shows a kubelet's static pod as it is; it cannot be changed. */}}
{{- define "onceward.notAMirrorPod" -}}
- name: not-a-mirror-pod
  expression: "!has(object.metadata.annotations) || !('kubernetes.io/config.mirror' in object.metadata.annotations)"
{{- end -}}

{{- define "onceward.onLinux" -}}
!has(object.spec.os) || object.spec.os.name != 'windows'
{{- end -}}

{{- define "onceward.offTheNodesNetwork" -}}
!has(object.spec.hostNetwork) || !object.spec.hostNetwork
{{- end -}}

{{- define "onceward.policyScope" -}}
matchPolicy: Equivalent
namespaceSelector:
  matchExpressions:
    {{- include "onceward.outsideExcluded" . | nindent 4 }}
objectSelector:
  matchExpressions:
    - key: onceward.dev/inject
      operator: NotIn
      values:
        - disabled
resourceRules:
  {{- include "onceward.rules" . | nindent 2 }}
{{- end -}}

{{- define "onceward.outsideExcluded" -}}
- key: kubernetes.io/metadata.name
  operator: NotIn
  values:
    {{- include "onceward.excludedNamespaces" . | nindent 4 }}
{{- end -}}

{{/* Pods that ask for it themselves, wherever we look. */}}
{{- define "onceward.podsThatAsk" -}}
namespaceSelector:
  matchExpressions:
    {{- include "onceward.outsideExcluded" . | nindent 4 }}
objectSelector:
  matchExpressions:
    - key: onceward.dev/inject
      operator: In
      values:
        - enabled
{{- end -}}

{{/* Pods of a namespace that asks for all of its own, but for those that refuse and those that ask themselves. */}}
{{- define "onceward.namespacesThatAsk" -}}
namespaceSelector:
  matchExpressions:
    - key: onceward.dev/inject
      operator: In
      values:
        - enabled
    {{- include "onceward.outsideExcluded" . | nindent 4 }}
objectSelector:
  matchExpressions:
    - key: onceward.dev/inject
      operator: NotIn
      values:
        - enabled
        - disabled
{{- end -}}
