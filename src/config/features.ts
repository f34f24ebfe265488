import { msg, type Message } from "../common/messages.js";
import * as z from "zod";
import type { EnvironmentName } from "./environments.js";

/*
 * What can be turned off. A feature that is off is neither loaded nor called. To add one, add a line here, ask
 * `isFeatureOn` where the feature is opened, and add its case to test/integration/features.test.ts.
 */

interface Feature {
  /** Its name for people. */
  label: Message;
  /** Environments in which it is off unless it is turned on. */
  offIn?: readonly EnvironmentName[];
}

function feature(label: Message, ...offIn: EnvironmentName[]): Feature {
  return { label, offIn };
}

/** Every feature. In the development environment nothing leaves the machine unless the user turns it on. */
export const FEATURES = {
  workspaceSearch: feature(msg`Workspace search`),
  packageSearch: feature(msg`Search in installed packages`),
  historySearch: feature(msg`Search in the history of the workspace`),
  siteSearch: feature(msg`Search in documentation sites`, "development"),
  readTheDocsSearch: feature(msg`Search of Read the Docs in the sites that it hosts`, "development"),
  searxngSearch: feature(msg`Web search with SearXNG`, "development"),
  githubSearch: feature(msg`Search and reading of GitHub by its API`, "development"),
  stackExchangeSearch: feature(msg`Search and reading of Stack Exchange by its API`, "development"),
  wikipediaSearch: feature(msg`Search and read Wikipedia through its API`, "development"),
  mdnSearch: feature(msg`Search in MDN`, "development"),
  tavilySearch: feature(msg`Web search with Tavily`, "development"),
  braveSearch: feature(msg`Web search with Brave`, "development"),
  exaSearch: feature(msg`Web search with Exa`, "development"),
  serperSearch: feature(msg`Web search with Serper`, "development"),
  googleSearch: feature(msg`Google Search through Gemini`, "development"),
  previousSessionSearch: feature(msg`Search in the sources of a previous session`),
  pageReading: feature(msg`Reading of web pages`, "development"),
  archiveReading: feature(msg`Archived copies of pages that are gone`, "development"),
  cache: feature(msg`Cache of pages and answers`),
  modelVerification: feature(msg`Verification by a model`),
  previewPlugin: feature(msg`Citation chips in the Markdown preview`),
  reportView: feature(msg`Report view of VS Code`),
  workspaceIndex: feature(msg`Full-text index of the workspace`),
  statistics: feature(msg`Statistics`),
  errorTracking: feature(msg`Error tracking`),
  telemetryExport: feature(msg`Export of traces and metrics`, "development"),
} satisfies Record<string, Feature>;

export type FeatureName = keyof typeof FEATURES;
export const FEATURE_NAMES = Object.keys(FEATURES) as FeatureName[];

/** The features that were turned on or off; all others have their environment's default. */
export type FeatureToggles = Partial<Record<FeatureName, boolean>>;

const Switches = z.strictObject(
  Object.fromEntries(FEATURE_NAMES.map((name) => [name, z.boolean().optional()])) as Record<
    FeatureName,
    z.ZodOptional<z.ZodBoolean>
  >,
);

/** "cache=off, googleSearch=on", as it is written in an environment variable. */
const SwitchList = z
  .string()
  .transform((text, context): unknown => {
    const found: Record<string, boolean> = {};
    for (const part of text.split(",")) {
      const [name = "", value = "", ...more] = part.split("=").map((each) => each.trim());
      const isOn = { on: true, true: true, off: false, false: false }[value.toLowerCase()];
      if (isOn === undefined || more.length > 0)
        context.addIssue(`“${part.trim()}” is not NAME=on or NAME=off`);
      else found[name] = isOn;
    }
    return found;
  })
  .pipe(Switches);

/** Toggles as an object or, from an environment variable, as a list. */
export const FeatureTogglesSchema: z.ZodType<FeatureToggles> = z
  .union([Switches, SwitchList])
  // An absent feature is left out, so that objects of several places can be merged.
  .transform((switches) =>
    Object.fromEntries(Object.entries(switches).filter(([, isOn]) => isOn !== undefined)),
  );

/** Whether a feature is on: as it was set, otherwise as its environment has it. */
export function isFeatureOn(
  name: FeatureName,
  { features, environment }: { features?: FeatureToggles; environment?: EnvironmentName },
): boolean {
  const definition: Feature = FEATURES[name];
  return features?.[name] ?? !(definition.offIn ?? []).includes(environment ?? "production");
}
