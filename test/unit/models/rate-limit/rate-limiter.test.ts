import { type Message } from "../../../../src/common/messages.js";
import { formatMessage } from "../../../../src/common/messages.js";
import assert from "node:assert/strict";
import { getEventListeners, setMaxListeners } from "node:events";
import fc from "fast-check";
import { FairQueue } from "../../../../src/models/rate-limit/fair-queue.js";
import { nextQuotaReset } from "../../../../src/models/rate-limit/timing.js";
import {
  createRateLimiter,
  createRateLimiters,
  type RequestOutcome,
  type RateLimiter,
} from "../../../../src/models/rate-limit/rate-limiter.js";
import { isCancelled, ResearchError } from "../../../../src/common/errors.js";
import { openFakeTime, type FakeTime } from "../../../fakes/clock.js";

const SLOW = new ResearchError("rate-limit", "Gemini allows no more requests at the moment.");
const DAY = new ResearchError("day-quota", "The Gemini key's requests for today are used up.");
const ANSWERED: RequestOutcome = { kind: "answered", tokens: null };
const FAILED: RequestOutcome = { kind: "failed" };
const never = new AbortController().signal;
setMaxListeners(0, never);

const limited = (
  ms: number,
  requests: number | null = null,
  tokens: number | null = null,
): RequestOutcome => ({
  kind: "limited",
  ms,
  allows: { requests, tokens },
  error: SLOW,
});

interface Request {
  session?: string;
  tokens?: number;
  /** Milliseconds of its work. */
  takes?: number;
  end?: RequestOutcome;
  signal?: AbortSignal;
}

