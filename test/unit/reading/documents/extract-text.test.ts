import { toResearchError } from "../../../../src/common/errors.js";
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { extractDocumentText } from "../../../../src/reading/documents/extract-text.js";

const SENTENCE =
  "The server keeps each answer for an hour, and asks the origin again after that time has passed. ";

const read = (content: string | Uint8Array, type: string, address = "https://example.org/a") =>
  extractDocumentText({ bytes: Buffer.from(content), type, charset: null, address });

const code = async (content: string | Uint8Array, type = "text/html"): Promise<string> =>
  read(content, type).then(
    () => "text",
    (error: unknown) => toResearchError(error, "bad-answer", "").code,
  );

describe("what a document is", () => {
  it("is decided by its bytes, not by its label", async () => {
    const labels = [
      "application/yaml",
      "application/toml",
      "binary/octet-stream",
      "application/x-sh",
      "application/x-tex",
      "model/x",
      "",
    ];
    for (const type of labels)
      assert.equal((await read("retries: 5\nname: a\n", type)).text, "retries: 5\nname: a", type);
    assert.match(
      (await read(`<!DOCTYPE html><html><body><p>${SENTENCE.repeat(4)}</p></body></html>`, "text/plain"))
        .text,
      /^The server keeps/,
    );
    for (const type of ["text/html", "text/plain", "application/octet-stream", "image/png"])
      assert.equal(await code(randomBytes(4000), type), "unreadable", type);
    assert.equal(
      await code(Buffer.from("\u0001\u0002\u0003\u0004abc\u0005\u0006".repeat(50)), "text/html"),
      "unreadable",
    );
  });

  it("is a place that leads on, where a page sends its readers away", async () => {
    const target = async (meta: string, body = "<p>Redirecting…</p>"): Promise<string | undefined> =>
      (await read(`<html><head>${meta}</head><body>${body}</body></html>`, "text/html")).redirect;
    assert.equal(
      await target('<meta http-equiv="refresh" content="0; url=../new/">'),
      "https://example.org/new/",
    );
    assert.equal(
      await target('<meta http-equiv="Refresh" content="0;URL=\'https://docs.example.org/x\'">'),
      "https://docs.example.org/x",
    );
    assert.equal(
      await target('<noscript><meta http-equiv="refresh" content="1; url=/b"></noscript>'),
      "https://example.org/b",
    );
    assert.equal(await target('<META HTTP-EQUIV=refresh CONTENT="3,url=/c">', ""), "https://example.org/c");
    assert.equal(
      await target(
        '<meta http-equiv="refresh" content="0; url=/d">',
        '<a href="/d">Click here</a> if nothing happens.',
      ),
      "https://example.org/d",
    );
    // Pages that reload themselves, wait for long or are full of text are read.
    const long = `<p>${SENTENCE.repeat(20)}</p>`;
    assert.equal(await target('<meta http-equiv="refresh" content="300; url=/d">', long), undefined);
    assert.equal(await target('<meta http-equiv="refresh" content="5; url=/d">', long), undefined);
    assert.equal(
      await target('<meta http-equiv="refresh" content="0; url=javascript:alert(1)">', long),
      undefined,
    );
  });

  it("is no source where it says that nothing is there, or asks to sign in", async () => {
    const page = (title: string, body: string): Promise<string> =>
      code(`<html><head><title>${title}</title></head><body><main>${body}</main></body></html>`);
    for (const [title, body] of [
      ["404 — Project docs", "<h1>Page not found</h1><p>The page you are looking for does not exist.</p>"],
      ["Page not found · GitHub Pages", "<p>There isn't a page here.</p>"],
      ["Docs", "<h1>404</h1><p>This page could not be found.</p>"],
      ["Oops", "<p>Sorry, the page you requested was not found. Go back home.</p>"],
      ["Seite nicht gefunden", "<p>Die Seite wurde nicht gefunden.</p>"],
      [
        "Sign in · Wiki",
        '<form><p>Sign in to continue to the wiki.</p><input type="password"></form><p>Sign in with your account to continue.</p>',
      ],
      ["Log in to Jira", '<p>Log in to continue.</p><input name="p" type=password>'],
    ] as const)
      assert.equal(await page(title, body), "empty-page", title);
    assert.equal(await page("HTTP 404", `<h1>404 Not Found</h1><p>${SENTENCE.repeat(12)}</p>`), "text");
    assert.equal(await page("Sign in", `<h1>Sign-in methods</h1><p>${SENTENCE.repeat(12)}</p>`), "text");
    assert.equal(
      await page(
        "Limits",
        "<h1>Limits</h1><p>At most 404 rows are sent. The rest is not found by a search.</p>",
      ),
      "text",
    );
  });
});
