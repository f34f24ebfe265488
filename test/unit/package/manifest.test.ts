import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import * as z from "zod";

/* What package.json contributes: good manners, and nothing that leads nowhere. */

const MenuItem = z.object({ command: z.string(), when: z.string().optional(), group: z.string().optional() });
const Command = z.object({ command: z.string(), title: z.string(), category: z.string().optional() }).loose();
const Step = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  when: z.string().optional(),
  media: z.object({ image: z.record(z.string(), z.string()), altText: z.string() }),
  completionEvents: z.array(z.string()).min(1),
});
const Property = z
  .object({
    scope: z.enum(["machine", "resource"]),
    order: z.number(),
    markdownDescription: z.string(),
    enum: z.array(z.string()).optional(),
    enumItemLabels: z.array(z.string()).optional(),
    enumDescriptions: z.array(z.string()).optional(),
  })
  .loose();
const manifest = z
  .object({
    activationEvents: z.array(z.string()),
    capabilities: z.object({
      untrustedWorkspaces: z.object({
        supported: z.literal("limited"),
        restrictedConfigurations: z.array(z.string()),
      }),
      virtualWorkspaces: z.object({ supported: z.literal("limited") }),
    }),
    contributes: z
      .object({
        commands: z.array(Command),
        menus: z.record(z.string(), z.array(MenuItem)),
        keybindings: z.array(z.object({ command: z.string(), when: z.string() })),
        views: z
          .record(z.string(), z.array(z.object({ id: z.string(), when: z.string().optional() }).loose()))
          .default({}),
        viewsWelcome: z
          .array(z.object({ view: z.string(), contents: z.string(), when: z.string().optional() }))
          .default([]),
        configuration: z.array(
          z.object({ title: z.string(), order: z.number(), properties: z.record(z.string(), Property) }),
        ),
        walkthroughs: z.array(
          z.object({ id: z.string(), title: z.string(), description: z.string(), steps: z.array(Step) }),
        ),
      })
      .loose(),
  })
  .parse(JSON.parse(readFileSync("package.json", "utf8")));
const { contributes } = manifest;
const commands = contributes.commands.map(({ command }) => command);
const Texts = z.record(z.string(), z.string());
const texts = {
  en: Texts.parse(JSON.parse(readFileSync("package.nls.json", "utf8"))),
  de: Texts.parse(JSON.parse(readFileSync("package.nls.de.json", "utf8"))),
};
const inWords = (key: string, language: keyof typeof texts): string =>
  texts[language][key.replace(/^%|%$/g, "")] ?? key;

/** VS Code's own context keys that our clauses may ask for. */
const KNOWN_KEYS =
  /^(?:true|false|listFocus|(?:editor|view|explorer|resource|workspace|scm|list|webview)\w*|activeEditor|activeWebviewPanelId|activeCustomEditorId|viewItem|isWorkspaceTrusted|isInDiffEditor|isLinux|isMac|isWindows|isWeb|config\..+|virtualWorkspace|remoteName|inputFocus|textInputFocus|focusedView)$/;
/** VS Code's own commands that our texts link to. */
const KNOWN_COMMANDS = [
  "workbench.view.scm",
  "workbench.action.files.openFolder",
  "workbench.action.openSettings",
  "workbench.trust.manage",
];

const source = readdirSync("src", { recursive: true })
  .map((name) => path.join("src", String(name)))
  .filter((file) => file.endsWith(".ts"))
  .map((file) => readFileSync(file, "utf8"))
  .join("\n");

/** The keys that a when clause asks for. */
function keysOf(when: string): string[] {
  const operands = when
    .replace(/=~\s*\/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\])+\/\w*/g, "")
    .replace(/[=!]=\s*(?:'[^']*'|[\w.:-]+)/g, "")
    .replace(/[<>]=?\s*\d+/g, "")
    .replace(/\b(?:not )?in\b\s*\S+/g, "");
  return operands.match(/[A-Za-z][\w.:-]*/g) ?? [];
}

