import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import * as z from "zod";
import { SETTINGS } from "../../../src/config/settings-schema.js";

/* The container's files, as far as they repeat what stands elsewhere. test/container runs them. */

const Service = z.object({
  read_only: z.literal(true),
  cap_drop: z.tuple([z.literal("ALL")]),
  security_opt: z.tuple([z.literal("no-new-privileges:true")]),
  environment: z.array(z.string()),
});
const Compose = z.object({ services: z.record(z.string(), Service) });

describe("the files of the container", () => {
  it("pass on every setting of the environment, to every service", () => {
    const { services } = Compose.parse(parse(readFileSync("compose.yaml", "utf8"), { merge: true }));
    assert.deepEqual(Object.keys(services), ["research", "backup"]);
    const wanted = ["GEMINI_API_KEY", "GEMINI_BASE_URL", ...Object.values(SETTINGS).map(({ env }) => env)];
    for (const [name, { environment }] of Object.entries(services))
      for (const variable of wanted) assert.ok(environment.includes(variable), `${name}: ${variable}`);
  });

  it("take into the build what it reads, and nothing with a key or a session in it", () => {
    const [all, ...kept] = readFileSync(".dockerignore", "utf8")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    assert.equal(all, "**");
    for (const line of kept) assert.match(line, /^!(?:src\/\*\*|[\w.-]+\.(?:js|json)|\.npmrc|LICENSE)$/);
  });
});
