/*
 * Definitions of a program by their first lines, in the languages that have one such line.
 */

const MODIFIER =
  "export|default|declare|pub(?:\\([^)]*\\))?|public|private|protected|internal|static|abstract|final|async|unsafe|inline|open|override|virtual";
const KEYWORD =
  "function\\*?|class|interface|type|enum|struct|trait|impl|module|namespace|def|fn|func|fun|proc|sub|record|object|protocol|extension";
const DEFINITION = new RegExp(
  `^(?:(?:${MODIFIER})\\s+)*(?:(?:${KEYWORD})|(?:const|let|var|val)(?=\\s+[\\w$]+\\s*(?::[^=]+)?=))\\s+[\\w$<([]`,
);
/** A function as the value of a property: "Store.prototype.load = function(", "exports.load = async (". */
const ASSIGNED = /^[\w$]+(?:\.[\w$]+)+\s*=\s*(?:async\s*)?(?:function\b|\()/;
const VARIABLE = new RegExp(`^(?:(?:${MODIFIER})\\s+)*(?:const|let|var|val|type)\\s`);
/** C-like definitions: a type, a name, an argument list, at the start of a line. */
const C_DEFINITION = /^[A-Za-z_][\w:<>,*&\s]*\s[*&]?[A-Za-z_][\w:]*\s*\([^;]*$/;
const C_END = /(?:[({),]|\bconst|\bnoexcept)$/;
/** What stands before a bracket and is no name of a method. */
const STATEMENT = new Set(
  "if for while switch catch return else do with await throw new elif except typeof case when unless match function yield".split(
    " ",
  ),
);
/** A longer line is data. */
const MAX_LINE_LENGTH = 300;
const MAX_SIGNATURE_LENGTH = 100;

/** The signature that a line begins a definition with: its text without value, body or final colon; null for other lines. */
export function findSignature(line: string): string | null {
  if (line.length > MAX_LINE_LENGTH) return null;
  const text = line.trim();
  const isNested = /^\s/.test(line);
  const isDefinition =
    DEFINITION.test(text) ||
    ASSIGNED.test(text) ||
    (isNested ? opensMethod(text) : C_DEFINITION.test(text) && C_END.test(text));
  return isDefinition && !(isNested && isLocal(text)) ? signatureOf(text) : null;
}

/** A variable inside of a definition is no definition of its own. */
function isLocal(text: string): boolean {
  return VARIABLE.test(text);
}

/** "async load(path) {": names before a bracket, and a body. */
function opensMethod(text: string): boolean {
  const bracket = text.indexOf("(");
  if (bracket <= 0 || !text.endsWith("{") || /=>|\bfunction\b/.test(text)) return false;
  const names = text.slice(0, bracket).trim().split(/\s+/);
  return (
    names.length <= 6 &&
    !names.some((name) => STATEMENT.has(name)) &&
    names.every((name) => /^[#*&]?[\w$][\w$<>[\],.?:*&]*$/.test(name)) &&
    !(names.at(-1) ?? "").includes(".")
  );
}

function signatureOf(text: string): string {
  // What is assigned, or a final bracket or colon, is no part of it.
  const equals = ASSIGNED.test(text) || VARIABLE.test(text) ? text.indexOf("=") : -1;
  const short = (equals >= 0 ? text.slice(0, equals) : text.replace(/[{:]$/, "")).replace(/\s+/g, " ").trim();
  return short.length > MAX_SIGNATURE_LENGTH ? `${short.slice(0, MAX_SIGNATURE_LENGTH)}…` : short;
}

/**
 * The name that a signature defines, with "()" where it takes arguments: "def put(self, item)" defines "put()"; null
 * where the heading is no signature.
 */
export function definedName(signature: string): string | null {
  const bracket = signature.indexOf("(");
  const head = bracket < 0 ? signature : signature.slice(0, bracket);
  // What it extends, its type and its parameters of types stand behind the name.
  const [named = ""] = head.split(/\s(?:extends|implements|for)\s|[:<]/);
  const name = named.match(/[\w$]+/g)?.at(-1);
  if (name === undefined) return null;
  return bracket < 0 ? name : `${name}()`;
}
