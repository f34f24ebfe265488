import assert from "node:assert/strict";
import { findDocumentStatus } from "../../../../src/core/document/document-status.js";

describe("what a document calls itself", () => {
  const says: [string, string, string, string?][] = [
    ["superseded", "ADR 4", "# ADR 4\n\n## Status\n\nSuperseded by ADR 12.\n\n## Context\n\nText."],
    ["superseded", "Plan", "# Plan\n\nStatus: Superseded by plan-2.md\n\nText."],
    ["superseded", "Plan", "Superseded by the plan of 2024.\n\nText."],
    ["superseded", "RFC 100", "Network Working Group\nObsoleted by: 2000\n\nText."],
    ["superseded", "Plan", "Text.", "---\ntitle: Plan\nsuperseded_by: plan-2\n---\n\nText."],
    ["superseded", "Plan", "Hinweis: Ersetzt durch den Plan von 2024.\n\nText."],
    ["deprecated", "[DEPRECATED] Old API", "Text."],
    ["deprecated", "Old API (deprecated)", "Text."],
    ["deprecated", "Guide", "Warning: This guide is deprecated and kept for reference.\n\nText."],
    ["deprecated", "Guide", "This old setup guide is out\nof date. This guide is now obsolete.\n\nText."],
    ["deprecated", "Guide", "Dieses Dokument ist veraltet.\n\nText."],
    ["deprecated", "Guide", "Text.", "---\nstatus: deprecated\n---\nText."],
    ["archived", "Tool", "# Tool\n\nThis repository has been archived by its owner.\n\nText."],
    ["archived", "Tool", "This project is no longer maintained.\n\nText."],
    ["archived", "Tool", "Text.", "---\narchived: true\n---\nText."],
  ];
  for (const [kind, title, text, source] of says)
    it(`is found: ${kind}: ${(source ?? `${title}: ${text}`).slice(0, 60).replaceAll("\n", " ")}`, () => {
      const status = findDocumentStatus(title, text, source);
      assert.equal(status?.kind, kind);
      assert.ok(status.said !== "" && !status.said.startsWith("#"), status.said);
    });

  const others: [string, string][] = [
    ["API", "## run(port)\n\nDeprecated since version 2.0: use start.\n"],
    ["API", "The option --old is deprecated. It is replaced by --new."],
    ["Deprecated features", "# Deprecated features\n\nThese functions are deprecated.\n"],
    ["Archive", "Old sessions are archived after ninety days. An archived session is read-only."],
    ["ADR 12", "## Status\n\nAccepted. Supersedes ADR 4.\n"],
    ["Guide", `${"A line of text.\n".repeat(60)}This guide is deprecated.`],
    ["Plan", "---\n"],
  ];
  for (const [title, text] of others)
    it(`is not guessed: ${title}: ${text.slice(0, 50).replaceAll("\n", " ")}`, () => {
      assert.equal(findDocumentStatus(title, text, text), null);
    });
});
