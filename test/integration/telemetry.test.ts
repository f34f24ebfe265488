import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import * as z from "zod";
import { startFakeCollector, type FakeCollector } from "../fakes/collector.js";
import { startFakeGemini, type FakeGemini } from "../fakes/gemini.js";
import { runProgram, type Ended } from "../fakes/run-program.js";
import { aFolder } from "../fakes/temporary-folder.js";

/* Traces and metrics of the built program, to a stand-in for a collector. */

const QUESTION = "How does a crashed Zugspitze run continue?";
const KEY = "an-obviously-fake-key-for-traces";

describe("traces and metrics", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let gemini: FakeGemini;
  let collector: FakeCollector;
  beforeEach(async () => {
    folder = await aFolder();
    await cp("test/e2e/workspace", folder.path, { recursive: true });
    gemini = await startFakeGemini();
  });
  afterEach(async () => {
    await Promise.all([gemini.close(), collector.close()]);
    await folder.remove();
  });
  const run = (env: Record<string, string>, question = QUESTION): Promise<Ended> =>
    runProgram(folder.path, [question, "--source", "workspace", "--no-cache"], {
      GEMINI_API_KEY: KEY,
      GEMINI_BASE_URL: gemini.address,
      ...env,
    });

  it("are sent with the conventions' names and one parent, and without any content", async () => {
    collector = await startFakeCollector();
    const ended = await run({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.address,
      OTEL_EXPORTER_OTLP_HEADERS: "x-team=research",
      OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=test",
    });
    assert.equal(ended.code, 0, ended.stderr);
    const spans = collector.spans();
    const root = spans.find(({ name }) => name === "invoke_workflow deep_research");
    assert.ok(root !== undefined && (root.parentSpanId ?? "") === "");
    const others = spans.filter((span) => span !== root);
    assert.ok(others.length >= 5);
    assert.ok(others.every(({ parentSpanId }) => parentSpanId === root.spanId));
    const names = new Set(others.map(({ name }) => name));
    for (const name of [
      "plan deep_research",
      "retrieval workspace",
      "execute_tool read_file",
      "generate_content gemini-3.8-flash",
    ])
      assert.ok(names.has(name), `${name} in ${[...names].join(", ")}`);
    const attributes = new Map(
      others
        .find(({ name }) => name.startsWith("generate_content"))
        ?.attributes.map(({ key, value }) => [key, value.stringValue]),
    );
    assert.equal(attributes.get("gen_ai.provider.name"), "gcp.gemini");
    assert.equal(attributes.get("gen_ai.operation.name"), "generate_content");
    for (const name of [
      "gen_ai.client.operation.duration",
      "gen_ai.client.token.usage",
      "deep_research.sessions",
    ])
      assert.ok(collector.metrics().includes(name), name);
    assert.ok(collector.headers.every((headers) => headers["x-team"] === "research"));
    const sent = collector.bodies.join("\n");
    for (const secret of ["Zugspitze", "zugspitze", KEY, folder.path, "retries.md", "ledger"])
      assert.ok(!sent.includes(secret), secret);
    assert.ok(sent.includes("deployment.environment.name"));
  });

  it("are not sent where no collector is set, the export is off, or the SDK is disabled", async () => {
    collector = await startFakeCollector();
    const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.address };
    for (const env of [
      {},
      { ...endpoint, RESEARCH_FEATURES: "telemetryExport=off" },
      { ...endpoint, OTEL_SDK_DISABLED: "true" },
      { ...endpoint, RESEARCH_ENV: "development" },
    ]) {
      const { code, stderr } = await run(env);
      // The offline engine of development finds no Zugspitze.
      assert.ok(code === 0 || code === 3, stderr);
    }
    assert.deepEqual(collector.bodies, []);
  });

  it("change nothing for a run whose collector is away, hangs, or is no address", async () => {
    collector = await startFakeCollector({ hangs: true });
    const timed = async (env: Record<string, string>): Promise<{ ended: Ended; ms: number }> => {
      const began = performance.now();
      const ended = await run(env);
      return { ended, ms: performance.now() - began };
    };
    const plain = await timed({});
    for (const endpoint of ["http://127.0.0.1:9", collector.address, "no address"]) {
      const { ended, ms } = await timed({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
      assert.deepEqual([ended.code, ended.stdout.length > 0], [plain.ended.code, true], ended.stderr);
      // A second of patience; the rest is for a busy machine.
      assert.ok(ms < plain.ms * 2 + 4000, `${ms} ms against ${plain.ms} ms: ${endpoint}`);
    }
  });

  it("are counted by stats, for programs and for Prometheus", async () => {
    collector = await startFakeCollector();
    // One answer is a 429 that asks to wait: other calls wait for it.
    gemini.script("extract", (call) =>
      call === 0
        ? {
            status: 429,
            json: {
              error: {
                code: 429,
                status: "RESOURCE_EXHAUSTED",
                message: "x",
                details: [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "1s" }],
              },
            },
          }
        : undefined,
    );
    assert.equal((await run({})).code, 0);
    const Stats = z.object({
      reports: z.number(),
      limiter: z.object({ waits: z.number(), seconds: z.number() }),
    });
    const stats = await runProgram(folder.path, ["stats", "--json"]);
    const { reports, limiter } = Stats.parse(JSON.parse(stats.stdout));
    assert.equal(reports, 1);
    assert.ok(limiter.waits >= 1 && limiter.seconds > 0.5, JSON.stringify(limiter));
    const { stdout } = await runProgram(folder.path, ["stats", "--format", "prometheus"]);
    for (const line of stdout.trim().split("\n"))
      assert.match(
        line,
        /^(?:# (?:HELP|TYPE) deep_research_\w+ .+|deep_research_\w+(?:\{\w+="[^"]*"(?:,\w+="[^"]*")*\})? [\d.e+-]+)$/,
      );
    assert.match(stdout, /^deep_research_reports 1$/m);
    assert.match(stdout, /^deep_research_sessions\{outcome="done"\} 1$/m);
    assert.ok(!/zugspitze/i.test(stdout));
    const refused = await runProgram(folder.path, ["stats", "--format", "xml"]);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /--format is "xml"; allowed: text, json or prometheus/);
  });
});
