import assert from "node:assert/strict";
import { redactLogText } from "../../../src/common/redact-log.js";
import { tokens } from "../../fakes/secrets.js";

describe("a text of the log", () => {
  it("holds no token of any provider", () => {
    for (const [issuer, token] of Object.entries(tokens())) {
      const text = redactLogText(`The call failed: ${token} was refused.`, null);
      assert.ok(!text.includes(token), issuer);
      assert.match(text, /^The call failed: .* was refused\.$/, issuer);
    }
  });

  it("holds no key in use, bearer token, query string or home folder", () => {
    const cases: [string, string][] = [
      ["Used my-own-key-123 twice", "Used [key] twice"],
      ["authorization: Bearer abc.def-ghi_jkl+123==", "authorization: Bearer [secret removed]"],
      ["Sent Bearer abc.defghi", "Sent Bearer [token]"],
      [
        "Not read: https://a.example/find?q=salary&token=x#top: 404",
        "Not read: https://a.example/find?[query] 404",
      ],
      ["(http://127.0.0.1:80/a?x=1)", "(http://127.0.0.1:80/a?[query]"],
      ["Cannot write /home/ada/docs/a.md", "Cannot write ~/docs/a.md"],
      ["Cannot write /srv/me/docs/a.md", "Cannot write ~/docs/a.md"],
      ["Cannot write C:\\Users\\Ada\\a.md", "Cannot write ~\\a.md"],
      ["at file:///Users/ada/a.js", "at file://~/a.js"],
    ];
    for (const [text, expected] of cases)
      assert.equal(redactLogText(text, "my-own-key-123", "/srv/me"), expected);
  });

  it("keeps what is no secret", () => {
    for (const text of [
      "Searched workspace: 3 found for “What is a bearer?”",
      "Read: docs/home/users.md",
      "Ended: done, data/reports/a.md",
    ])
      assert.equal(redactLogText(text, null), text);
  });

  it("takes time in proportion to its length", () => {
    const long = `https://${"a/".repeat(50_000)}?${"Bearer ".repeat(20_000)}/home/${"x".repeat(100_000)}`;
    const began = performance.now();
    redactLogText(long, null);
    assert.ok(performance.now() - began < 5000);
  });
});
