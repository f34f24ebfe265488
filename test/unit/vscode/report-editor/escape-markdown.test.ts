import assert from "node:assert/strict";
import fc from "fast-check";
import MarkdownIt from "markdown-it";
import {
  fenceText,
  escapeMarkdown,
  toSafeWebUrl,
} from "../../../../src/vscode/report-editor/escape-markdown.js";

describe("other people's text in hovers", () => {
  const part = fc.constantFrom(
    "[a](command:workbench.action.quit)", "<img src=x onerror=y>", "<https://evil.example>", "https://evil.example", "www.evil.example",
    "me@evil.example", "![a](http://evil.example/x.png)", "&lt;b&gt;", "`", "```", "~~~", "\n", "\n\n", "   ```\n", "\r", "# a", "- b", "1. c",
    "> d", "---", "|", "$(alert)", "\\", "*", "_", " ", "a", "é",
  ); // prettier-ignore
  const hostile = fc.array(part, { minLength: 1, maxLength: 10 }).map((parts) => parts.join(""));
  const markdown = new MarkdownIt({ html: true, linkify: true });
  const tokens = (text: string) =>
    markdown.parse(text, {}).flatMap((token) => [token, ...(token.children ?? [])]);

  it("is one paragraph of plain text where it is escaped", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const found = tokens(`x ${escapeMarkdown(text)}`);
        assert.deepEqual(
          found
            .filter(({ type }) => !/^(?:paragraph_open|paragraph_close|inline|text|text_special)$/.test(type))
            .map(({ type }) => type),
          [],
        );
        assert.doesNotMatch(escapeMarkdown(text), /(?<!\\)\$\(/);
      }),
      { numRuns: 3000 },
    );
  });

  it("cannot end its fence", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const found = tokens(`before\n${fenceText(text)}\nafter`);
        assert.deepEqual(
          found.map(({ type }) => type),
          [
            "paragraph_open",
            "inline",
            "text",
            "paragraph_close",
            "fence",
            "paragraph_open",
            "inline",
            "text",
            "paragraph_close",
          ],
        );
      }),
      { numRuns: 3000 },
    );
  });

  it("becomes a link only where it is one of the web, and then nothing in it ends the link", () => {
    for (const address of [
      "javascript:alert(1)",
      "command:workbench.action.quit",
      "file:///etc/passwd",
      "vscode://x",
      "data:text/html,x",
      "no address",
    ]) {
      assert.equal(toSafeWebUrl(address), null, address);
    }
    assert.equal(toSafeWebUrl("https://example.org/a_(b)?c=[d]"), "https://example.org/a_%28b%29?c=%5Bd%5D");
    fc.assert(
      fc.property(hostile, (text) => {
        const link = toSafeWebUrl(`https://example.org/${text}`);
        const found = tokens(`[a](${link ?? ""}) b`).filter(({ type }) => type === "link_open");
        assert.equal(found.length, 1);
        assert.match(String(found[0]?.attrGet("href")), /^https:\/\/example\.org\//);
      }),
      { numRuns: 1000 },
    );
  });
});
