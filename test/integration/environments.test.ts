import assert from "node:assert/strict";
import { cp, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { aFolder } from "../fakes/temporary-folder.js";
import { startFakeGemini, type FakeGemini } from "../fakes/gemini.js";
import { runProgram, type Ended } from "../fakes/run-program.js";
import { article, startFakeWeb, type FakeWeb } from "../fakes/searxng.js";

/* What RESEARCH_ENV changes, by the built program, as a user starts it. */

const QUESTION = "How does a crashed run continue?";
const Result = z.object({
  session: z.string(),
  status: z.string(),
  engine: z.string(),
  report: z.string().nullable(),
  calls: z.object({ model: z.number(), search: z.number(), read: z.number() }),
});
const Health = z.object({
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
  settings: z.array(z.object({ name: z.string(), value: z.string(), from: z.string() })),
  features: z.array(z.object({ name: z.string(), on: z.boolean() })),
});

describe("an environment", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let gemini: FakeGemini;
  let web: FakeWeb;
  beforeEach(async () => {
    folder = await aFolder();
    await cp("test/e2e/workspace", folder.path, { recursive: true });
    gemini = await startFakeGemini();
    web = await startFakeWeb({
      "/run": { title: "Runs", body: article("Runs", ["A crashed run continues from its ledger."]) },
    });
  });
  afterEach(async () => {
    await Promise.all([gemini.close(), web.close()]);
    await folder.remove();
  });
  const remote = (): Record<string, string> => ({
    GEMINI_API_KEY: "an-obviously-fake-key",
    GEMINI_BASE_URL: gemini.address,
    SEARXNG_URL: web.address,
    ALLOWED_PRIVATE_HOSTS: web.host,
  });
  const run = (args: string[], env: Record<string, string>) =>
    runProgram(folder.path, args, { ...remote(), ...env });
  const json = ({ stdout, stderr }: Ended): z.infer<typeof Result> => {
    assert.notEqual(stdout, "", stderr);
    return Result.parse(JSON.parse(stdout));
  };
  const reportOf = ({ report }: { report: string | null }): Promise<string> =>
    readFile(path.join(folder.path, report ?? "nowhere"), "utf8");
  const sent = (): number => gemini.requests.length + web.asked.length;

  it("of development answers offline, logs in detail, marks the report, and sends nothing", async () => {
    const development = { RESEARCH_ENV: "development" };
    const ended = await run([QUESTION, "--json"], development);
    const result = json(ended);
    assert.deepEqual([result.engine, result.status], ["offline", "done"]);
    assert.match(ended.stderr, /^Planning …$/m);
    const report = await reportOf(result);
    assert.match(report, /^environment: development$/m);
    assert.match(report, /^> \*\*Development environment\.\*\* /m);
    assert.equal((await run(["verify", result.report ?? ""], {})).code, 0);
    assert.match((await run(["sessions"], {})).stdout, /done, development/);
    for (const [args, why] of [
      [["--source", "web"], /Searching the web is turned off \(searxngSearch, environment development\)/],
      [
        ["--source", `${web.address}/run`],
        /Reading web pages is turned off \(pageReading, environment development\)/,
      ],
    ] as const) {
      const refused = await run([QUESTION, ...args], development);
      assert.deepEqual([refused.code, why.test(refused.stderr)], [2, true], refused.stderr);
    }
    const read = await run(["read", `${web.address}/run`], development);
    assert.match(read.stderr, /Reading web pages is turned off/);
    const health = await run(["health", "--json"], development);
    const { checks } = Health.parse(JSON.parse(health.stdout));
    assert.match(
      checks.find(({ name }) => name === "environment")?.detail ?? "",
      /^development, set by RESEARCH_ENV\./,
    );
    assert.equal(sent(), 0);
  });

  it("of development reads pages when the user turns that on", async () => {
    const env = { RESEARCH_ENV: "development", RESEARCH_FEATURES: "pageReading=on" };
    const result = json(await run([QUESTION, "--source", `${web.address}/run`, "--json"], env));
    assert.equal(result.calls.read, 1);
    assert.ok(web.asked.includes("/run"));
    assert.equal(gemini.requests.length, 0);
  });

  it("of development refuses a session that a remote model began, and names the way out", async () => {
    const { session } = json(await run([QUESTION, "--source", "workspace", "--json"], {}));
    const before = sent();
    const refused = await run(["resume", session], { RESEARCH_ENV: "development" });
    assert.equal(refused.code, 2);
    assert.match(
      refused.stderr,
      /was started with Gemini, but the development environment calls no remote model/,
    );
    assert.equal(sent(), before);
  });

  it("of development fails where a fault is injected, and a run ends as after a real one", async () => {
    const faults = (list: string) => ({ RESEARCH_ENV: "development", RESEARCH_FAULTS: list });
    const partial = json(await run([QUESTION, "--json"], faults("read:timeout:2")));
    assert.ok(["done", "partial"].includes(partial.status));
    const model = await run([QUESTION, "--json"], faults("model:day-quota:2"));
    assert.deepEqual([model.code, json(model).status], [3, "partial"]);
    assert.match(await reportOf(json(model)), /A fault was injected \(model:day-quota\)/);
    const disk = await run([QUESTION, "--json"], faults("snapshot:cannot-write"));
    assert.deepEqual([disk.code, json(disk).status], [1, "failed"]);
    const refused = await run([QUESTION], { RESEARCH_FAULTS: "read:timeout" });
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /only the development environment allows/);
  });

  it("of staging asks for real, reads at most three sources, and marks report and session", async () => {
    const staging = { RESEARCH_ENV: "staging" };
    for (let file = 0; file < 6; file++) {
      await writeFile(
        path.join(folder.path, `crash-${file}.md`),
        `# Crash ${file}\n\nA crashed run continues from ledger number ${file}.\n`,
      );
    }
    const ended = await run([QUESTION, "--source", "workspace", "--json"], staging);
    const result = json(ended);
    assert.equal(result.engine, "gemini");
    assert.ok(result.calls.read <= 3, String(result.calls.read));
    assert.ok(gemini.requests.length > 0);
    const report = await reportOf(result);
    assert.match(report, /^environment: staging$/m);
    assert.match(report, /^> \*\*Staging environment\.\*\* /m);
    assert.equal((await run(["verify", result.report ?? ""], {})).code, 0);
    // Who takes the mark away, changes the report.
    for (const part of [/^environment: staging\n/m, />\n> \*\*Staging environment.*\n/]) {
      await writeFile(path.join(folder.path, result.report ?? ""), report.replace(part, ""));
      const verified = await run(["verify", result.report ?? ""], {});
      assert.equal(verified.code, 4, String(part));
    }
    const Sessions = z.array(z.object({ environment: z.string().optional() }));
    const sessions = Sessions.parse(JSON.parse((await run(["sessions", "--json"], {})).stdout));
    assert.deepEqual(sessions, [{ environment: "staging" }]);
    const more = json(
      await run([QUESTION, "--source", "workspace", "--max-sources", "5", "--json"], staging),
    );
    assert.ok(more.calls.read > 3, String(more.calls.read));
  });

  it("of production marks nothing, and health says where each setting is from", async () => {
    const result = json(await run([QUESTION, "--source", "workspace", "--json"], {}));
    assert.doesNotMatch(await reportOf(result), /environment/);
    await writeFile(path.join(folder.path, "deep-research.yaml"), "features:\n  cache: false\n");
    const { stdout } = await run(["health", "--json"], { RESEARCH_DEPTH: "quick", RESEARCH_ENV: "staging" });
    const { settings, features } = Health.parse(JSON.parse(stdout));
    const from = (name: string) => settings.find((each) => each.name === name)?.from;
    assert.deepEqual(["environment", "depth", "maxSources", "cacheDays", "features"].map(from), [
      "RESEARCH_ENV",
      "RESEARCH_DEPTH",
      "default of staging",
      "default",
      "features in deep-research.yaml:1",
    ]);
    assert.deepEqual(
      features.filter(({ on }) => !on).map(({ name }) => name),
      ["cache"],
    );
  });
});
