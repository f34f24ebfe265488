import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

/*
 * What the engine can say to people, found in its source: errors and their remedies, notices, steps, and the lines
 * that sum something up. Each as a template with {0} {1} for its values, as src/vscode/l10n/message-catalog.ts reads them.
 *
 * The source is read, not run, and by names alone: a name that stands for several things stands for all of them.
 * That finds a text too many now and then, and is quick.
 */

/** The layers whose texts reach the window. The terminal and the log say theirs in English. */
const LAYERS = ["common", "core", "config", "models", "reading", "search", "storage", "verification", "app"];
const ENGLISH = [path.join("app", "event-log.ts"), path.join("progress", "run-progress.ts")];

/** Functions whose answer is a text for people. */
const LINES = ["formatCleared", "formatEstimate", "formatVerification", "archiveSession"];
/** Functions that say what they are handed, and which argument that is. */
const SPEAKERS = new Map([
  ["noteShortfall", 1],
  ["notice", 0],
  ["tellOnce", 0],
  ["toResearchError", 2],
  // What a setting may be.
  ["setting", 4],
]);
/** Properties that hold a text for people. */
const PROPERTIES = ["message", "remedy", "why", "label", "doing", "reason"];

/** Of these a text may be made up of; more ways are a mistake of this reader. */
const MOST_WAYS = 64;

/** A text as pieces; null is a value that is known only when it is said. */
type Pieces = (string | null)[];

