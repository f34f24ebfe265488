import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { createHash } from "node:crypto";
import { SCHEMA, type Header, type JournalLine } from "../../src/storage/sessions/journal-schema.js";
import { createSession, createSessionId } from "../../src/storage/sessions/session.js";

/** A session as a run leaves it: a journal that ended as `status` says, and one snapshot. */
export async function aSession(
  sessions: string,
  given: { question?: string; at?: Date; status?: "done" | "failed" | "interrupted"; text?: string } = {},
): Promise<{ id: string; folder: string; snapshot: string; sha256: string }> {
  const { question = "How does it go on?", at = new Date("2026-11-22T10:15:00Z"), status = "done" } = given;
  const session = await createSession(
    sessions,
    {
      question,
      engine: "offline",
      depth: "quick",
      maxSources: 10,
      pages: [],
      scope: ["workspace"],
      environment: "production",
    },
    at,
  );
  const { id } = session.header;
  if (status !== "interrupted") {
    const report = status === "done" ? `data/reports/${id}.md` : null;
    await session.journal.append({ type: "ended", at: at.toISOString(), status, report, error: null });
  }
  await session.journal.close();
  await session.lock.release();
  const text = `---\nsource: "docs/a.md"\n---\n\n${given.text ?? "It goes on where the journal ends.\n"}`;
  const sha256 = createHash("sha256").update(text).digest("hex");
  const snapshot = path.join(session.folder, "sources", `${sha256.slice(0, 16)}.md`);
  await mkdir(path.dirname(snapshot), { recursive: true, mode: 0o700 });
  await writeFile(snapshot, text, { mode: 0o600 });
  return { id, folder: session.folder, snapshot, sha256 };
}

/** Many sessions as a list sees them, an hour apart, the newest begun just now: two lines and an end each. */
export async function manySessions(sessions: string, many: number): Promise<void> {
  const now = Date.now();
  const statuses = ["done", "done", "done", "partial", "failed", "cancelled"] as const;
  for (let n = 0; n < many; n++) {
    const started = new Date(now - n * 3_600_000);
    const question = `What is known about case ${n} of the harbour?`;
    const id = createSessionId(question, started);
    const header: Header = {
      ...{ schema: SCHEMA, id, question, started: started.toISOString(), engine: "offline", depth: "quick" },
      ...{ maxSources: 10, pages: [], scope: ["workspace"], environment: "production" },
    };
    const status = statuses[n % statuses.length] ?? "done";
    const report = status === "done" ? `data/reports/${id}.md` : null;
    const ended: JournalLine = { type: "ended", at: started.toISOString(), status, report, error: null };
    const lines = [header, { type: "asked", header }, ended];
    await mkdir(path.join(sessions, id), { recursive: true });
    await writeFile(
      path.join(sessions, id, "journal.jsonl"),
      lines.map((line) => `${JSON.stringify(line)}\n`).join(""),
    );
  }
}
