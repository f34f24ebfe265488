import assert from "node:assert/strict";
import fc from "fast-check";
import { toPlainLabel } from "../../../src/vscode/plain-text.js";

/** What VS Code's notifications and input boxes make a link of (base/common/linkedText.ts). */
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/gi;
/** What its labels and the status bar make an icon of. */
const ICON = /\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/;

describe("other people's text in notifications, input boxes and lists", () => {
  it("shows the same words, with a blank where a link or an icon would begin", () => {
    assert.equal(toPlainLabel("[x](command:workbench.action.quit)"), "[x] (command:workbench.action.quit)");
    assert.equal(toPlainLabel("$(pass) all stand"), "$ (pass) all stand");
    assert.equal(
      toPlainLabel("Which [sic] (of two) costs $5 (net)?"),
      "Which [sic] (of two) costs $5 (net)?",
    );
    assert.equal(toPlainLabel("45\u202e09"), "45[U+202E]09");
  });

  it("becomes no link and no icon, whatever it holds", () => {
    const part = fc.constantFrom(
      "[", "]", "(", ")", "]\n(", "]\u200b(", "]\u2060(", "]\u202e(", "](", "$(", "$", "[a](command:x)", "[a](https://x.example 't')",
      "[a](file:///etc/passwd)", "\\", "`", "command:x", "$(alert)", "$\u200b(alert)", " ", "a",
    ); // prettier-ignore
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const shown = toPlainLabel(parts.join(""));
        assert.doesNotMatch(shown, LINK);
        assert.doesNotMatch(shown, ICON);
        // VS Code puts line breaks of a notification in one line.
        assert.doesNotMatch(shown.replace(/(\r\n|\n|\r)/gm, " "), LINK);
      }),
      { numRuns: 3000 },
    );
  });

  it("is cut before VS Code looks for links in it, which takes time by its square", () => {
    assert.equal(toPlainLabel("[".repeat(10_000)).length, 1000);
  });
});
