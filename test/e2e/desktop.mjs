// Runs the host suite in a downloaded desktop VS Code, on machines that can download it.
//   node test/e2e/desktop.mjs [VERSION]     a version such as 1.104.0 or "insiders"; else the stable one
import fs from "node:fs";
import path from "node:path";
import { runTests } from "@vscode/test-electron";
import { startFake } from "./fake-gemini-process.mjs";
import { printResults } from "./print-results.mjs";
import { copyWorkspace, root } from "./workspace.mjs";

async function main() {
  const suite = path.join(root, "out/e2e/index.js");
  if (!fs.existsSync(suite)) throw new Error("The suite is not built. Run: node esbuild.js --tests");
  // Set by a VS Code that this was started from; it would make the tested one a plain Node.
  delete process.env.ELECTRON_RUN_AS_NODE;
  const workspace = copyWorkspace();
  const results = workspace.beside("results.json");
  let fake;
  try {
    fake = await startFake();
    const problem = await runTests({
      version: process.argv[2] ?? "stable",
      cachePath: path.join(root, ".vscode-host/desktop"),
      extensionDevelopmentPath: root,
      extensionTestsPath: suite,
      extensionTestsEnv: {
        DEEP_RESEARCH_HOST_RESULTS: results,
        DEEP_RESEARCH_STATE: workspace.beside("state"),
        GEMINI_BASE_URL: fake.address,
      },
      // A profile of its own beside the workspace: the user's is left alone, and a second run starts afresh.
      launchArgs: [
        workspace.folder,
        "--disable-extensions",
        `--user-data-dir=${workspace.beside("user")}`,
        `--extensions-dir=${workspace.beside("extensions")}`,
      ],
    }).then(
      () => null,
      (error) =>
        `VS Code could not be downloaded or run: ${error.message}. Without a download: npm run test:e2e:suite`,
    );
    // A failing test is told by its own line: that VS Code then ended with 1 says nothing more.
    const ran = fs.existsSync(results);
    if (printResults(results, null, ran ? null : problem) > 0 || problem !== null) process.exitCode = 1;
  } finally {
    fake?.stop();
    workspace.remove();
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
