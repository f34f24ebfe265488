import assert from "node:assert/strict";
import { cp, writeFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { createDiagnosticReport } from "../../src/app/diagnostic-report.js";
import { checkHealth } from "../../src/app/health/check-health.js";
import { readTerminalHealthInput } from "../../src/app/health/read-input.js";
import { readErrorRecords } from "../../src/app/statistics.js";
import { aFolder } from "../fakes/temporary-folder.js";
import { runProgram } from "../fakes/run-program.js";

/* Errors are counted by the built program, shown by `stats`, and told to a maintainer without anything private. */

const QUESTION = "How does a crashed run of my secret project Zugspitze continue?";
const Stats = z.object({
  errors: z.array(z.object({ where: z.string(), code: z.string(), count: z.number() })),
});

describe("error tracking", () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  beforeEach(async () => {
    folder = await aFolder();
    await cp("test/e2e/workspace", folder.path, { recursive: true });
  });
  afterEach(() => folder.remove());
  const sessions = (): string => path.join(folder.path, "data", "sessions");
  const run = (args: string[], env: Record<string, string> = {}) => runProgram(folder.path, args, env);
  const development = (faults: string) => ({ RESEARCH_ENV: "development", RESEARCH_FAULTS: faults });

  it("counts failed calls, files that cannot be written and wrong settings, and stats shows them", async () => {
    await run([QUESTION], development("model:overloaded:3"));
    await run([QUESTION], development("read:timeout:2"));
    await run([QUESTION], development("snapshot:cannot-write"));
    assert.equal((await run([QUESTION], { RESEARCH_DEPTH: "deeper" })).code, 2);
    const { errors } = Stats.parse(JSON.parse((await run(["stats", "--json"])).stdout));
    const found = new Set(errors.map(({ where, code }) => `${where} ${code}`));
    for (const each of ["read:workspace timeout", "file cannot-write", "settings bad-settings"])
      assert.ok(found.has(each), `${each} in ${[...found].join(", ")}`);
    assert.ok([...found].some((each) => /^model:\w+ overloaded$/.test(each)));
    const { stdout } = await run(["stats"]);
    assert.match(stdout, /^Errors on this machine +code +count +last seen$/m);
    assert.match(stdout, /^settings +bad-settings +1 +\d{4}-/m);
  });

  it("writes nothing where it is off, where nothing failed, and into a folder without data", async () => {
    await run([QUESTION], { ...development("read:timeout:2"), RESEARCH_FEATURES: "errorTracking=off" });
    assert.deepEqual(await readErrorRecords(sessions()), []);
    await run([QUESTION]);
    assert.deepEqual(await readErrorRecords(sessions()), []);
    const other = await aFolder({ "a.md": "# A\n" });
    await runProgram(other.path, [QUESTION], { RESEARCH_DEPTH: "deeper" });
    assert.deepEqual(await readErrorRecords(path.join(other.path, "data", "sessions")), []);
    await other.remove();
  });

  it("goes into a diagnostic report that holds nothing private", async () => {
    await run([QUESTION], development("snapshot:cannot-write"));
    await writeFile(
      path.join(folder.path, "deep-research.yaml"),
      "maxUsd: 1234.5\nfeatures:\n  cache: false\n",
    );
    const env = {
      GEMINI_API_KEY: "a-very-private-key",
      GEMINI_BASE_URL: "http://127.0.0.1:9",
      SEARXNG_URL: "http://127.0.0.1:9/private",
    };
    const input = await readTerminalHealthInput("0.1.0", folder.path, null, env);
    const health = await checkHealth(input, AbortSignal.timeout(30_000));
    const report = createDiagnosticReport(health, await readErrorRecords(sessions()), {
      version: "0.1.0",
      editor: { name: "VS Code", version: "1.104.0" },
      now: new Date("2026-11-29T12:00:00Z"),
    });
    assert.match(report, /^\| file \| cannot-write \| \d+ \| /m);
    assert.match(report, /^- Settings that were changed: .*maxUsd.*searxngUrl/m);
    assert.match(report, /^- Features that are off: cache$/m);
    assert.match(report, /^- connection: failed$/m);
    for (const secret of [
      "Zugspitze",
      "zugspitze",
      "private",
      "127.0.0.1",
      "1234",
      folder.path,
      path.basename(folder.path),
    ])
      assert.ok(!report.includes(secret), secret);
  });
});
