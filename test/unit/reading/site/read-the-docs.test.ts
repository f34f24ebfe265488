import assert from "node:assert/strict";
import { findReadTheDocsProject } from "../../../../src/reading/site/read-the-docs.js";

describe("the project of a site on Read the Docs", () => {
  const find = (address: string, page = "") => findReadTheDocsProject(new URL(address), page);
  const meta = (name: string, value: string): string =>
    `<meta name="readthedocs-${name}-slug" content="${value}" />`;

  it("is what the page says, on whatever host", () => {
    const page = `<head>${meta("project", "mud-de")}${meta("version", "v2.1")}</head>`;
    assert.deepEqual(find("https://docs.example/", page), { project: "mud-de", version: "v2.1" });
    assert.deepEqual(find("https://mud.readthedocs.io/de/latest/", page), {
      project: "mud-de",
      version: "v2.1",
    });
  });

  it("is the name of the host where the page cannot be read, with the version of the address", () => {
    assert.deepEqual(find("https://mud.readthedocs.io/en/stable/use/"), {
      project: "mud",
      version: "stable",
    });
    assert.deepEqual(find("https://mud.readthedocs.io/"), { project: "mud" });
  });

  it("is none for other sites, and for names that are none", () => {
    for (const address of [
      "https://docs.example/",
      "https://readthedocs.io/",
      "https://mud.readthedocs.io.evil.example/",
    ])
      assert.equal(find(address), null, address);
    assert.equal(find("https://docs.example/", meta("project", "mud evil:x")), null);
    const began = performance.now();
    find("https://docs.example/", '<meta name="readthedocs-'.repeat(100_000));
    assert.ok(performance.now() - began < 1000);
  });
});
