import assert from "node:assert/strict";
import { checkedUrl, isPublicAddress } from "../../src/sources/address.js";
import { decodePage } from "../../src/sources/charset.js";

describe("addresses", () => {
  it("passes the public internet and nothing else", () => {
    for (const address of ["8.8.8.8", "2606:4700::1111"]) assert.ok(isPublicAddress(address), address);
    for (const address of [
      "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
      "255.255.255.255", "224.0.0.1", "::1", "::", "::ffff:127.0.0.1", "::7f00:1", "64:ff9b::7f00:1", "2002:7f00:1::",
      "fe80::1", "fc00::1", "not an address",
    ]) assert.ok(!isPublicAddress(address), address); // prettier-ignore
  });

  it("refuses other schemes, passwords and private literals in any spelling", () => {
    const none = new Set<string>();
    for (const url of [
      "file:///etc/passwd",
      "ftp://x.y/",
      "javascript:1",
      "http://u:p@example.org/",
      "nothing",
    ]) {
      assert.throws(() => checkedUrl(url, none), { code: "bad-url" }, url);
    }
    for (const url of [
      "http://127.0.0.1/", "http://2130706433/", "http://0x7f.1/", "http://[::1]/", "http://[::ffff:7f00:1]/",
      "http://localhost:3000/", "http://a.localhost/", "http://169.254.169.254/latest/meta-data",
    ]) assert.throws(() => checkedUrl(url, none), { code: "refused-address" }, url); // prettier-ignore
  });

  it("lets the named host and port through, and no other port of it", () => {
    const allowed = new Set(["127.0.0.1:8080", "[::1]:80"]);
    assert.equal(checkedUrl("http://127.0.0.1:8080/x", allowed).port, "8080");
    assert.equal(checkedUrl("http://[::1]/x", allowed).pathname, "/x");
    assert.throws(() => checkedUrl("http://127.0.0.1:8081/x", allowed), { code: "refused-address" });
  });
});

describe("charsets of pages", () => {
  it("believes the mark, then the header, then the page, then UTF-8, then guesses", () => {
    const latin = Buffer.from("Grüße", "latin1");
    assert.equal(decodePage(Buffer.from("\ufeffGrüße", "utf16le"), "utf-8").text, "Grüße");
    assert.equal(decodePage(latin, "iso-8859-1").text, "Grüße");
    assert.match(decodePage(Buffer.from('<meta charset="latin1">Grüße', "latin1"), null).text, /Grüße$/);
    assert.equal(decodePage(Buffer.from("Grüße"), null).text, "Grüße");
    const guessed = decodePage(latin, null);
    assert.equal(guessed.text, "Grüße");
    assert.equal(guessed.warnings.length, 1);
    assert.equal(decodePage(latin, "no-such-charset").text, "Grüße");
  });
});
