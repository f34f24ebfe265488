import { writeFileSync } from "node:fs";
import { createSettingsJsonSchema } from "../../src/config/settings-json-schema.js";

// npm run settings-schema: rewrites the schema of deep-research.yaml after a setting changed.
writeFileSync("media/deep-research.schema.json", `${JSON.stringify(createSettingsJsonSchema(), null, 2)}\n`);
