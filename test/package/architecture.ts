import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

/*
 * The picture of the layers in ARCHITECTURE.md, drawn from the imports. `npm run architecture` writes it and
 * test/unit/package/architecture.test.ts compares it.
 */

export const ARCHITECTURE_FILE = "ARCHITECTURE.md";
const BEGIN = "<!-- layers: written by npm run architecture -->";
const END = "<!-- /layers -->";

/** A file and what it imports; both paths start at the root of the repository and use "/". */
export interface ImportedFile {
  from: string;
  to: string;
}

/** The layers of src, each with the layers that it imports. */
export type LayerGraph = ReadonlyMap<string, ReadonlySet<string>>;

/** All relative imports in src, type-only and dynamic ones included. */
export function listImports(): ImportedFile[] {
  return readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => path.posix.join("src", name.split(path.sep).join("/")))
    .flatMap((from) =>
      ts
        .preProcessFile(readFileSync(from, "utf8"), true, true)
        .importedFiles.filter(({ fileName }) => fileName.startsWith("."))
        .map(({ fileName }) => ({ from, to: path.posix.join(path.posix.dirname(from), fileName) })),
    );
}

/**
 * Finds files that import each other, directly or through others; type-only imports count.
 * @returns each circle once, its files in alphabetical order
 */
export function findCircles(imports: readonly ImportedFile[]): string[][] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of imports)
    targets.set(from, [...(targets.get(from) ?? []), to.replace(/\.js$/, ".ts")]);
  // Tarjan's algorithm: a file whose lowest reachable number is its own closes a strongly connected component.
  const numbers = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string): number => {
    const own = numbers.size;
    numbers.set(file, own);
    open.push(file);
    let lowest = own;
    for (const target of targets.get(file) ?? []) {
      const known = numbers.get(target);
      if (known === undefined) lowest = Math.min(lowest, visit(target));
      else if (open.includes(target)) lowest = Math.min(lowest, known);
    }
    if (lowest === own) {
      const component = open.splice(open.indexOf(file));
      if (component.length > 1 || targets.get(file)?.includes(file) === true) circles.push(component.sort());
    }
    return lowest;
  };
  for (const file of targets.keys()) if (!numbers.has(file)) visit(file);
  return circles.sort();
}

/** Files directly in src are entry points and belong to no layer. */
export function buildLayerGraph(imports: readonly ImportedFile[]): LayerGraph {
  const graph = new Map<string, Set<string>>();
  for (const { from, to } of imports) {
    const [importer, imported] = [layerOf(from), layerOf(to)];
    if (importer === null) continue;
    const targets = graph.get(importer) ?? new Set();
    graph.set(importer, targets);
    if (imported !== null && imported !== importer) targets.add(imported);
  }
  return graph;
}

function layerOf(file: string): string | null {
  const [root, layer, ...rest] = file.split("/");
  return root === "src" && layer !== undefined && rest.length > 0 ? layer : null;
}

/** The same graph without each arrow that a longer way implies. @throws Error where layers import each other */
export function removeTransitiveEdges(graph: LayerGraph): LayerGraph {
  const reachable = new Map<string, ReadonlySet<string>>();
  const visit = (layer: string, path: readonly string[]): ReadonlySet<string> => {
    if (path.includes(layer)) throw new Error(`Layers import each other: ${[...path, layer].join(" → ")}`);
    const known = reachable.get(layer);
    if (known !== undefined) return known;
    const targets = [...(graph.get(layer) ?? [])];
    const all = new Set(targets.flatMap((target) => [target, ...visit(target, [...path, layer])]));
    reachable.set(layer, all);
    return all;
  };
  return new Map(
    [...graph].map(([layer, targets]) => {
      const implied = new Set([...targets].flatMap((target) => [...visit(target, [layer])]));
      return [layer, new Set([...targets].filter((target) => !implied.has(target)))];
    }),
  );
}

/** The graph in Mermaid's language: importers first, so that the arrows point down. */
export function toMermaid(graph: LayerGraph): string {
  const edges = sortByDepth(graph).flatMap((layer) =>
    [...(graph.get(layer) ?? [])].sort().map((target) => `  ${layer} --> ${target}`),
  );
  return ["```mermaid", "flowchart TD", ...edges, "```"].join("\n");
}

/** Layers far from the bottom first; layers of one depth by name. */
function sortByDepth(graph: LayerGraph): string[] {
  const depth = (layer: string): number =>
    Math.max(0, ...[...(graph.get(layer) ?? [])].map((target) => depth(target) + 1));
  return [...graph.keys()].sort((a, b) => depth(b) - depth(a) || (a < b ? -1 : 1));
}

/** The picture as the imports of src are now. */
export function drawLayers(): string {
  return toMermaid(removeTransitiveEdges(buildLayerGraph(listImports())));
}

/** The document with another picture between its markers. @throws Error where a marker is missing */
export function replacePicture(document: string, picture: string): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END, begin);
  if (begin < 0 || end < 0) throw new Error(`${ARCHITECTURE_FILE} needs the markers ${BEGIN} and ${END}.`);
  return `${document.slice(0, begin + BEGIN.length)}\n\n${picture}\n\n${document.slice(end)}`;
}
