# The terminal program as a container: node and the bundles, no shell, no package manager.
#   docker build -t deep-research .
ARG BUILD=docker.io/library/node:22-bookworm-slim
ARG RUN=gcr.io/distroless/nodejs22-debian12:nonroot

# The bundles are the same for all platforms, so they are built on the one at hand.
FROM --platform=$BUILDPLATFORM ${BUILD} AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN node esbuild.js && find dist -name '*.map' -delete && rm -r dist/vscode dist/extension.js
RUN mkdir -p /image/app /image/work && mkdir -m 1777 /image/state && cp -r dist LICENSE /image/app

FROM ${RUN}
LABEL org.opencontainers.image.title="Deep Research"
LABEL org.opencontainers.image.description="Research with citations that can be checked"
LABEL org.opencontainers.image.licenses="MIT"
COPY --from=build /image /
# What the user decided on this machine. Outside the folder that is researched, so that no folder can decide it.
ENV DEEP_RESEARCH_STATE=/state/deep-research
ENV NODE_ENV=production
WORKDIR /work
VOLUME ["/state"]
USER 65532:65532
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5m --timeout=40s --start-period=10s CMD ["/nodejs/bin/node", "/app/dist/cli.js", "health"]
ENTRYPOINT ["/nodejs/bin/node", "/app/dist/cli.js"]
CMD ["--help"]