/** All templates, with where one of each stands. */
export function engineTexts(root = "src"): Map<string, string> {
  const files = [
    ...LAYERS.flatMap((layer) =>
      readdirSync(path.join(root, layer), { recursive: true }).map((name) =>
        path.join(root, layer, String(name)),
      ),
    ),
  ].filter((file) => file.endsWith(".ts") && !ENGLISH.some((each) => file.endsWith(each)));
  const sources = files.map((file) =>
    ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true),
  );
  const functions = new Map<string, ts.FunctionLikeDeclaration[]>();
  const calls = new Map<string, ts.CallExpression[]>();
  const constants = new Map<string, ts.Expression[]>();
  const found = new Map<string, string>();
  for (const source of sources) walk(source, index);
  for (const source of sources) walk(source, collect);
  for (const source of sources) walk(source, tabulate);
  return found;

  function index(node: ts.Node): void {
    if (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) {
      if (node.name !== undefined) add(functions, node.name.getText(), node);
    }
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer !== undefined) {
      const { initializer } = node;
      if (ts.isArrowFunction(initializer)) add(functions, node.name.text, initializer);
      else if (node.parent.parent.parent.kind === ts.SyntaxKind.SourceFile)
        add(constants, node.name.text, initializer);
    }
    if (ts.isCallExpression(node)) add(calls, calledName(node), node);
  }

  /** A table of whole sentences, whose places are filled when they are said. */
  function tabulate(node: ts.Node): void {
    if (!ts.isVariableDeclaration(node) || !node.name.getText().endsWith("SENTENCES")) return;
    walk(node, (each) => {
      if (ts.isStringLiteral(each) && each.text.includes(" ")) found.set(each.text, "a table of sentences");
    });
  }

  function collect(node: ts.Node): void {
    if (ts.isNewExpression(node) && node.expression.getText() === "ResearchError") {
      for (const said of node.arguments?.slice(1, 3) ?? []) keep(said);
    }
    if (ts.isCallExpression(node)) {
      const at = SPEAKERS.get(calledName(node));
      if (at !== undefined && node.arguments[at] !== undefined) keep(node.arguments[at]);
      if (node.expression.getText() === "damage.push") for (const said of node.arguments) keep(said);
    }
    if (ts.isPropertyAssignment(node) && PROPERTIES.includes(node.name.getText())) keep(node.initializer);
    if (ts.isShorthandPropertyAssignment(node) && PROPERTIES.includes(node.name.text)) keep(node.name);
    if (ts.isFunctionDeclaration(node) && LINES.includes(node.name?.text ?? "")) {
      for (const said of returned(node)) keep(said);
    }
  }

  function keep(said: ts.Expression): void {
    for (const pieces of ways(said, new Set())) keepPieces(pieces, said);
  }

  function keepPieces(pieces: Pieces, said: ts.Node): void {
    let value = 0;
    const text = pieces
      .map((piece) => piece ?? `{${value++}}`)
      .join("")
      .trim();
    const letters = text.replace(/\{\d+\}/g, "").match(/\p{L}/gu)?.length ?? 0;
    // A single word, such as a code or a name, and a path are no sentences of ours.
    if (letters < 2 || /^[a-z]+$|^\S*[-_/.]\S+$/.test(text)) return;
    const source = said.getSourceFile();
    const line = source.getLineAndCharacterOfPosition(said.getStart()).line + 1;
    if (!found.has(text)) found.set(text, `${source.fileName}:${line}`);
  }

  /** The ways a text can be put together. What is said within a value is kept as a text of its own. */
  function ways(node: ts.Expression, within: Set<ts.Node>): Pieces[] {
    if (within.has(node) || within.size > 40) return [[null]];
    const inside = new Set(within).add(node);
    const of = (each: ts.Expression): Pieces[] => ways(each, inside);
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return [[node.text]];
    if (
      ts.isParenthesizedExpression(node) ||
      ts.isAsExpression(node) ||
      ts.isNonNullExpression(node) ||
      ts.isAwaitExpression(node) ||
      ts.isSatisfiesExpression(node)
    )
      return of(node.expression);
    if (ts.isConditionalExpression(node)) return [...of(node.whenTrue), ...of(node.whenFalse)];
    if (ts.isBinaryExpression(node)) {
      const { kind } = node.operatorToken;
      if (kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken)
        return [...of(node.left), ...of(node.right)];
      if (kind === ts.SyntaxKind.PlusToken) return product([of(node.left), of(node.right)]);
    }
    if (ts.isTemplateExpression(node)) {
      return product([
        [[node.head.text]],
        ...node.templateSpans.flatMap((span) => [value(span.expression, inside), [[span.literal.text]]]),
      ]);
    }
    if (ts.isIdentifier(node)) return named(node, inside);
    if (ts.isElementAccessExpression(node) && ts.isIdentifier(node.expression)) {
      const table = constantOf(node.expression);
      if (table !== undefined) return fields(table, inside);
    }
    if (ts.isCallExpression(node)) return called(node, inside);
    return [[null]];
  }

  /** A value within a text: choices between plain words belong to the text, other texts stand for themselves. */
  function value(node: ts.Expression, within: Set<ts.Node>): Pieces[] {
    const inner = ts.isParenthesizedExpression(node) ? node.expression : node;
    if (ts.isConditionalExpression(inner)) {
      return [...value(inner.whenTrue, within), ...value(inner.whenFalse, within)];
    }
    if (ts.isStringLiteralLike(inner) || ts.isTemplateExpression(inner)) return ways(inner, within);
    for (const pieces of ways(inner, within)) keepPieces(pieces, inner);
    return [[null]];
  }

  function named(node: ts.Identifier, within: Set<ts.Node>): Pieces[] {
    for (const scope of above(node)) {
      if (ts.isFunctionLike(scope)) {
        const at = scope.parameters.findIndex(({ name }) => name.getText() === node.text);
        if (at >= 0) return handed(scope as ts.FunctionLikeDeclaration, at, within);
        if (scope.parameters.some(({ name }) => name.getText().includes(node.text))) return [[null]];
      }
      if (ts.isBlock(scope)) {
        for (const statement of scope.statements) {
          if (!ts.isVariableStatement(statement)) continue;
          for (const { name, initializer } of statement.declarationList.declarations) {
            if (initializer === undefined) continue;
            if (ts.isIdentifier(name) && name.text === node.text) return ways(initializer, within);
            // const [what, remedy] = table[code] ?? [...]
            if (ts.isArrayBindingPattern(name)) {
              const at = name.elements.findIndex((each) => each.getText().split(" ")[0] === node.text);
              if (at >= 0) return items(initializer, at, within);
            }
          }
        }
      }
    }
    const constant = constants.get(node.text) ?? [];
    return constant.length === 0 ? [[null]] : constant.flatMap((each) => ways(each, within));
  }

  /** What the callers of a function hand it. */
  function handed(to: ts.FunctionLikeDeclaration, at: number, within: Set<ts.Node>): Pieces[] {
    const name =
      to.name?.getText() ??
      (ts.isVariableDeclaration(to.parent) ? to.parent.name.getText() : to.parent.getText().slice(0, 0));
    const given = to.parameters[at]?.initializer;
    const all = [
      ...(given === undefined ? [] : [given]),
      ...(name === "" ? [] : (calls.get(name) ?? [])).flatMap((call) => call.arguments[at] ?? []),
    ];
    return all.length === 0 ? [[null]] : all.flatMap((each) => ways(each, within));
  }

  function called(node: ts.CallExpression, within: Set<ts.Node>): Pieces[] {
    const { expression } = node;
    if (ts.isPropertyAccessExpression(expression)) {
      const of = expression.expression;
      if (expression.name.text === "join" && ts.isArrayLiteralExpression(of)) {
        // Some may be left out: each stands for itself.
        for (const each of of.elements) if (ts.isSpreadElement(each)) spread(each.expression, within);
      }
      return [[null]];
    }
    const answers = (functions.get(calledName(node)) ?? []).flatMap(returned);
    return answers.length === 0 ? [[null]] : answers.flatMap((each) => ways(each, within));
  }

  function spread(node: ts.Expression, within: Set<ts.Node>): void {
    walk(node, (each) => {
      if (!ts.isArrayLiteralExpression(each)) return;
      for (const element of each.elements)
        for (const pieces of ways(element, within)) keepPieces(pieces, element);
    });
  }

  /** What a function returns; of an array its items. */
  function returned(of: ts.FunctionLikeDeclaration): ts.Expression[] {
    if (of.body === undefined) return [];
    if (!ts.isBlock(of.body)) return [of.body];
    const all: ts.Expression[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isReturnStatement(node) && node.expression !== undefined) all.push(node.expression);
      if (ts.isFunctionLike(node)) return;
      ts.forEachChild(node, visit);
    };
    ts.forEachChild(of.body, visit);
    return all.flatMap((each) =>
      ts.isArrayLiteralExpression(each)
        ? each.elements.flatMap((element) => (ts.isSpreadElement(element) ? templatesIn(element) : [element]))
        : [each],
    );
  }

  function constantOf(name: ts.Identifier): ts.ObjectLiteralExpression | undefined {
    for (const scope of above(name)) {
      if (!ts.isBlock(scope) && !ts.isSourceFile(scope)) continue;
      for (const statement of scope.statements) {
        if (!ts.isVariableStatement(statement)) continue;
        for (const each of statement.declarationList.declarations) {
          if (each.name.getText() !== name.text || each.initializer === undefined) continue;
          const table = unwrapped(each.initializer);
          if (ts.isObjectLiteralExpression(table)) return table;
        }
      }
    }
    return undefined;
  }

  function fields(table: ts.ObjectLiteralExpression, within: Set<ts.Node>): Pieces[] {
    return table.properties.flatMap((each) =>
      ts.isPropertyAssignment(each) ? ways(each.initializer, within) : [],
    );
  }

  /** The items at one place of the arrays in an expression. */
  function items(node: ts.Expression, at: number, within: Set<ts.Node>): Pieces[] {
    const all: Pieces[] = [];
    const visit = (each: ts.Node): void => {
      if (ts.isArrayLiteralExpression(each)) {
        const item = each.elements[at];
        if (item !== undefined) all.push(...ways(item, within));
      } else if (ts.isElementAccessExpression(each) && ts.isIdentifier(each.expression)) {
        const table = constantOf(each.expression);
        if (table !== undefined) visit(table);
      } else ts.forEachChild(each, visit);
    };
    visit(node);
    return all.length === 0 ? [[null]] : all;
  }
}

/** What a node stands in, from the inside out. */
function* above(node: ts.Node): Generator<ts.Node> {
  for (let at = node; !ts.isSourceFile(at); at = at.parent) yield at.parent;
}

function templatesIn(node: ts.Node): ts.Expression[] {
  const all: ts.Expression[] = [];
  walk(node, (each) => {
    if (ts.isTemplateExpression(each)) all.push(each);
  });
  return all;
}

function product(parts: Pieces[][]): Pieces[] {
  let all: Pieces[] = [[]];
  for (const part of parts) {
    all = all.flatMap((begun) => part.map((piece) => [...begun, ...piece]));
    if (all.length > MOST_WAYS) throw new Error(`More than ${MOST_WAYS} ways to say one text.`);
  }
  return all;
}

function unwrapped(node: ts.Expression): ts.Expression {
  return ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isParenthesizedExpression(node)
    ? unwrapped(node.expression)
    : node;
}

function calledName(node: ts.CallExpression): string {
  const { expression } = node;
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();
}

function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

function add<T>(map: Map<string, T[]>, name: string, item: T): void {
  map.set(name, [...(map.get(name) ?? []), item]);
}
