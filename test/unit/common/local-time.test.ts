import assert from "node:assert/strict";
import { formatLocalTime, localDay } from "../../../src/common/local-time.js";

describe("a time in the machine's time zone", () => {
  const zone = process.env["TZ"];
  afterEach(() => {
    if (zone === undefined) delete process.env["TZ"];
    else process.env["TZ"] = zone;
  });

  const CASES: [zone: string, at: string, local: string][] = [
    ["UTC", "2026-11-28T23:30:00.000Z", "2026-11-28T23:30:00.000Z"],
    ["Europe/Berlin", "2026-11-28T23:30:00.000Z", "2026-11-29T00:30:00.000+01:00"],
    ["Europe/Berlin", "2026-07-28T22:30:00.000Z", "2026-07-29T00:30:00.000+02:00"],
    ["America/Los_Angeles", "2026-11-29T07:59:59.999Z", "2026-11-28T23:59:59.999-08:00"],
    ["Asia/Kolkata", "2026-11-28T18:30:00.000Z", "2026-11-29T00:00:00.000+05:30"],
    ["Pacific/Marquesas", "2026-12-01T09:29:00.000Z", "2026-11-30T23:59:00.000-09:30"],
  ];
  for (const [name, at, local] of CASES) {
    it(`shows ${at} in ${name} as ${local}`, () => {
      process.env["TZ"] = name;
      assert.equal(formatLocalTime(new Date(at)), local);
      assert.equal(new Date(local).toISOString(), at, "it is the same moment");
      assert.equal(localDay(new Date(at)), local.slice(0, 10));
    });
  }
});
