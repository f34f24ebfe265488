import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as z from "zod";

/* A stand-in for an OpenTelemetry collector: real HTTP on 127.0.0.1 that keeps what it is sent, as JSON. */

const Value = z.looseObject({ stringValue: z.string().optional(), intValue: z.unknown().optional() });
const Span = z.object({
  name: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  kind: z.number(),
  attributes: z.array(z.object({ key: z.string(), value: Value })),
});
const Traces = z.object({
  resourceSpans: z.array(z.object({ scopeSpans: z.array(z.object({ spans: z.array(Span) })) })),
});
const Metrics = z.object({
  resourceMetrics: z.array(
    z.object({ scopeMetrics: z.array(z.object({ metrics: z.array(z.object({ name: z.string() })) })) }),
  ),
});

export interface FakeCollector {
  address: string;
  /** Bodies as they came. */
  bodies: string[];
  headers: NodeJS.Dict<string | string[]>[];
  spans(): z.infer<typeof Span>[];
  metrics(): string[];
  close(): Promise<void>;
}

/** Starts it. @param hangs whether it never answers */
export async function startFakeCollector({ hangs = false } = {}): Promise<FakeCollector> {
  const received: { path: string; body: string }[] = [];
  const headers: FakeCollector["headers"] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      received.push({ path: request.url ?? "", body });
      headers.push(request.headers);
      if (!hangs) response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const bodiesAt = (path: string): unknown[] =>
    received.filter((each) => each.path === path).map(({ body }) => JSON.parse(body) as unknown);
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get bodies() {
      return received.map(({ body }) => body);
    },
    headers,
    spans: () =>
      bodiesAt("/v1/traces").flatMap((body) =>
        Traces.parse(body).resourceSpans.flatMap(({ scopeSpans }) =>
          scopeSpans.flatMap(({ spans }) => spans),
        ),
      ),
    metrics: () =>
      bodiesAt("/v1/metrics").flatMap((body) =>
        Metrics.parse(body).resourceMetrics.flatMap(({ scopeMetrics }) =>
          scopeMetrics.flatMap(({ metrics }) => metrics.map(({ name }) => name)),
        ),
      ),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