/** Links of a text that run commands: what they run, and with which argument. */
const linksIn = (text: string): { command: string; argument: string }[] =>
  Array.from(text.matchAll(/\(command:([\w.]+)(?:\?([^)]*))?\)/g), ([, command = "", argument = ""]) => ({
    command,
    argument,
  }));

describe("what the extension contributes", () => {
  it("binds keys in its own view alone, and starts at nothing but what is ours, Markdown, reports or sessions", () => {
    for (const { when } of contributes.keybindings)
      assert.match(when, /^focusedView == deepResearch\.sessions && listFocus && !inputFocus$/);
    assert.deepEqual(manifest.activationEvents, [
      "onLanguage:markdown",
      "workspaceContains:data/reports",
      "workspaceContains:data/sessions",
    ]);
  });

  it("names each command once, in our category, in title case", () => {
    assert.equal(new Set(commands).size, commands.length);
    const small = new Set([
      "with",
      "what",
      "is",
      "a",
      "an",
      "and",
      "of",
      "the",
      "to",
      "in",
      "on",
      "for",
      "from",
      "at",
    ]);
    for (const { command, title, category } of contributes.commands) {
      assert.equal(category, "Deep Research", command);
      const english = inWords(title, "en");
      assert.notEqual(english, title, `${command} has a title in package.nls.json`);
      for (const word of english.split(" ")) {
        assert.ok(small.has(word) || /^[^a-z]/.test(word), `“${english}” is in title case`);
      }
    }
  });

  it("offers on a fresh install what works there, and few commands", () => {
    const whens = new Map(contributes.menus["commandPalette"]?.map(({ command, when }) => [command, when]));
    // Nothing is open, nothing is selected, and no key of ours is set.
    const isOffered = (command: string): boolean => {
      const when = whens.get(command);
      return when === undefined || when === "deepResearch.key != none";
    };
    const offered = contributes.commands.map(({ command }) => command).filter(isOffered);
    assert.deepEqual(offered.map((command) => command.replace("deepResearch.", "")).sort(), [
      "checkHealth",
      "getStarted",
      "openSample",
      "removeApiKey",
      "research",
      "restore",
      "setApiKey",
      "showLog",
    ]);
  });

  it("has menus that lead somewhere", () => {
    for (const [menu, items] of Object.entries(contributes.menus)) {
      for (const { command, group } of items) {
        assert.ok(commands.includes(command), `${menu}: ${command}`);
        if (menu.endsWith("/context")) assert.ok(group !== undefined, `${menu}: ${command} has a group`);
      }
    }
  });

  it("asks in its clauses for what there is", () => {
    const clauses = [
      ...Object.values(contributes.menus).flat(),
      ...Object.values(contributes.views).flat(),
      ...contributes.viewsWelcome,
      ...contributes.walkthroughs.flatMap(({ steps }) => steps),
    ].flatMap(({ when }) => when ?? []);
    assert.ok(clauses.length > 3);
    for (const when of clauses) {
      for (const key of keysOf(when)) {
        // A key of ours is one that the source sets.
        const isOurs = key.startsWith("deepResearch.") && source.includes(`"${key}"`);
        assert.ok(isOurs || KNOWN_KEYS.test(key), `“${key}” in “${when}”`);
      }
    }
  });

  it("reads reports in a workspace that is not trusted, and takes no path from it", () => {
    assert.deepEqual(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations.sort(), [
      "deepResearch.reportOutputPath",
      "deepResearch.sessionStoragePath",
    ]);
  });

  it("says in the README that there is no telemetry, and sends none", () => {
    assert.match(readFileSync("README.md", "utf8"), /There is no telemetry\./);
    assert.doesNotMatch(source, /createTelemetryLogger|sendTelemetry|applicationinsights/i);
  });
});

