import assert from "node:assert/strict";
import { offerGithubSignIn, type GithubSignInOffer } from "../../../src/vscode/github-sign-in.js";

describe("the sign-in at GitHub", () => {
  const state = new Map<string, unknown>();
  const memory: GithubSignInOffer["memory"] = {
    get: (name: string) => state.get(name) as undefined,
    update: (name: string, value: unknown) => Promise.resolve(void state.set(name, value)),
  };
  const calls: string[] = [];
  const offer = (over: Partial<GithubSignInOffer> = {}): Promise<void> =>
    offerGithubSignIn({
      isWanted: true,
      memory,
      ask: () => Promise.resolve(calls.push("asked") > 0),
      signIn: () => Promise.resolve(void calls.push("signed in")),
      ...over,
    });
  beforeEach(() => {
    state.clear();
    calls.length = 0;
  });

  it("is offered once, and happens only by the button", async () => {
    await offer({ ask: () => Promise.resolve(calls.push("asked") < 0) });
    assert.deepEqual(calls, ["asked"]);
    await offer();
    assert.deepEqual(calls, ["asked"]);
    state.clear();
    await Promise.all([offer(), offer()]);
    assert.deepEqual(calls, ["asked", "asked", "signed in"]);
  });

  it("is not offered where a token would not help", async () => {
    await offer({ isWanted: false });
    assert.deepEqual([calls, state.size], [[], 0]);
  });
});