describe("The limiter", () => {
  let time: FakeTime;
  let limiter: RateLimiter;
  /** What went out, in this order. */
  let begun: { session: string; at: number; tokens: number }[];
  let notices: string[];
  /** One function for each session: it is told once. */
  let tells: Map<string, (message: Message) => void>;

  beforeEach(reset);

  function reset(): void {
    time = openFakeTime();
    limiter = createRateLimiter("gemini-x", time);
    [begun, notices] = [[], []];
    tells = new Map();
  }

  function ask({ session = "a", tokens = 1, takes = 0, end = ANSWERED, signal = never }: Request = {}) {
    const notice =
      tells.get(session) ??
      ((message: Message) => void notices.push(`${session}: ${formatMessage(message)}`));
    tells.set(session, notice);
    return limiter.run(
      { session, tokens, notice, signal },
      async () => {
        begun.push({ session, at: time.now(), tokens });
        const { running, concurrency } = limiter.state();
        assert.ok(running <= concurrency, `${running} run where ${concurrency} may.`);
        if (takes > 0) await time.wait(takes, signal);
      },
      () => end,
    );
  }

  const many = (count: number, request: Request = {}) => Array.from({ length: count }, () => ask(request));

  /** Brings the concurrency down to one: six waves with a 429 each. */
  async function narrow(): Promise<void> {
    for (let wave = 0; wave < 6; wave++) await ask({ end: limited(0) });
    assert.equal(limiter.state().concurrency, 1);
    begun = [];
  }

  describe("lets requests run at one time", () => {
    it("64 in the beginning", async () => {
      const all = many(100, { takes: 1000 });
      await time.pass(0);
      assert.equal(begun.length, 64);
      assert.deepEqual(limiter.state(), {
        running: 64,
        waiting: 36,
        concurrency: 64,
        perMinute: null,
        tokensPerMinute: null,
        pausedMs: 0,
      });
      await time.pass(2000);
      await Promise.all(all);
      assert.equal(limiter.state().running, 0);
    });

    it("half as many after a 429, once for all 429s of one wave", async () => {
      const all = many(64, { takes: 1000, end: limited(2000) });
      await time.pass(1000);
      await Promise.all(all);
      assert.equal(limiter.state().concurrency, 32);
      // The next wave counts again.
      await time.pass(10_000);
      await ask({ end: limited(2000) });
      assert.equal(limiter.state().concurrency, 16);
    });

    it("half as many once, though the 429s of a wave come one after the other and others began since", async () => {
      const early = many(10, { takes: 1000, end: limited(100) });
      const late = many(10, { takes: 9000, end: limited(100) });
      await time.pass(2000);
      const answered = many(5, { takes: 100 });
      await time.pass(20_000);
      await Promise.all([...early, ...late, ...answered]);
      assert.equal(limiter.state().concurrency, 32);
    });

    it("never fewer than one", async () => {
      await narrow();
      await ask({ end: limited(0) });
      assert.equal(limiter.state().concurrency, 1);
      await ask();
    });

    it("one more for each round of answers, and 64 at most", async () => {
      await narrow();
      await ask();
      assert.equal(limiter.state().concurrency, 2);
      await Promise.all(many(2));
      assert.equal(limiter.state().concurrency, 2);
      await ask();
      assert.equal(limiter.state().concurrency, 3);
      for (let count = 0; count < 3000; count++) await ask();
      assert.equal(limiter.state().concurrency, 64);
    });

    it("no more for failures", async () => {
      await narrow();
      await Promise.all(many(20, { end: FAILED }));
      assert.equal(limiter.state().concurrency, 1);
    });

    it("and frees the slot of one whose work throws", async () => {
      await narrow();
      const asked = { session: "a", tokens: 1, notice: () => undefined, signal: never };
      const broken = limiter.run(
        asked,
        () => Promise.reject(new Error("Oh.")),
        () => ANSWERED,
      );
      await assert.rejects(broken, /Oh/);
      assert.equal(limiter.state().running, 0);
      await ask();
    });
  });

  describe("pauses", () => {
    it("at least as long as it was told, and lets those who waited come back spread out", async () => {
      const first = ask({ end: limited(36_000) });
      await first;
      const all = many(20);
      await time.pass(36_000);
      assert.equal(begun.length, 1);
      await time.pass(10_000);
      await Promise.all(all);
      const back = begun.slice(1).map(({ at }) => at);
      assert.equal(back.length, 20);
      assert.ok(back[0]! >= 36_000 && back[0]! <= 38_000, String(back[0]));
      assert.equal(new Set(back).size, 20, "Several came back at one moment.");
    });

    it("longer, where a later 429 asks for more, and not shorter for one that asks for less", async () => {
      const all = [
        ask({ takes: 100, end: limited(10_000) }),
        ask({ takes: 200, end: limited(30_000) }),
        ask({ takes: 300, end: limited(1000) }),
      ];
      await time.pass(150);
      const waiting = ask();
      await time.pass(150);
      await Promise.all(all);
      assert.equal(limiter.state().pausedMs, 29_900);
      await time.pass(40_000);
      await waiting;
      // It is one pause, told of once.
      assert.deepEqual(notices, ["a: The provider requested a pause of 10 s (gemini-x)."]);
    });

    it("and tells each session once, of 5 seconds and more", async () => {
      await ask({ end: limited(4000) });
      const short = ask();
      await time.pass(10_000);
      await short;
      assert.deepEqual(notices, []);
      await ask({ end: limited(36_000) });
      const all = [...many(3), ...many(3, { session: "b" })];
      await time.pass(50_000);
      await Promise.all(all);
      assert.deepEqual(notices, [
        "a: The provider requested a pause of 36 s (gemini-x).",
        "b: The provider requested a pause of 36 s (gemini-x).",
      ]);
    });

    it("no longer than five minutes: all who wait get the error at once, and others till it is over", async () => {
      await narrow();
      const all = [ask({ takes: 100, end: limited(301_000) }), ...many(3)];
      const outcomes = Promise.allSettled(all);
      await time.pass(100);
      assert.deepEqual(
        (await outcomes).map((each) => (each.status === "rejected" ? (each.reason as unknown) : null)),
        [null, SLOW, SLOW, SLOW],
      );
      await time.pass(300_999);
      await assert.rejects(ask(), SLOW);
      assert.equal(begun.length, 1);
      const late = time.wait(1, never).then(() => ask());
      await time.pass(3000);
      await late;
    });

    it("no longer than five minutes in sum without an answer, and forgets that after one", async () => {
      await narrow();
      const wave = async (end: RequestOutcome) => {
        const asked = ask({ takes: 10, end });
        const behind = many(2, { takes: 10, end: FAILED });
        const outcomes = Promise.allSettled(behind);
        await time.pass(100_000);
        await asked;
        return (await outcomes).map(({ status }) => status);
      };
      const served = ["fulfilled", "fulfilled"];
      for (let count = 0; count < 4; count++) assert.deepEqual(await wave(limited(70_000)), served);
      assert.deepEqual(await wave(ANSWERED), served);
      await narrow();
      for (let count = 0; count < 4; count++) assert.deepEqual(await wave(limited(70_000)), served);
      assert.deepEqual(await wave(limited(70_000)), ["rejected", "rejected"]);
      // Later the provider is asked anew, and waited for again.
      assert.deepEqual(await wave(limited(70_000)), served);
    });
  });

  describe("spaces requests out", () => {
    const ARRIVALS = fc.array(
      fc.record({
        at: fc.integer({ min: 0, max: 240_000 }),
        session: fc.constantFrom("a", "b", "c"),
        tokens: fc.integer({ min: 1, max: 60 }),
        takes: fc.integer({ min: 0, max: 20_000 }),
        end: fc.oneof(
          { weight: 6, arbitrary: fc.constant(ANSWERED) },
          { weight: 1, arbitrary: fc.constant(FAILED) },
          {
            weight: 1,
            arbitrary: fc
              .tuple(
                fc.integer({ min: 0, max: 3000 }),
                fc.option(fc.integer({ min: 1, max: 12 })),
                fc.option(fc.integer({ min: 60, max: 300 })),
              )
              .map(([ms, requests, tokens]) => limited(ms, requests, tokens)),
          },
        ),
        patience: fc.option(fc.integer({ min: 0, max: 100_000 })),
      }),
      { minLength: 1, maxLength: 120 },
    );

    it("to what was learned in any 60 seconds, whoever comes when, and nobody is forgotten", async function () {
      this.timeout(60_000);
      await fc.assert(
        fc.asyncProperty(ARRIVALS, async (arrivals) => {
          reset();
          const all = arrivals.map(async ({ at, patience, ...request }) => {
            await time.wait(at, never);
            const controller = new AbortController();
            if (patience !== null) void time.wait(patience, never).then(() => controller.abort());
            await ask({ ...request, signal: controller.signal }).catch((error: unknown) => {
              assert.ok(isCancelled(error) || error === SLOW, String(error));
            });
          });
          const done = Promise.all(all);
          let checked = 0;
          for (let second = 0; second < 15_000; second++) {
            const { perMinute, tokensPerMinute, pausedMs } = limiter.state();
            await time.pass(1000);
            const after = limiter.state();
            // A limit that was learned within this second holds from the next one on.
            const same = after.perMinute === perMinute && after.tokensPerMinute === tokensPerMinute;
            for (; checked < begun.length; checked++) {
              const { at } = begun[checked]!;
              const past = begun.slice(0, checked + 1).filter((each) => each.at > at - 60_000);
              const sum = past.reduce((tokens, each) => tokens + each.tokens, 0);
              if (same && perMinute !== null) assert.ok(past.length <= perMinute, `${past.length} requests`);
              if (same && tokensPerMinute !== null) assert.ok(sum <= tokensPerMinute, `${sum} tokens`);
              assert.ok(pausedMs < 1000 || at >= (second + 1) * 1000, "One went out in a pause.");
            }
            if (second > 241 && after.waiting === 0 && after.running === 0) break;
          }
          await done;
          assert.equal(limiter.state().waiting, 0);
          assert.equal(limiter.state().running, 0);
        }),
        { numRuns: 60 },
      );
    });

    it("by the requests of a minute, and wastes no more than a second of it", async () => {
      await ask({ end: limited(0, 10) });
      const all = many(35);
      await time.pass(300_000);
      await Promise.all(all);
      const counts = [0, 1, 2, 3].map((n) => begun.filter(({ at }) => Math.floor(at / 61_000) === n).length);
      assert.deepEqual(counts, [10, 10, 10, 6]);
      assert.equal(limiter.state().perMinute, 10);
    });

    it("in a window that slides: what went out late in one minute counts in the next", async () => {
      await ask({ end: limited(0, 3) });
      await time.pass(50_000);
      await Promise.all(many(2));
      const all = many(3);
      await time.pass(200_000);
      await Promise.all(all);
      assert.deepEqual(
        begun.map(({ at }) => at),
        [0, 50_000, 50_000, 61_000, 111_000, 111_000],
      );
    });

    it("by the tokens of a minute, as they were counted in the end", async () => {
      await ask({ tokens: 10, end: limited(0, null, 100) });
      // Estimated as 30, and 60 in truth.
      await ask({ tokens: 30, end: { kind: "answered", tokens: 60 } });
      const fits = ask({ tokens: 30 });
      const waits = ask({ tokens: 30 });
      await time.pass(60_000);
      assert.equal(begun.length, 3);
      await time.pass(2000);
      await Promise.all([fits, waits]);
      assert.equal(limiter.state().tokensPerMinute, 100);
    });

    it("and lets one that is larger than any minute go out alone", async () => {
      await ask({ tokens: 10, end: limited(0, null, 100) });
      const large = ask({ tokens: 500 });
      await time.pass(60_000);
      assert.equal(begun.length, 1);
      await time.pass(2000);
      await large;
    });

    it("and says once to each session what it learned, and that it waits", async () => {
      await ask({ end: limited(0, 10) });
      assert.deepEqual(notices, [
        "a: This key is limited to 10 requests per minute (gemini-x). Requests are being throttled.",
      ]);
      const all = [...many(12), ...many(2, { session: "b" })];
      await time.pass(130_000);
      await Promise.all(all);
      await ask({ end: limited(0, 10, 5000) });
      assert.deepEqual(notices.slice(1), [
        "a: Rate limit reached. Retrying in 61 s (gemini-x).",
        "b: This key is limited to 10 requests per minute (gemini-x). Requests are being throttled.",
        "b: Rate limit reached. Retrying in 61 s (gemini-x).",
        "a: This key is limited to 10 requests and 5000 tokens per minute (gemini-x). Requests are being throttled.",
      ]);
    });
  });

  describe("is fair", () => {
    it("to a session that comes when another has 200 waiting: it stands behind one of them", async () => {
      await narrow();
      const all = many(200, { takes: 100, end: FAILED });
      await time.pass(1050);
      const before = begun.length;
      const other = ask({ session: "b", takes: 100, end: FAILED });
      await time.pass(1000);
      await other;
      assert.ok(begun.findIndex(({ session }) => session === "b") - before <= 1);
      await time.pass(30_000);
      await Promise.all(all);
    });

    it("to all sessions, one of each in turn", async () => {
      await narrow();
      const first = ask({ session: "d", takes: 10, end: FAILED });
      const all = ["a", "b", "c"].flatMap((session) => many(3, { session, takes: 10, end: FAILED }));
      await time.pass(1000);
      await Promise.all([first, ...all]);
      assert.equal(begun.map(({ session }) => session).join(""), "dabcabcabc");
    });
  });

  describe("lets go of one that is aborted", () => {
    it("while it waits, at once, and holds no slot for it", async () => {
      await narrow();
      const running = ask({ takes: 1000 });
      const controller = new AbortController();
      const waiting = ask({ signal: controller.signal });
      const behind = ask();
      await time.pass(0);
      controller.abort();
      await assert.rejects(waiting, isCancelled);
      assert.deepEqual([limiter.state().running, limiter.state().waiting], [1, 1]);
      await time.pass(1000);
      await Promise.all([running, behind]);
      assert.equal(begun.length, 2);
      assert.equal(getEventListeners(controller.signal, "abort").length, 0);
    });

    it("before it came", async () => {
      await assert.rejects(ask({ signal: AbortSignal.abort() }), isCancelled);
      assert.equal(limiter.state().waiting, 0);
    });

    it("during a pause, and sets off no timer for nobody", async () => {
      await ask({ end: limited(60_000) });
      const controller = new AbortController();
      const waiting = ask({ signal: controller.signal });
      await time.pass(1000);
      controller.abort();
      await assert.rejects(waiting, isCancelled);
      await time.pass(100_000);
      assert.equal(begun.length, 1);
    });

    it("that was too large for the minute, and the smaller one behind it goes out", async () => {
      await ask({ tokens: 50, end: limited(0, null, 100) });
      const controller = new AbortController();
      const large = ask({ tokens: 80, signal: controller.signal });
      const small = ask({ tokens: 40 });
      await time.pass(0);
      assert.equal(begun.length, 1);
      controller.abort();
      await assert.rejects(large, isCancelled);
      await small;
      assert.equal(begun.length, 2);
    });
  });

  describe("stops at the end of the day's quota", () => {
    it("all who wait and all who come, with the same error, until midnight in California", async () => {
      await narrow();
      const last = ask({ takes: 100, end: { kind: "used-up", error: DAY } });
      const waiting = [...many(5), ...many(5, { session: "b" })].map((each) => assert.rejects(each, DAY));
      await time.pass(100);
      await last;
      await Promise.all(waiting);
      await assert.rejects(ask(), DAY);
      assert.equal(begun.length, 1);
      // It is noon in UTC, and 4 o'clock in California: 20 hours are left.
      await time.pass(20 * 3_600_000 - 101);
      await assert.rejects(ask(), DAY);
      await time.pass(1);
      await ask();
    });

    it("unless the key is tried anew", async () => {
      const limiters = createRateLimiters(time);
      limiter = limiters.of("http://a", "key", "gemini-x");
      await ask({ end: { kind: "used-up", error: DAY } });
      await assert.rejects(ask(), DAY);
      limiters.reopen("http://a", "another key");
      await assert.rejects(ask(), DAY);
      limiters.reopen("http://a", "key");
      await ask();
    });

    it("unless the key is tried anew, though a pause is open that holds all the same", async () => {
      const [first, last] = [
        ask({ end: limited(60_000) }),
        ask({ takes: 100, end: { kind: "used-up", error: DAY } }),
      ];
      await time.pass(100);
      await Promise.all([first, last]);
      await assert.rejects(ask(), DAY);
      limiter.reopen();
      const next = ask();
      await time.pass(50_000);
      assert.equal(begun.length, 2);
      await time.pass(20_000);
      await next;
    });

    it("and not for a pause that is longer than a run waits", async () => {
      await ask({ end: limited(600_000) });
      limiter.reopen();
      await assert.rejects(ask(), SLOW);
      await time.pass(610_000);
      await ask();
    });

    it("and knows when days begin there, in winter, in summer and when clocks change", () => {
      const day = (from: string) => nextQuotaReset(new Date(from)).toISOString();
      assert.equal(day("2026-11-22T12:00:00Z"), "2026-11-23T08:00:00.000Z");
      assert.equal(day("2026-11-22T07:59:59Z"), "2026-11-22T08:00:00.000Z");
      assert.equal(day("2026-11-22T08:00:00Z"), "2026-11-23T08:00:00.000Z");
      assert.equal(day("2026-07-01T12:34:56Z"), "2026-07-02T07:00:00.000Z");
      assert.equal(day("2026-03-08T08:30:00Z"), "2026-03-09T07:00:00.000Z");
      assert.equal(day("2026-11-01T07:30:00Z"), "2026-11-02T08:00:00.000Z");
    });
  });

  it("forgets what the plan allowed when the key is tried anew, for those who wait, too", async () => {
    await narrow();
    await ask({ end: limited(0, 5, 100) });
    begun = [];
    const all = many(40, { tokens: 50, takes: 1000 });
    await time.pass(0);
    assert.ok(begun.length < 40);
    limiter.reopen();
    const { concurrency, perMinute, tokensPerMinute } = limiter.state();
    assert.deepEqual([concurrency, perMinute, tokensPerMinute], [64, null, null]);
    await time.pass(2000);
    await Promise.all(all);
    assert.equal(begun.length, 40);
  });

  it("is one for each address, key and model", () => {
    const limiters = createRateLimiters(time);
    const one = limiters.of("http://a", "key", "m");
    assert.equal(limiters.of("http://a", "key", "m"), one);
    for (const [base, key, model] of [
      ["http://b", "key", "m"],
      ["http://a", "another", "m"],
      ["http://a", "key", "n"],
    ] as const) {
      assert.notEqual(limiters.of(base, key, model), one);
    }
  });
});

