import { toMessage } from "../../../../src/common/messages.js";
import assert from "node:assert/strict";
import { ResearchError } from "../../../../src/common/errors.js";
import {
  parseQuestion,
  parseResearchRequest,
  type ResearchRequest,
} from "../../../../src/core/domain/research-request.js";

const request: ResearchRequest = {
  question: "Why is the sky blue?",
  depth: "quick",
  maxSources: 10,
  scope: ["web"],
  pages: [],
};

function refusal(given: Partial<ResearchRequest>): { code: string; line: string } {
  try {
    parseResearchRequest({ ...request, ...given });
  } catch (error) {
    assert.ok(error instanceof ResearchError);
    return { code: error.code, line: error.line };
  }
  throw new Error("The request was accepted.");
}

describe("a research request", () => {
  it("is given back with its question in one line and its addresses in full", () => {
    const given = {
      ...request,
      question: "  Why is\n the\u200b sky  blue? ",
      pages: ["HTTPS://Example.org"],
      follows: "20261122-101500-sky-ab12",
    };
    const parsed = parseResearchRequest(given);
    assert.deepEqual(parsed, { ...given, question: request.question, pages: ["https://example.org/"] });
    assert.deepEqual(parseResearchRequest(parsed), parsed);
  });

  it("needs a question, something to search, and addresses of pages", () => {
    for (const question of ["", " \n\t", "\u200b\u2060"]) {
      assert.deepEqual(refusal({ question, scope: [], pages: ["x"] }), {
        code: "empty-question",
        line: "The question is empty. Ask it in a sentence.",
      });
    }
    assert.deepEqual(refusal({ scope: [] }), {
      code: "no-sources",
      line: "There is nothing to research. Choose the workspace, the web or a page.",
    });
    for (const wrong of ["ftp://example.org/", "example.org", "javascript:alert(1)", ""]) {
      assert.deepEqual(refusal({ pages: ["https://example.org/", wrong], scope: [] }), {
        code: "bad-url",
        line: `“${wrong}” is not an http or https address. Write it as https://…`,
      });
    }
    assert.equal(
      parseResearchRequest({ ...request, scope: [], pages: ["http://a.example/b"] }).pages.length,
      1,
    );
  });

  it("is refused where a depth or a number is none that the settings allow", () => {
    assert.equal(refusal({ depth: "endless" as "deep" }).line, "The request is not valid: depth.");
    for (const maxSources of [0, -1, 1.5, NaN])
      assert.equal(refusal({ maxSources }).line, "The request is not valid: maxSources.");
  });

  it("says how to ask where the question is empty, as each interface puts it", () => {
    assert.equal(parseQuestion(" a \n b "), "a b");
    assert.throws(() => parseQuestion(" ", toMessage("Ask it in quotes.")), {
      code: "empty-question",
      line: "The question is empty. Ask it in quotes.",
    });
  });
});
