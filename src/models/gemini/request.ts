import * as z from "zod";

/** How a request puts things: strangers' text between marks, the answer's form as a JSON schema. */

/**
 * Puts text between marks that its author cannot guess, new ones for each call.
 * @returns the function that a task's prompt calls for each text of strangers
 */
export function createDataDelimiter(): (text: string) => string {
  const mark = `DATA-${crypto.randomUUID()}`;
  return (text) => `<<${mark}\n${text.replaceAll(mark, "")}\n${mark}>>`;
}

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The keywords of JSON Schema that Gemini documents, but for those that hold schemas themselves. */
const PLAIN = new Set([
  "type",
  "required",
  "enum",
  "minItems",
  "maxItems",
  "minimum",
  "maximum",
  "title",
  "description",
]);

/**
 * A schema as Gemini takes it, in the keywords that it documents. What they cannot say is left to
 * the check of the answer.
 * @throws Error for a union, which would come out as "anything": a mistake in a task
 */
export function toGeminiSchema(schema: z.ZodType): JsonSchema {
  const known = made.get(schema);
  if (known !== undefined) return known;
  const json = reduced(z.toJSONSchema(schema));
  made.set(schema, json);
  return json;
}

/** A task asks with the same schema each time. */
const made = new WeakMap<z.ZodType, JsonSchema>();

function reduced(schema: JsonSchema | boolean): JsonSchema {
  if (typeof schema === "boolean") throw new Error("A part of the schema has no form.");
  if (schema.anyOf !== undefined) return nullable(schema, schema.anyOf);
  const plain: JsonSchema = Object.fromEntries(Object.entries(schema).filter(([word]) => PLAIN.has(word)));
  const { properties, items, prefixItems, additionalProperties } = schema;
  if (properties !== undefined) {
    plain.properties = Object.fromEntries(
      Object.entries(properties).map(([name, each]) => [name, reduced(each)]),
    );
  }
  if (items !== undefined && !Array.isArray(items)) plain.items = reduced(items);
  if (prefixItems !== undefined) plain.prefixItems = prefixItems.map(reduced);
  if (additionalProperties === false) plain.additionalProperties = false;
  return plain;
}

/** "This or null" has a form of its own in Gemini's dialect: a list of types. */
function nullable({ description }: JsonSchema, options: (JsonSchema | boolean)[]): JsonSchema {
  const [some, none] = options;
  if (options.length !== 2 || some === undefined || typeof none !== "object" || none.type !== "null") {
    throw new Error("Gemini's schemas have no unions but with null.");
  }
  const schema = reduced(some);
  if (typeof schema.type !== "string") throw new Error("Gemini's schemas have no unions but with null.");
  return {
    ...schema,
    type: [schema.type, "null"],
    ...(description === undefined ? {} : { description }),
  };
}