describe("The fair queue", () => {
  it("gives turns as a list of lists would, whatever is added, taken and removed", () => {
    const operation = fc.oneof(
      fc.record({ do: fc.constant("add" as const), session: fc.integer({ min: 0, max: 4 }) }),
      fc.record({ do: fc.constant("take" as const) }),
      fc.record({ do: fc.constant("remove" as const), which: fc.nat(50) }),
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
        const queue = new FairQueue<{ session: number; id: number }>();
        let lines: { session: number; id: number }[][] = [];
        operations.forEach((each, id) => {
          if (each.do === "add") {
            const item = { session: each.session, id };
            queue.add(each.session, item);
            const line = lines.find(([first]) => first?.session === each.session);
            if (line === undefined) lines.push([item]);
            else line.push(item);
          } else if (each.do === "take") {
            const [line, ...others] = lines;
            assert.deepEqual(queue.peek(), line?.[0]);
            assert.deepEqual(queue.take(), line?.[0]);
            lines = line === undefined ? [] : [...others, line.slice(1)];
          } else {
            const item = lines.flat()[each.which];
            if (item !== undefined) assert.ok(queue.remove(item.session, item));
            if (item !== undefined) assert.ok(!queue.remove(item.session, item));
            lines = lines.map((line) => line.filter((other) => other !== item));
          }
          lines = lines.filter((line) => line.length > 0);
          assert.equal(queue.size, lines.flat().length);
          assert.deepEqual(
            [...queue.heads()],
            lines.map(([first]) => first),
          );
        });
      }),
    );
  });
});
