# The image of onceward: one program on a Node without a shell. See docs/image.md for how to build it.
#
# Both bases can be exchanged, and should be pinned by digest where an image is released. The runtime base needs Node 26
# as /nodejs/bin/node and what Node is linked with (glibc, libstdc++, libatomic); it needs no shell and nothing else.
ARG BUILD_BASE=docker.io/library/node:26-trixie-slim
ARG RUNTIME_BASE=gcr.io/distroless/nodejs26-debian13:nonroot

FROM ${BUILD_BASE} AS build
WORKDIR /src
COPY package.json package-lock.json ./
# No package's own script runs here: what they would fetch (another Node) or compile is not needed.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY scripts ./scripts
COPY proto ./proto
COPY src ./src
RUN node scripts/build.ts --image && mkdir /data

FROM ${RUNTIME_BASE}
ARG VERSION=unknown
ARG REVISION=unknown
ARG SOURCE=unknown
ARG CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title="onceward" \
      org.opencontainers.image.description="A gRPC sidecar for idempotency and ordering: run it once." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"
COPY --from=build /src/dist/ /app/
# A folder that its user may write to, for a volume to be mounted on. A number, since "must not be root" can only be
# held against a number; 65532 is what distroless calls nonroot.
COPY --from=build --chown=65532:65532 /data/ /var/lib/onceward/
ENV NODE_ENV=production \
    ONCEWARD_STORE=embedded:/var/lib/onceward/store
USER 65532:65532
WORKDIR /var/lib/onceward
EXPOSE 7600 7601
STOPSIGNAL SIGTERM
# No HEALTHCHECK: probes ask the operations listener, and Docker's would need a process of its own each time.
ENTRYPOINT ["/nodejs/bin/node", "/app/onceward.mjs"]
CMD ["serve"]
