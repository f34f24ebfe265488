// Writes the picture of the layers into ARCHITECTURE.md: npm run architecture
import { readFileSync, writeFileSync } from "node:fs";
import { ARCHITECTURE_FILE, drawLayers, replacePicture } from "./architecture.js";

writeFileSync(ARCHITECTURE_FILE, replacePicture(readFileSync(ARCHITECTURE_FILE, "utf8"), drawLayers()));
