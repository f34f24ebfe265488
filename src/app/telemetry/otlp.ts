import { SpanKind, SpanStatusCode, trace, ROOT_CONTEXT, type Context, type Span } from "@opentelemetry/api";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from "@opentelemetry/resources";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import type { ResearchEvent } from "../../core/domain/events.js";
import {
  describeRunSpan,
  describeRunEnd,
  describeStepSpan,
  METRIC_NAMES,
  type Attributes,
} from "./span-attributes.js";
import type { Telemetry } from "./telemetry.js";

/*
 * Exports spans and metrics of runs to an OpenTelemetry collector. A bundle of its own, which is loaded only where the
 * user has set a collector. Address, headers and sampling are read from the environment by the SDK.
 */

/** Milliseconds that the end of a run waits for a collector at most. */
const PATIENCE = 1000;
/** Milliseconds between two exports of a long run. */
const INTERVAL = 60_000;

/** Opens the export. @param version of Deep Research */
export function openOtlp(version: string): Telemetry {
  const resource = defaultResource()
    .merge(resourceFromAttributes({ "service.name": "deep-research", "service.version": version }))
    .merge(detectResources({ detectors: [envDetector] }));
  const exporting = { timeoutMillis: PATIENCE };
  const tracers = new BasicTracerProvider({
    resource,
    spanProcessors: [
      new BatchSpanProcessor(new OTLPTraceExporter(exporting), { exportTimeoutMillis: PATIENCE }),
    ],
  });
  const meters = new MeterProvider({
    resource,
    readers: [
      new PeriodicExportingMetricReader({
        exporter: new OTLPMetricExporter(exporting),
        exportIntervalMillis: INTERVAL,
        exportTimeoutMillis: PATIENCE,
      }),
    ],
  });
  const listen = recordEvents(tracers, meters);
  return {
    listen,
    async close() {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, PATIENCE)));
      // A collector that does not answer changes nothing for the user.
      const closed = Promise.allSettled([tracers.shutdown(), meters.shutdown()]);
      await Promise.race([closed, late]);
      clearTimeout(timer);
    },
  };
}

function recordEvents(tracers: BasicTracerProvider, meters: MeterProvider): (event: ResearchEvent) => void {
  const tracer = tracers.getTracer("deep-research");
  const meter = meters.getMeter("deep-research");
  const duration = meter.createHistogram(METRIC_NAMES.duration, { unit: "s" });
  const tokens = meter.createHistogram(METRIC_NAMES.tokens, { unit: "{token}" });
  const sessions = meter.createCounter(METRIC_NAMES.sessions);
  const cost = meter.createCounter(METRIC_NAMES.cost, { unit: "USD" });
  const reused = meter.createCounter(METRIC_NAMES.reused);
  const paused = meter.createCounter(METRIC_NAMES.limiterPaused, { unit: "s" });
  const startedAt = new Map<string, number>();
  let run: { span: Span; context: Context } | null = null;

  return (event) => {
    const now = Date.now();
    if (event.type === "started") {
      const { name, attributes } = describeRunSpan(event);
      const span = tracer.startSpan(name, { kind: SpanKind.INTERNAL, attributes }, ROOT_CONTEXT);
      run = { span, context: trace.setSpan(ROOT_CONTEXT, span) };
    } else if (event.type === "step" && event.phase === "started") {
      startedAt.set(event.key, now);
    } else if (event.type === "step") {
      const { name, isClient, attributes } = describeStepSpan(event);
      const isReused = event.phase === "done" && (event.reused || event.by === "cache");
      if (isReused) reused.add(1);
      const kind = isClient ? SpanKind.CLIENT : SpanKind.INTERNAL;
      const startTime = startedAt.get(event.key) ?? now;
      const span = tracer.startSpan(name, { kind, attributes, startTime }, run?.context ?? ROOT_CONTEXT);
      if (event.phase === "failed") span.setStatus({ code: SpanStatusCode.ERROR });
      span.end(now);
      if (isReused) return;
      const labels = pickLabels(attributes);
      duration.record((now - startTime) / 1000, labels);
      if (event.usage.in > 0) tokens.record(event.usage.in, { ...labels, "gen_ai.token.type": "input" });
      if (event.usage.out > 0) tokens.record(event.usage.out, { ...labels, "gen_ai.token.type": "output" });
      if (event.usage.usd > 0) cost.add(event.usage.usd);
      if (event.phase === "done" && (event.waited ?? 0) > 0) paused.add((event.waited ?? 0) / 1000);
    } else if (event.type === "ended") {
      sessions.add(1, { status: event.status });
      if (run === null) return;
      run.span.setAttributes(describeRunEnd(event));
      if (event.status === "failed") run.span.setStatus({ code: SpanStatusCode.ERROR });
      run.span.end(now);
      run = null;
    }
  };
}

/** Labels of a metric have few values: no session, no domain. */
function pickLabels(attributes: Attributes): Attributes {
  const kept = ["gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.request.model", "error.type"];
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => kept.includes(name)));
}
