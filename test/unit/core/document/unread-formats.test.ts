import assert from "node:assert/strict";
import { describeUnreadFiles, unreadFormat } from "../../../../src/core/document/unread-formats.js";

describe("documents whose format is not read", () => {
  it("are told from files that are read, and from those that are no documents", () => {
    assert.equal(unreadFormat("notes/plan.DOC")?.saveAs, ".docx");
    assert.equal(unreadFormat("costs.xlsx")?.saveAs, ".csv");
    for (const file of ["plan.docx", "plan.odt", "book.epub", "graph.dot", "photo.png", "a.pdf", "doc"])
      assert.equal(unreadFormat(file), null, file);
  });

  it("are named in a report, a sentence for each format, a few names of many", () => {
    assert.deepEqual(describeUnreadFiles([]), []);
    assert.deepEqual(describeUnreadFiles(["b.doc", "a.pptx"]), [
      "Not searched: a.pptx (slides are not read; save it as .pdf).",
      "Not searched: b.doc (Word 97 files are not read; save it as .docx).",
    ]);
    const many = Array.from({ length: 7 }, (_, n) => `t${n}.xls`);
    assert.deepEqual(describeUnreadFiles(many), [
      "Not searched: t0.xls, t1.xls, t2.xls, t3.xls, t4.xls and 2 more (spreadsheets are not read; save them as .csv).",
    ]);
  });
});
