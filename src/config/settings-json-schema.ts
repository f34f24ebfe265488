import * as z from "zod";
import { formatMessage } from "../common/messages.js";
import { SETTING_NAMES, SETTINGS } from "./settings-schema.js";

/**
 * The JSON schema of deep-research.yaml, for completion and checks in an editor: the settings that a workspace may
 * set, as a file writes them. Derived from the settings' own schemas.
 */
export function createSettingsJsonSchema(): Record<string, unknown> {
  const settings = SETTING_NAMES.filter((name) => SETTINGS[name].workspace).map((name) => {
    const { schema, written, allowed, fallback } = SETTINGS[name];
    const described = (written ?? schema).meta({ description: `Allowed: ${formatMessage(allowed)}.` });
    // A default that is a list or an object says no more than its absence.
    return [name, typeof fallback === "object" ? described : described.default(fallback as never)] as const;
  });
  const file = z
    .strictObject(Object.fromEntries(settings))
    .partial()
    .meta({ title: "Settings of Deep Research" });
  return z.toJSONSchema(file, { target: "draft-7", io: "output" });
}