describe("the settings page", () => {
  it("has groups with titles, each in an order of its own", () => {
    assert.ok(contributes.configuration.length >= 5);
    contributes.configuration.forEach(({ title, order, properties }, index) => {
      assert.equal(order, index + 1);
      assert.notEqual(inWords(title, "de"), title);
      const orders = Object.values(properties).map((each) => each.order);
      assert.deepEqual(
        orders,
        [...orders].sort((a, b) => a - b),
        title,
      );
      assert.equal(new Set(orders).size, orders.length, title);
    });
  });

  it("says where a setting counts, names each choice, and links to settings that there are", () => {
    const properties = Object.assign(
      {},
      ...contributes.configuration.map((each) => each.properties),
    ) as Record<string, z.infer<typeof Property>>;
    const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
    for (const [name, property] of Object.entries(properties)) {
      for (const language of ["en", "de"] as const) {
        const text = inWords(property.markdownDescription, language);
        assert.notEqual(text, property.markdownDescription, name);
        if (property.scope === "machine") {
          assert.match(
            text,
            language === "en" ? /only in user settings/ : /nur in den Benutzereinstellungen/,
            name,
          );
        }
        if (restricted.includes(name)) assert.match(text, /not trusted|nicht vertraut/, name);
        for (const [, linked = ""] of text.matchAll(/`#([\w.]+)#`/g)) {
          assert.ok(linked in properties && linked !== name, `${name} links to ${linked}`);
        }
      }
      const { enum: values, enumItemLabels, enumDescriptions } = property;
      if (values === undefined) continue;
      assert.equal(enumItemLabels?.length, values.length, name);
      if (enumDescriptions !== undefined) assert.equal(enumDescriptions.length, values.length, name);
    }
  });
});

describe("the walkthrough", () => {
  const [walkthrough] = contributes.walkthroughs;
  const steps = walkthrough?.steps ?? [];

  it("has five steps, each ended by what it asks for", () => {
    assert.deepEqual(
      steps.map(({ id }) => id),
      ["try", "key", "ask", "read", "keep"],
    );
    for (const { id, description, completionEvents } of steps) {
      const linked = linksIn(inWords(description, "en")).map(({ command }) => command);
      const ends = completionEvents.flatMap((event) => /^onCommand:(.+)$/.exec(event)?.[1] ?? []);
      assert.ok(
        ends.some((each) => linked.includes(each)),
        `${id}: a link or a button of it ends it`,
      );
    }
  });

  it("links to commands that there are, the same in both languages", () => {
    for (const { id, description } of steps) {
      const links = linksIn(inWords(description, "en"));
      assert.ok(links.length > 0, id);
      assert.deepEqual(linksIn(inWords(description, "de")), links, id);
      for (const { command, argument } of links) {
        assert.ok(commands.includes(command) || KNOWN_COMMANDS.includes(command), `${id}: ${command}`);
        if (argument !== "") JSON.parse(decodeURIComponent(argument));
      }
      // A link that stands alone in its line is shown as a button: one, so that it is plain what to do.
      assert.equal(inWords(description, "en").match(/^\[[^\]]+\]\([^)]+\)$/gm)?.length, 1, id);
    }
  });

  it("says plainly what Google's terms are before it asks for a key", () => {
    const key = inWords(steps.find(({ id }) => id === "key")?.description ?? "", "en");
    assert.match(key, /free tier[^]*train[^]*EEA[^]*UK[^]*Switzerland[^]*paid tier/);
  });

  it("has a picture for each theme, small, and described for those who do not see it", () => {
    for (const { id, media } of steps) {
      assert.deepEqual(Object.keys(media.image).sort(), ["dark", "hc", "hcLight", "light"], id);
      for (const language of ["en", "de"] as const)
        assert.ok(inWords(media.altText, language).length > 40, id);
      for (const file of Object.values(media.image)) {
        assert.ok(existsSync(file), `${file} is missing: npm run picture`);
        assert.ok(statSync(file).size <= 60_000, `${file} has ${statSync(file).size} bytes`);
      }
    }
  });
});
