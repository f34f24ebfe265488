/*
 * Which files hold program text or data, by name. All others are prose: what is no known language is read as text.
 */

const CODE_EXTENSION = new Set(
  (
    "js jsx mjs cjs ts tsx mts cts py pyi pyx rb rake gemspec rs go java kt kts scala sbt groovy gradle c h cc cpp cxx hpp " +
    "hh hxx inl ipp cs csx fs fsi fsx vb swift m mm php phtml pl pm lua r jl hs lhs ml mli ex exs erl hrl clj cljs cljc edn el " +
    "lisp lsp scm rkt sh bash zsh fish ksh ps1 psm1 psd1 bat cmd awk sed sql graphql gql proto thrift json jsonc json5 " +
    "yaml yml toml ini cfg conf properties env xsd xsl xslt plist css scss sass less styl vue svelte astro tf hcl nix dart " +
    "zig nim v sv vhd vhdl asm s cmake mk mak bzl bazel star csproj vbproj sln props targets tcl cr d adb ads f f90 f95 for " +
    "pas pp coffee sol wgsl glsl hlsl frag vert cu cuh ino service desktop reg tmpl tpl ejs hbs mustache jinja j2 erb haml " +
    "pug twig liquid diff patch prisma rego dhall elm purs re res gd idl y l yy ll td def vim lock gyp gypi bicep " +
    "jsonl ndjson wat wast raku mod work sum snap feature applescript ahk au3 asp aspx jsp cshtml razor xaml"
  ).split(" "),
);
const CODE_NAME =
  /^(?:(?:GNU)?makefile(?:\..+)?|(?:docker|container|jenkins|vagrant|rake|gem|proc|brew|pod|just|cap|guard|fast|tilt|earth)file(?:\..+)?|cmakelists\.txt|requirements(?:[-_.][\w-]+)?\.txt|constraints\.txt|meson(?:_options)?\.(?:build|txt)|build|workspace|sconstruct|\.[^.]+)$/i;

/** Whether a file holds program text or data rather than prose. @param file a path with forward slashes */
export function isCodeFile(file: string): boolean {
  const name = file.slice(file.lastIndexOf("/") + 1);
  if (CODE_NAME.test(name)) return true;
  const dot = name.lastIndexOf(".");
  return dot > 0 && CODE_EXTENSION.has(name.slice(dot + 1).toLowerCase());
}
