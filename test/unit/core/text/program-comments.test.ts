import assert from "node:assert/strict";
import { findCommentWords } from "../../../../src/core/text/program-comments.js";
import { splitComments, splitLines } from "../../../../src/core/text/sentences.js";

function wordsOf(text: string): (string | null)[] {
  return findCommentWords(splitLines(text)).map((range) =>
    range === null ? null : text.slice(range.start, range.end),
  );
}

describe("comments of a program", () => {
  it("are the words behind the marks of lines and blocks, and no line of code", () => {
    assert.deepEqual(
      wordsOf("#include <a.h>\n// Reads a file.\nread(); // at once\n/* Two\n lines. */\n#!/bin/sh"),
      [null, "Reads a file.", null, "Two", "lines.", null],
    );
    assert.deepEqual(wordsOf("/**\n * Opens it.\n *\n */\nopen()"), ["", "Opens it.", "", "", null]);
  });

  it("are documentation strings, and no string that is assigned", () => {
    assert.deepEqual(
      wordsOf('def f():\n    """Reads a file.\n\n    Its lines are kept.\n    """\n    return """x\n# y'),
      [null, "Reads a file.", "", "Its lines are kept.", "", null, "y"],
    );
  });

  it("go on from a part that ended inside of a documentation string", () => {
    assert.deepEqual(wordsOf('    Its lines are kept.\n    """\n    return 1'), [
      "Its lines are kept.",
      "",
      null,
    ]);
    assert.deepEqual(wordsOf('class A:\n    """\n    Its lines are kept.\n    """'), [
      null,
      "",
      "Its lines are kept.",
      "",
    ]);
  });

  it("are read as sentences across their lines, without the marks before each", () => {
    const text =
      "    # This is thrown when a directory with the name\n    # already exists. Nothing is\n    # written then.\n    pass\n";
    assert.deepEqual(
      splitComments(text).map(({ start, end }) => text.slice(start, end)),
      [
        "This is thrown when a directory with the name\n    # already exists.",
        "Nothing is\n    # written then.",
      ],
    );
  });
});
