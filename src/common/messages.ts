import * as z from "zod";

/*
 * Texts for people, with their values apart: the terminal, the log and the report say them in English, the window in
 * its user's language. The English template is the key of a translation.
 */

/** A value in a text: as it is, a text of its own, a number with separators, US dollars, or what each surface says. */
export type MessageValue =
  | string
  | number
  | Message
  | { count: number }
  | { usd: number; places?: number | undefined }
  | { terminal: Message; window: Message };

/** An English text with {0}, {1} … for its values. */
export interface Message {
  template: string;
  values: MessageValue[];
}

export const Message: z.ZodType<Message> = z.lazy(() =>
  z.object({ template: z.string(), values: z.array(MessageValue) }),
);
const MessageValue: z.ZodType<MessageValue> = z.lazy(() =>
  z.union([
    z.string(),
    z.number(),
    Message,
    z.object({ count: z.number() }),
    z.object({ usd: z.number(), places: z.number().optional() }),
    z.object({ terminal: Message, window: Message }),
  ]),
);

/** A text as a file stores it: files of earlier versions have the English text. */
export const StoredMessage = z.union([Message, z.string().transform((text): Message => toMessage(text))]);

/** Tags a text for people: msg`The question has ${n} characters.` */
export function msg(texts: TemplateStringsArray, ...values: MessageValue[]): Message {
  const template = texts.reduce((all, text, index) => `${all}{${index - 1}}${text}`);
  return { template, values };
}

/** A text that the terminal and the window say in their own words, such as how to do something. */
export function bySurface(terminal: Message, window: Message): Message {
  return { template: "{0}", values: [{ terminal, window }] };
}

/** A text without translation, such as what a server said. */
export function toMessage(text: string | Message): Message {
  return typeof text === "string"
    ? { template: text === "" ? "" : "{0}", values: text === "" ? [] : [text] }
    : text;
}

/** The text to be put within another one: without the full stop at its end, also where a value ends the text. */
export function withoutFullStop(message: Message): Message {
  const { template, values } = message;
  const at = /\{(\d+)\}$/.exec(template)?.[1];
  if (at === undefined) return { template: template.replace(/\.$/, ""), values };
  const trim = (value: MessageValue): MessageValue => {
    if (typeof value === "string") return value.replace(/\.$/, "");
    return isMessage(value) ? withoutFullStop(value) : value;
  };
  return { template, values: values.map((value, index) => (index === Number(at) ? trim(value) : value)) };
}

/** Several texts as one; empty ones are left out. */
export function joinMessages(messages: (string | Message)[], separator = " "): Message {
  const parts = messages.map(toMessage).filter((each) => each.template !== "");
  const [only, ...others] = parts;
  if (only !== undefined && others.length === 0) return only;
  return { template: parts.map((_, index) => `{${index}}`).join(separator), values: parts };
}

/** The message with every text among its values changed, such as by a redaction. */
export function mapMessageTexts(message: Message, change: (text: string) => string): Message {
  const { template, values } = message;
  return {
    template,
    values: values.map((value) => (typeof value === "string" ? change(value) : mapValueTexts(value, change))),
  };
}

function mapValueTexts(value: Exclude<MessageValue, string>, change: (text: string) => string): MessageValue {
  if (isMessage(value)) return mapMessageTexts(value, change);
  if (typeof value === "number" || !("terminal" in value)) return value;
  const { terminal, window } = value;
  return { terminal: mapMessageTexts(terminal, change), window: mapMessageTexts(window, change) };
}

/** Localizes texts: VS Code's `l10n` in the user's language, otherwise English. */
export interface Localizer {
  /** @param text with {0}, {1} … for the values */
  t(text: string, ...values: (string | number)[]): string;
  /** Of the numbers, as a BCP 47 tag; English by default. */
  language?: string;
  /** Whether texts speak of what the window has, in place of what the terminal has. */
  isWindow?: boolean;
}

/** Used for the terminal and the journal. */
export const ENGLISH_LOCALIZER: Localizer = {
  t: (text, ...values) =>
    text.replace(/\{(\d+)\}/g, (place, index: string) => String(values[Number(index)] ?? place)),
};

/** The text in the localizer's language. */
export function localizeMessage({ template, values }: Message, localizer: Localizer): string {
  const texts = values.map((value) => localizeValue(value, localizer));
  // A template without words, as of texts that were joined, has no translation.
  const hasWords = /\p{L}/u.test(template.replace(/\{\d+\}/g, ""));
  return (hasWords ? localizer : ENGLISH_LOCALIZER).t(template, ...texts);
}

/** The text in English. */
export function formatMessage(message: Message): string {
  return localizeMessage(message, ENGLISH_LOCALIZER);
}

/**
 * Plain data with every message in it as English text. What leaves the product as JSON, or as the result of a command,
 * holds no messages. Objects of classes stay as they are.
 */
export function formatMessagesDeep(value: unknown): unknown {
  if (isMessage(value)) return formatMessage(value);
  if (Array.isArray(value)) return value.map(formatMessagesDeep);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, formatMessagesDeep(each)]));
}

/** A text, or a message in English. */
export function formatText(text: string | Message): string {
  return formatMessage(toMessage(text));
}

function localizeValue(value: MessageValue, localizer: Localizer): string {
  if (typeof value === "string" || typeof value === "number") return String(value);
  if (isMessage(value)) return localizeMessage(value, localizer);
  if ("terminal" in value)
    return localizeMessage(localizer.isWindow === true ? value.window : value.terminal, localizer);
  const language = localizer.language ?? "en-US";
  if ("count" in value) return new Intl.NumberFormat(language).format(value.count);
  const places = value.places ?? (value.usd === 0 ? 0 : value.usd < 0.1 ? 4 : 2);
  return new Intl.NumberFormat(language, {
    style: "currency",
    currency: "USD",
    currencyDisplay: "narrowSymbol",
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  }).format(value.usd);
}

/** Whether a value is a message; the name of the template is used for nothing else. */
function isMessage(value: unknown): value is Message {
  return typeof value === "object" && value !== null && "template" in value && "values" in value;
}
