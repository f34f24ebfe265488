import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { watchWaits } from "../../../src/app/watch-waits.js";
import type { ResearchEvent } from "../../../src/core/domain/events.js";
import { elapsedMilliseconds, RunProgressReducer } from "../../../src/core/progress/run-progress.js";

const at = (seconds: number): Date => new Date(Date.UTC(2026, 10, 22, 10, 0, seconds));

describe("a run that waits for the user", () => {
  it("tells when it waits and for how long, also where the question fails", async () => {
    const events: ResearchEvent[] = [];
    const { asking, waited } = watchWaits(
      {
        clarify: () => wait(30).then(() => []),
        approve: () => Promise.reject(new Error("closed")),
      },
      (event) => events.push(event),
    );
    await asking.clarify?.([]);
    await assert.rejects(
      asking.approve?.({ calls: [1, 1], tokens: [1, 1], usd: [0, 0] }) ?? Promise.resolve(),
    );
    assert.ok(waited() >= 25, `${waited()} ms`);
    assert.deepEqual(
      events.map((event) => event.type === "waiting" && event.isWaiting),
      [true, false, true, false],
    );
    assert.equal(asking.review, undefined);
  });

  it("does not count that as run time", () => {
    const following = new RunProgressReducer();
    const started = {
      session: "s",
      question: "q",
      engine: "offline",
      depth: "quick",
      maxSources: 1,
    } as const;
    following.tell({ type: "started", ...started, resumed: false }, at(0));
    following.tell({ type: "waiting", isWaiting: true }, at(2));
    assert.equal(elapsedMilliseconds(following.live, at(40)), 2000);
    following.tell({ type: "waiting", isWaiting: false }, at(42));
    assert.equal(elapsedMilliseconds(following.live, at(45)), 5000);
    following.tell({ type: "ended", status: "done", report: null, error: null }, at(46));
    assert.equal(elapsedMilliseconds(following.live, at(99)), 6000);
  });
});
