import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { PROGRAMS } from "../../bench/speed/processes.js";

// No test runs the bench, so nothing else notices that one of them was renamed.
describe("the programs that the bench starts", () => {
  for (const program of PROGRAMS) {
    it(`has ${program}`, () => {
      assert.ok(existsSync(`test/bench/speed/${program}.ts`));
    });
  }
});
