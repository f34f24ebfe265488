// What a run of tests remembers is its own: nothing reaches the user's real folder.
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const v8 = require("node:v8");

// As in the terminal program: runs are too short for V8 to optimize SQLite.
v8.setFlagsFromString("--wasm-tiering-budget=1000000000");

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "deep-research-state-"));
process.env.DEEP_RESEARCH_STATE = folder;
process.on("exit", () => fs.rmSync(folder, { recursive: true, force: true }));
