import assert from "node:assert/strict";
import { cp, mkdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { aFolder } from "../../fakes/temporary-folder.js";
import { runProgram, type Ended } from "../../fakes/run-program.js";

/* The gate of a CI over hostile reports, by the built program: what is forged, hidden or gone is exit 4 with a word. */

const Checked = z.array(
  z.object({
    report: z.string(),
    ok: z.boolean(),
    citations: z.number(),
    checked: z.enum(["all", "quotes"]),
    failed: z.array(
      z.object({ n: z.string(), why: z.string(), kind: z.string(), line: z.number().nullable() }),
    ),
    edited: z.array(z.object({ kind: z.string(), why: z.string() })),
  }),
);
const Run = z.object({ session: z.string(), report: z.string() });

describe("the gate over a stranger's reports", function () {
  this.timeout(60_000);
  let world: Awaited<ReturnType<typeof aFolder>>;
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let report: string;
  let session: string;

  // Researched once; each test has a copy.
  before(async () => {
    world = await aFolder();
    await cp("test/e2e/workspace", world.path, { recursive: true });
    const ended = await runProgram(world.path, ["How does a crashed run continue?", "--json", "--no-cache"]);
    assert.equal(ended.code, 0, ended.stderr);
    ({ report, session } = Run.parse(JSON.parse(ended.stdout)));
  });
  after(() => world.remove());
  beforeEach(async () => {
    folder = await aFolder();
    await cp(world.path, folder.path, { recursive: true });
  });
  afterEach(async () => {
    await rm(`${folder.path}-outside`, { recursive: true, force: true });
    await folder.remove();
  });

  const at = (file: string): string => path.join(folder.path, file);
  const text = (): Promise<string> => readFile(at(report), "utf8");
  const edit = async (change: (text: string) => string): Promise<void> => {
    const before = await text();
    const after = change(before);
    assert.notEqual(after, before);
    await writeFile(at(report), after);
  };
  const verify = (...args: string[]): Promise<Ended> => runProgram(folder.path, ["verify", ...args]);
  const json = ({ stdout }: Ended): z.infer<typeof Checked> => Checked.parse(JSON.parse(stdout));
  const kinds = (ended: Ended): string[] =>
    json(ended).flatMap(({ failed }) => failed.map(({ kind }) => kind));

  it("passes what a run has just written, and says that it was held against the session", async () => {
    const ended = await verify("data/reports", "--json");
    assert.equal(ended.code, 0, ended.stdout);
    assert.deepEqual(
      json(ended).map(({ ok, checked }) => [ok, checked]),
      [[true, "all"]],
    );
    assert.match((await verify("data/reports")).stdout, /all valid\.\n$/);
  });

  it("fails an edited sentence, and passes it where edits are allowed", async () => {
    await edit((t) => t.replace(/(\w+)\. \[\[/, "$1, and never stops. [["));
    const ended = await verify(report, "--json");
    assert.equal(ended.code, 4);
    assert.deepEqual(kinds(ended), ["edited"]);
    const allowed = await verify(report, "--json", "--allow-edited");
    assert.equal(allowed.code, 0, allowed.stdout);
    assert.deepEqual(
      json(allowed)[0]?.edited.map(({ kind }) => kind),
      ["edited"],
    );
    assert.match((await verify(report, "--allow-edited")).stdout, /allowed: The sentence has been edited/);
  });

  it("says in words that the quotes alone were checked where the journal is not there", async () => {
    await rm(at(`data/sessions/${session}/journal.jsonl`));
    const ended = await verify(report);
    assert.equal(ended.code, 0, ended.stdout);
    assert.match(
      ended.stdout,
      /Only the quotes were checked: the journal of the report's session is missing\./,
    );
    assert.equal(json(await verify(report, "--json"))[0]?.checked, "quotes");
  });

  it("does not end at a report that would break it, and checks the others", async () => {
    await writeFile(at("data/reports/0-broken.md"), (await text()).replace('1. "', '1. "&#99999999;'));
    await edit((t) => t.replace('1. "', '1. "Never '));
    const ended = await verify("data/reports", "--json");
    assert.equal(ended.code, 4, ended.stderr);
    assert.deepEqual(
      json(ended).map(({ ok }) => ok),
      [false, false],
    );
    assert.doesNotMatch(ended.stderr, /\n\s+at /, "no stack trace");
  });

  it("does not pass on nothing", async () => {
    const cases: [string, () => Promise<unknown>, RegExp][] = [
      ["deleted", () => rm(at(report)), /is missing/],
      ["renamed", () => rename(at(report), at(`${report}.txt`)), /is missing/],
      [
        "a link",
        async () => {
          await rename(at(report), at("aside.md"));
          await symlink(at("aside.md"), at(report));
        },
        /is a link/,
      ],
      ["no session", () => edit((t) => t.replace(/^session: .*\n/m, "")), /cannot be read as one/],
      [
        "no sources",
        () => edit((t) => t.replace("\n## Sources\n", "\n## Sources of it\n")),
        /cannot be read as one/,
      ],
      ["no citation", () => edit((t) => t.replace(/\[\[(\d\.\d)\]\]\(#source-\d\)/g, "[$1]")), /no citation/],
      ["a directory", () => rm(at(report)).then(() => mkdir(at(report))), /is missing/],
    ];
    for (const [name, change, word] of cases) {
      await rm(folder.path, { recursive: true });
      await cp(world.path, folder.path, { recursive: true });
      await change();
      for (const what of ["data/reports", report]) {
        const ended = await verify(what, "--json");
        assert.equal(ended.code, 4, `${name}: verify ${what}`);
        assert.ok(
          json(ended).some(({ ok }) => !ok),
          name,
        );
        if (what === "data/reports") assert.match(ended.stdout + ended.stderr, word, name);
      }
    }
    // Nothing at all, and no session that would tell.
    await rm(at("data"), { recursive: true });
    await mkdir(at("data/reports"), { recursive: true });
    const none = await verify("data/reports", "--json");
    assert.equal(none.code, 4);
    assert.match(none.stderr, /There is no report in this folder\./);
    assert.equal(json(none)[0]?.ok, false);
    assert.equal((await verify("data/reports", "--allow-empty")).code, 0);
    const gone = await verify("data/nowhere", "--json");
    assert.equal(gone.code, 4);
    assert.match(gone.stderr, /it is missing/);
  });

  it("leaves out what is plainly no report", async () => {
    await writeFile(at("data/reports/README.md"), "# Reports\n\n## Sources\n\nThey come from a run.\n");
    const ended = await verify("data/reports");
    assert.equal(ended.code, 0);
    assert.match(ended.stderr, /README\.md is not a report and was skipped\./);
  });

  it("reads no snapshot outside of the workspace, of another session, or behind a link", async () => {
    const outside = `${folder.path}-outside`;
    await cp(at("data/sessions"), outside, { recursive: true });
    await edit((t) => t.replaceAll("](../sessions/", `](../../../${path.basename(outside)}/`));
    assert.ok(kinds(await verify(report, "--json")).includes("snapshot-elsewhere"));
    await rm(at("data/sessions"), { recursive: true });
    assert.ok(kinds(await verify(report, "--json")).includes("snapshot-outside"));
    await symlink(outside, at("data/sessions"));
    await writeFile(at(report), await readFile(path.join(world.path, report), "utf8"));
    const linked = await verify(report, "--json");
    assert.equal(linked.code, 4);
    assert.ok(kinds(linked).includes("snapshot-outside"));
  });

  it("holds a report in the folder that a setting names, wherever that lies", async () => {
    const sessions = `${folder.path}-outside`;
    const env = { SESSION_STORAGE_PATH: sessions };
    const run = (args: string[]): Promise<Ended> => runProgram(folder.path, args, env);
    const asked = await run(["How long are entries kept?", "--json", "--no-cache"]);
    const made = Run.parse(JSON.parse(asked.stdout));
    const ended = await run(["verify", made.report, "--json"]);
    assert.equal(ended.code, 0, ended.stdout);
    assert.equal(json(ended)[0]?.checked, "all");
  });

  it("holds a report that was refreshed against the session that refreshed it", async () => {
    const file = at("docs/retries.md");
    await writeFile(
      file,
      (await readFile(file, "utf8")).replace(
        /is\s+asked again\. The ledger/,
        "is asked again after an hour. The ledger",
      ),
    );
    const refreshed = await runProgram(folder.path, ["refresh", report, "--json", "--no-cache"]);
    const { session: id } = z.object({ session: z.string() }).parse(JSON.parse(refreshed.stdout));
    // A draft's links are meant for the place that it will have.
    assert.equal((await verify(`data/sessions/${id}/refreshed.md`)).code, 0);
    assert.equal((await runProgram(folder.path, ["accept", id])).code, 0);
    const ended = await verify("data/reports", "--json");
    assert.equal(ended.code, 0, ended.stdout);
    assert.deepEqual(
      json(ended).map(({ checked }) => checked),
      ["all"],
    );
    await edit((t) => t.replace("after an hour", "after a day"));
    assert.equal((await verify("data/reports")).code, 4);
  });

  it("holds an archived session's report against the journal in its zip", async () => {
    assert.equal((await runProgram(folder.path, ["archive", session])).code, 0);
    const ended = await verify("data/reports", "--json");
    assert.equal(ended.code, 0, ended.stdout);
    assert.equal(json(ended)[0]?.checked, "all");
    await edit((t) => t.replace("depth: standard", "depth: deep"));
    assert.deepEqual(kinds(await verify("data/reports", "--json")), ["altered"]);
  });
});
