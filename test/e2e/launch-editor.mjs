// Opens the real editor in a browser, with the packaged extension and this repository as the folder.
//   node test/e2e/launch-editor.mjs [FOLDER] [--port N]        stays until Ctrl-C
import { spawn } from "node:child_process";
import path from "node:path";
import { URLSearchParams } from "node:url";
import { parseArgs } from "node:util";
import { startServer } from "./code-server.mjs";
import { root } from "./workspace.mjs";

/** Whoever starts this trusts the folder that they name; the rest is as in any editor, telemetry off. */
const SETTINGS = { "workbench.colorTheme": "Default Dark Modern" };

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { port: { type: "string" } },
  });
  const folder = path.resolve(positionals[0] ?? root);
  const server = await startServer({
    vsix: path.join(root, "deep-research.vsix"),
    settings: SETTINGS,
    env: fromShell(),
    ...(values.port === undefined ? {} : { port: Number(values.port) }),
  });
  const url = `${server.address}/?${new URLSearchParams({ folder })}`;
  console.log(`\nVS Code with Deep Research: ${url}\nCtrl-C ends it.`);
  show(url);
  // The server ends with this process; until then it is what keeps this process here.
}

/** The stand-in for Gemini is chosen by the shell's environment, as the README says. */
function fromShell() {
  const address = process.env.GEMINI_BASE_URL;
  return address === undefined ? {} : { GEMINI_BASE_URL: address };
}

/** Shows the page in the system's browser; where there is none, the printed address must do. */
function show(url) {
  const opener = process.platform === "darwin" ? "open" : "xdg-open";
  spawn(opener, [url], { stdio: "ignore", detached: true })
    .on("error", () => undefined)
    .unref();
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
