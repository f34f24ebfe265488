import assert from "node:assert/strict";
import type { InstalledPackage } from "../../../../src/reading/packages/installed-package.js";
import {
  asksAboutWorkspaceChoice,
  findFittingPackages,
  findNamedPackages,
} from "../../../../src/search/packages/choose-packages.js";

const aPackage = (name: string, about = ""): InstalledPackage => ({
  ecosystem: "npm", name, version: "1.0.0", folder: "/x", inside: null, files: null, integrity: () => null, about,
}); // prettier-ignore

describe("the packages of a question", () => {
  const direct = ["zod", "ignore", "@google/generative-ai", "p-queue", "yaml"].map((name) => aPackage(name));
  const others = [aPackage("fault"), aPackage("js-yaml")];
  const asked: string[] = [];
  const named = async (question: string): Promise<string[]> => {
    const found = await findNamedPackages(question, { direct, others, problem: null }, (name) => {
      asked.push(name);
      return Promise.resolve(name === "left-pad" ? aPackage("left-pad") : null);
    });
    return found.map(({ name }) => name);
  };

  it("are those that it names", async () => {
    assert.deepEqual(await named("What changed in zod 4 for JSON schema?"), ["zod"]);
    assert.deepEqual(await named("How does p-queue compare to Zod?"), ["p-queue", "zod"]);
    assert.deepEqual(await named("How do I stream with generative-ai?"), ["@google/generative-ai"]);
    assert.deepEqual(await named("How do I stream with @google/generative-ai?"), ["@google/generative-ai"]);
    assert.deepEqual(await named("Is zod@4.6 fast?"), ["zod"]);
  });

  it("are none where a name is a word of the language, unless a package is meant", async () => {
    assert.deepEqual(await named("Which files does the walker ignore?"), []);
    assert.deepEqual(await named("Where is a fault handled?"), []);
    assert.deepEqual(await named("How does the package ignore treat slashes?"), ["ignore"]);
    assert.deepEqual(await named("What is `ignore` for?"), ["ignore"]);
    assert.deepEqual(await named("What is new in ignore 7?"), ["ignore"]);
    assert.deepEqual(await named("What does the fault library do?"), ["fault"]);
  });

  it("are looked up by a marked name that no manifest has, and by no other", async () => {
    asked.length = 0;
    assert.deepEqual(await named("What does left-pad pad with, and what is padding?"), ["left-pad"]);
    assert.deepEqual(asked, ["left-pad"]);
  });

  it("are not asked for the reason of a choice that only mentions them", () => {
    const zod = [aPackage("zod")];
    assert.equal(asksAboutWorkspaceChoice("Why does the limiter not use zod?", zod), true);
    assert.equal(asksAboutWorkspaceChoice("Why does zod coerce dates?", zod), false);
    assert.equal(asksAboutWorkspaceChoice("Why is `zod` slow?", zod), false);
    assert.equal(asksAboutWorkspaceChoice("How does zod coerce dates?", zod), false);
    assert.equal(asksAboutWorkspaceChoice("Warum nutzt der Begrenzer zod nicht?", zod), true);
  });

  it("are those that describe themselves with its words, best first", () => {
    const all = [
      aPackage("a", "Colors in terminals"),
      aPackage("b", "Dredge mud in harbours"),
      aPackage("c", "Mud"),
    ];
    const found = findFittingPackages("How do harbours dredge mud?", all);
    assert.deepEqual(
      found.map(({ name }) => name),
      ["b", "c"],
    );
  });

  it("take a long question of odd signs at once", async () => {
    const began = performance.now();
    await named(`${"@a/".repeat(20_000)} ${"why ".repeat(20_000)}`);
    asksAboutWorkspaceChoice("why ".repeat(50_000), direct);
    assert.ok(performance.now() - began < 2000);
  });
});
