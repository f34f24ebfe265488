import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import {
  ARCHITECTURE_FILE,
  buildLayerGraph,
  drawLayers,
  findCircles,
  listImports,
  removeTransitiveEdges,
  replacePicture,
  toMermaid,
} from "../../package/architecture.js";

const DOCUMENTS = [ARCHITECTURE_FILE, "CONTRIBUTING.md"];

/** Code spans such as `src/app/types.ts`, `src/core`, `esbuild.js`, with the line that names each. */
function namedPaths(text: string): string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)]
    .map(([, code = ""]) => code)
    .filter((code) =>
      /^(?:src|test|media|\.ci|\.vscode)\/[\w./-]*$|^[\w.-]+\.(?:m?js|ts|json|md)$/.test(code),
    );
}

/** Code spans such as `startResearch()`. */
function namedFunctions(text: string): string[] {
  return [...text.matchAll(/`(\w+)\(\)`/g)].map(([, name = ""]) => name);
}

describe("ARCHITECTURE.md", () => {
  const document = readFileSync(ARCHITECTURE_FILE, "utf8");
  const sources = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ts"),
  );

  it("shows the layers as the imports are (else: npm run architecture)", () => {
    assert.equal(document, replacePicture(document, drawLayers()));
  });

  it("lists every layer in its table", () => {
    for (const { name } of readdirSync("src", { withFileTypes: true }).filter((each) => each.isDirectory()))
      assert.match(document, new RegExp(`^\\| \`src/${name}\` +\\|`, "m"));
  });

  for (const file of DOCUMENTS) {
    it(`names only files that exist: ${file}`, () => {
      const paths = namedPaths(readFileSync(file, "utf8"));
      assert.ok(paths.length > 10, `${paths.length} were found`);
      assert.deepEqual(
        paths.filter((each) => !existsSync(each)),
        [],
      );
    });

    it(`names only functions that exist: ${file}`, () => {
      const text = sources.map((name) => readFileSync(`src/${name}`, "utf8")).join("\n");
      assert.deepEqual(
        namedFunctions(readFileSync(file, "utf8")).filter((name) => !text.includes(`function ${name}`)),
        [],
      );
    });
  }
});

describe("the files of src", () => {
  it("import each other in no circle, not even for types", () => {
    const imports = listImports();
    assert.ok(imports.length > 1000, `${imports.length} were found`);
    assert.deepEqual(findCircles(imports), []);
  });

  it("are found in a circle of any length", () => {
    const chain = [
      { from: "src/a.ts", to: "src/b.js" },
      { from: "src/b.ts", to: "src/c.js" },
      { from: "src/d.ts", to: "src/a.js" },
      { from: "src/d.ts", to: "src/c.js" },
    ];
    assert.deepEqual(findCircles(chain), []);
    assert.deepEqual(findCircles([...chain, { from: "src/c.ts", to: "src/a.js" }]), [
      ["src/a.ts", "src/b.ts", "src/c.ts"],
    ]);
    assert.deepEqual(findCircles([...chain, { from: "src/b.ts", to: "src/a.js" }]), [
      ["src/a.ts", "src/b.ts"],
    ]);
    assert.deepEqual(findCircles([{ from: "src/a.ts", to: "src/a.js" }]), [["src/a.ts"]]);
    const two = [
      { from: "src/e.ts", to: "src/f.js" },
      { from: "src/f.ts", to: "src/e.js" },
      { from: "src/b.ts", to: "src/a.js" },
    ];
    assert.deepEqual(findCircles([...chain, ...two]), [
      ["src/a.ts", "src/b.ts"],
      ["src/e.ts", "src/f.ts"],
    ]);
  });
});

describe("the picture of the layers", () => {
  const imports = [
    { from: "src/extension.ts", to: "src/top/a.js" },
    { from: "src/top/a.ts", to: "src/middle/b.js" },
    { from: "src/top/a.ts", to: "src/base/c.js" },
    { from: "src/top/a.ts", to: "src/top/d.js" },
    { from: "src/top/a.ts", to: "package.json" },
    { from: "src/middle/b.ts", to: "src/base/c.js" },
    { from: "src/base/c.ts", to: "src/base/e.js" },
  ];

  it("leaves out arrows that a longer way implies, and files outside the layers", () => {
    assert.equal(
      toMermaid(removeTransitiveEdges(buildLayerGraph(imports))),
      ["```mermaid", "flowchart TD", "  top --> middle", "  middle --> base", "```"].join("\n"),
    );
  });

  it("refuses layers that import each other", () => {
    const circle = [...imports, { from: "src/base/c.ts", to: "src/top/a.js" }];
    assert.throws(() => removeTransitiveEdges(buildLayerGraph(circle)), /Layers import each other: .*top/);
  });

  it("needs its markers", () => {
    assert.throws(() => replacePicture("# No markers", ""), /needs the markers/);
  });
});
