{{/* Settings of the sidecar, as environment variables. */}}
{{- define "onceward.v1.env" -}}
{{- $o := include "onceward.v1.values" . | fromYaml -}}
- name: ONCEWARD_LISTEN
  value: {{ include "onceward.v1.listen" . | quote }}
{{- if eq $o.transport "uds" }}
- name: ONCEWARD_SOCKET_MODE
  value: "666"
{{- end }}
- name: ONCEWARD_OPS_LISTEN
  value: {{ printf "%s:%d" $o.opsHost (int $o.ports.ops) | quote }}
- name: ONCEWARD_STORE
{{- if $o.store.secret.name }}
  valueFrom:
    secretKeyRef:
      name: {{ $o.store.secret.name | quote }}
      key: {{ $o.store.secret.key | quote }}
{{- else }}
  value: {{ $o.store.url | default "embedded:/var/lib/onceward/store" | quote }}
{{- end }}
- name: ONCEWARD_LOG_LEVEL
  value: {{ $o.logLevel | quote }}
{{- if $o.failOpen }}
- name: ONCEWARD_FAIL_OPEN
  value: "true"
{{- end }}
{{- range $name, $value := $o.settings }}
- name: ONCEWARD_{{ upper $name }}
  value: {{ $value | toString | quote }}
{{- end }}
- name: NODE_OPTIONS
  value: "--max-old-space-size={{ int $o.heapMiB }}"
{{- with $o.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* What the "restricted" Pod Security Standard asks of a container, and a root file system that stays as it was. */}}
{{- define "onceward.v1.securityContext" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop:
    - ALL
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{/*
Liveness never asks about Redis: a restart cannot mend it. Readiness does, unless callers are answered without the
store (failOpen): it counts into the readiness of the pod.
*/}}
{{- define "onceward.v1.probes" -}}
{{- $o := include "onceward.v1.values" . | fromYaml -}}
{{- $readiness := $o.readiness -}}
{{- if eq $readiness "auto" -}}{{- $readiness = ternary "process" "store" $o.failOpen -}}{{- end -}}
startupProbe:
  httpGet:
    path: /livez
    port: onceward-ops
  periodSeconds: 1
  timeoutSeconds: 1
  failureThreshold: {{ int $o.startupSeconds }}
livenessProbe:
  httpGet:
    path: /livez
    port: onceward-ops
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet:
    path: {{ ternary "/readyz" "/livez" (eq $readiness "store") }}
    port: onceward-ops
  periodSeconds: 5
  timeoutSeconds: 3
  failureThreshold: 3
{{- end -}}

{{- define "onceward.v1.volumeMounts" -}}
{{- $o := include "onceward.v1.values" . | fromYaml -}}
{{- if eq $o.transport "uds" }}
- name: onceward-run
  mountPath: /run/onceward
{{- end }}
{{- if include "onceward.v1.isEmbedded" . }}
- name: {{ $o.store.data.volume | default "onceward-data" }}
  mountPath: /var/lib/onceward
{{- end }}
{{- end -}}

{{- define "onceward.v1.base" -}}
{{- $o := include "onceward.v1.values" . | fromYaml -}}
name: onceward
image: {{ include "onceward.v1.image" . | quote }}
imagePullPolicy: {{ $o.image.pullPolicy }}
args:
  - serve
env:
  {{- include "onceward.v1.env" . | nindent 2 }}
{{- with $o.envFrom }}
envFrom:
  {{- toYaml . | nindent 2 }}
{{- end }}
ports:
  {{- if not (or (eq $o.transport "uds") (has $o.apiHost (list "127.0.0.1" "localhost" "[::1]"))) }}
  - name: grpc
    containerPort: {{ int $o.ports.api }}
    protocol: TCP
  {{- end }}
  - name: onceward-ops
    containerPort: {{ int $o.ports.ops }}
    protocol: TCP
{{ include "onceward.v1.probes" . }}
resources:
  {{- toYaml $o.resources | nindent 2 }}
terminationMessagePolicy: FallbackToLogsOnError
securityContext:
  {{- include "onceward.v1.securityContext" . | nindent 2 }}
{{- with include "onceward.v1.volumeMounts" . | trim }}
volumeMounts:
  {{- . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* One container: an init container that keeps running. It starts before the app and ends after it. */}}
{{- define "onceward.v1.sidecar" -}}
{{ include "onceward.v1.base" . }}
restartPolicy: Always
{{- end -}}

{{/*
One container for clusters without native sidecars. Put it first: the next container is started when its postStart hook
has ended, which is when the sidecar is ready. At the end it outlives the app's own drain by a pause.
*/}}
{{- define "onceward.v1.legacySidecar" -}}
{{- $o := include "onceward.v1.values" . | fromYaml -}}
{{ include "onceward.v1.base" . }}
lifecycle:
  postStart:
    exec:
      command:
        {{- toYaml $o.image.program | nindent 8 }}
        - wait
        - --address
        - {{ include "onceward.v1.address" . | quote }}
        - --for
        - {{ printf "%ds" (int $o.startupSeconds) | quote }}
        - --live
  preStop:
    exec:
      command:
        - {{ first $o.image.program }}
        - -e
        - {{ printf "setTimeout(() => {}, %d)" (mul 1000 (int $o.legacyDrainSeconds)) | quote }}
{{- end -}}
