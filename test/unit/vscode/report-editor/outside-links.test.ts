import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { findOutsideTarget, reportHomeFolder } from "../../../../src/vscode/report-editor/outside-links.js";

describe("links of a report that lead out of its workspace", () => {
  const top = realpathSync(mkdtempSync(path.join(os.tmpdir(), "deep-research-out-")));
  const root = path.join(top, "workspace");
  const report = path.join(root, "data/reports/x.md");
  const out = (href: string): string | null => findOutsideTarget(href, report, [root]);
  before(() => {
    mkdirSync(path.dirname(report), { recursive: true });
    mkdirSync(path.join(root, "docs"));
    mkdirSync(path.join(top, "outside"));
    writeFileSync(path.join(root, "docs/a b.md"), "");
    writeFileSync(path.join(top, "outside/secret.md"), "");
    symlinkSync("../outside", path.join(root, "linked"));
    symlinkSync("../../outside/secret.md", path.join(root, "docs/innocent.md"));
    symlinkSync("../../outside/not-yet.md", path.join(root, "docs/later.md"));
    symlinkSync("ring.md", path.join(root, "docs/ring.md"));
    symlinkSync("docs", path.join(root, "inner"));
  });
  after(() => rmSync(top, { recursive: true, force: true }));

  it("are told by their whole path", () => {
    assert.equal(out("../../../outside/secret.md"), path.join(top, "outside/secret.md"));
    assert.equal(out("../../../outside/secret.md#L3"), path.join(top, "outside/secret.md"));
    assert.equal(out("../../../../../../../../etc/passwd"), "/etc/passwd");
    assert.equal(out("/etc/passwd"), "/etc/passwd");
    assert.equal(out(".."), null);
    assert.equal(out("../../.."), top);
    // A folder beside it whose name begins alike.
    assert.equal(out("../../../workspace-2/x.md"), path.join(top, "workspace-2/x.md"));
  });

  it("are told with their escapes taken out, once and twice", () => {
    assert.equal(out("%2e%2e/%2e%2e/%2e%2e/outside/secret.md"), path.join(top, "outside/secret.md"));
    assert.equal(out("..%2f..%2f..%2foutside"), path.join(top, "outside"));
    assert.equal(out("%252e%252e/%252e%252e/%252e%252e/outside"), path.join(top, "outside"));
    assert.equal(out("%zz/../../../../outside"), path.join(top, "outside"));
  });

  it("are told where a link on the disk leads out, also one to what is not there yet", () => {
    assert.equal(out("../../linked/secret.md"), path.join(top, "outside/secret.md"));
    assert.equal(out("../../linked/new.md"), path.join(top, "outside/new.md"));
    assert.equal(out("../../docs/innocent.md"), path.join(top, "outside/secret.md"));
    assert.equal(out("../../docs/later.md"), path.join(top, "outside/not-yet.md"));
    assert.notEqual(out("../../docs/ring.md"), null);
  });

  it("are no links that stay inside, places in the report, and addresses", () => {
    for (const href of [
      "../../docs/a%20b.md#L1-L9",
      "../../docs/a b.md",
      "../../inner/a%20b.md",
      "../sessions/20261122-1015-a/sources/1.md",
      "../../..data/x.md",
      "#source-1",
      "https://example.org/../../..",
      "",
    ]) {
      assert.equal(out(href), null, href);
    }
    assert.equal(
      findOutsideTarget("../../docs/a.md", report, [path.join(root, "data"), path.join(root, "docs")]),
      null,
    );
  });

  it("may lead as far as the folder above data/reports where no workspace is open, else nowhere above", () => {
    assert.equal(reportHomeFolder(report), root);
    assert.equal(reportHomeFolder(path.join(top, "outside/x.md")), path.join(top, "outside"));
  });
});
