import { formatMessage, toMessage } from "../../../src/common/messages.js";
import assert from "node:assert/strict";
import type { CheckedReport } from "../../../src/verification/check-report-file.js";
import { describeVerification } from "../../../src/app/verify-reports.js";

describe("the result of a verification, as lines", () => {
  const result = (failed: CheckedReport["failed"], citations: number): CheckedReport => ({
    report: "a.md",
    ok: false,
    citations,
    grounded: 0,
    failed,
    since: [],
    checked: "all",
    otherLanguage: 0,
    edited: [],
  });

  it("counts citations that fail, not the ways in which one fails", () => {
    const twice = [
      {
        n: "1.1",
        why: toMessage("The quote does not appear in the snapshot."),
        kind: "not-in-snapshot",
        line: 9,
      },
      { n: "1.1", why: toMessage("17 does not appear in the cited quotes."), kind: "facts", line: 9 },
    ] as const;
    const [summary, ...details] = describeVerification(result([...twice], 1)).map(formatMessage);
    assert.equal(summary, "a.md: 1 of 1 citation failed.");
    assert.equal(details.length, 2);
    const elsewhere = { ...twice[0], line: 11 };
    assert.equal(
      describeVerification(result([...twice, elsewhere], 3)).map(formatMessage)[0],
      "a.md: 2 of 3 citations failed.",
    );
  });
});
