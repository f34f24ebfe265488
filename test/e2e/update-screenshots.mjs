// Puts all pictures of the README and of the walkthrough where they are shown, taken anew from the real window.
//   npm run picture
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { takePictures, THEMES } from "./screenshots.mjs";
import { root } from "./workspace.mjs";

const vsix = path.join(root, "deep-research.vsix");

async function main() {
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "deep-research-p-"));
  const where = { vsix, into: root, beside: (name) => path.join(temporary, name) };
  try {
    const taken = await takePictures("readme", { ...where, theme: "light" });
    for (const theme of Object.keys(THEMES))
      taken.push(...(await takePictures("walkthrough", { ...where, theme })));
    for (const file of taken)
      console.log(`${path.relative(root, file)} ${Math.round(fs.statSync(file).size / 1000)} kB`);
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true });
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
