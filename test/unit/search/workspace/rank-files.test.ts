import assert from "node:assert/strict";
import { findMentionedNames, scoreFile } from "../../../../src/search/workspace/rank-files.js";

describe("the rank of a workspace's files", () => {
  it("puts translations, release notes and tests below the manual", () => {
    const manual = scoreFile("docs/guide/setup.md", [1]);
    const others = [
      [
        "docs/zh-cn/guide/setup.md",
        "docs/de/setup.rst",
        "i18n/ja/docusaurus-plugin/setup.md",
        "README.pt-BR.md",
      ],
      ["README_ja.md", "docs/releases/setup.md", "RelNotes/2.1.txt", "CHANGELOG.md", "test/setup.md"],
    ].flat();
    for (const file of others) assert.ok(scoreFile(file, [1]) < manual * 0.7, file);
    const alike = [
      "docs/en/setup.md",
      "docs/it-works/setup.md",
      "docs/desktop.md",
      "docs/design.md",
      "docs/no/way.md",
    ];
    for (const file of alike) assert.equal(scoreFile(file, [1]), manual, file);
  });

  it("finds the longest and the shortest names in a text, in any case but for single words", () => {
    const names = new Set(["unlv rebels", "whitney", "lantern", "the keeper"]);
    const text = "The UNLV Rebels' games in Whitney, whose lantern the Keeper's wife lit.";
    assert.deepEqual([...findMentionedNames(text, (name) => names.has(name))].sort(), [
      "the keeper",
      "unlv rebels",
      "whitney",
    ]);
  });
});
