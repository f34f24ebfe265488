import { countWords } from "../../core/document/blocks.js";
import { elementsOf, findElement, namesOf, type HtmlElement } from "./html-tree.js";

/*
 * Finds the main part of a page, and whether the page is documentation: there every part counts, and class names such
 * as "comments" or "cookies" name topics.
 */

const GENERATOR =
  /sphinx|mkdocs|docusaurus|vitepress|vuepress|starlight|mdbook|rustdoc|typedoc|javadoc|doxygen|gitbook|antora|asciidoc|docfx|readme|mintlify|nextra|docsify|jsdoc|pdoc|mediawiki|docbook|publican|texinfo|makeinfo|texi2any|texi2html|latex2html|latexml|tex4ht|hevea|org[- ]mode|groff|mandoc|man2html|pod2html|pandoc|retype|bookstack|redoc|slate|docutils|yard|rdoc|godoc|haddock|odoc|exdoc|dartdoc|scaladoc|gi-docgen|gtk-doc|natural docs|bookdown|discourse|confluence|quarto|jupyter|bikeshed|respec/i;
const DOCUMENTATION_NAMES =
  /(?:^|\s)(?:rst-content|md-content|md-typeset|theme-doc-markdown|theme-doc-page|vp-doc|VPDoc|VPContent|sl-markdown-content|markdown-body|rm-Markdown|mw-parser-output|js-post-body|tsd-page-title|col-content|swagger-ui|redoc-wrap|docblock|rustdoc|book-body|gitbook-root|cooked|sphinxsidebar|bd-article|nextra-content|theme-default-content|class-declaration|contentContainer|crawler-post|devsite-article-body|docs-content|api-content|doc-content|furo-main-content|sidebar-scrollbox|wy-nav-content|bd-content|sphinxsidebarwrapper|documentwrapper|bodywrapper|expressive-code|DocSearch|tsd-comment|fullcommenttop|module-header|package-header|apicontent)(?:\s|$)/;

/** The parts of a page that matter for reading it. */
export interface MainPart {
  /** `main`, an article or a container that is named so; null if the page has none. */
  main: HtmlElement | null;
  /** Whether the page itself says so, by `main`, `role=main` or one `article`, rather than by a class name. */
  isDeclared: boolean;
  isDocumentation: boolean;
  /** Whether it holds code or terms, as documentation does and news do not. */
  isTechnical: boolean;
}

export function findMainPart(root: HtmlElement): MainPart {
  let isGenerated = false;
  let permalinks = 0;
  let named = false;
  const mains: HtmlElement[] = [];
  const articles: HtmlElement[] = [];
  const containers: HtmlElement[] = [];
  for (const element of elementsOf(root)) {
    const { localName } = element;
    if (localName === "meta" && element.getAttribute("name")?.toLowerCase() === "generator") {
      isGenerated ||= GENERATOR.test(element.getAttribute("content") ?? "");
    }
    if (localName === "main" || element.getAttribute("role") === "main") mains.push(element);
    else if (localName === "article") articles.push(element);
    if (/^h[2-4]$/.test(localName) && isLinkedHeading(element)) permalinks++;
    const names = `${element.getAttribute("class") ?? ""} ${element.getAttribute("id") ?? ""}`;
    if (names.length > 3) {
      named ||= DOCUMENTATION_NAMES.test(names);
      if (CONTAINER.test(names)) containers.push(element);
    }
  }
  const declared = largest(mains) ?? (articles.length === 1 ? (articles[0] ?? null) : commonParent(articles));
  const main = declared ?? largest(containers);
  const hasTechnique = isTechnical(main ?? root);
  const isDocumentation =
    isGenerated || named || permalinks >= 2 || (declared !== null && isTechnical(declared));
  return { main, isDeclared: declared !== null, isDocumentation, isTechnical: hasTechnique };
}

/** Whether an element holds code or terms, as only documentation does. */
function isTechnical(element: HtmlElement): boolean {
  let codes = 0;
  let terms = 0;
  for (const { localName } of elementsOf(element)) {
    if (localName === "pre") codes++;
    else if (localName === "dt") terms++;
  }
  return codes >= 2 || terms >= 6;
}

const CONTAINER =
  /(?:^|\s)(?:content|main|main-content|main-outlet|mainbar|mw-parser-output|mw-content-text|col-content|swagger-ui|markdown-body|post-content|entry-content|article-body|documentwrapper|rm-Article|page-content|docs-content|bodycontent|changelog|contents?-?wrapper|sect1|refentry|book-body)(?:\s|$)/i;

/** A heading that links to itself. */
function isLinkedHeading(heading: HtmlElement): boolean {
  const id = heading.getAttribute("id") ?? heading.parent?.getAttribute("id") ?? "";
  if (id === "") return false;
  return (
    findElement(heading, (each) => each.localName === "a" && each.getAttribute("href") === `#${id}`) !== null
  );
}

function largest(elements: HtmlElement[]): HtmlElement | null {
  let best: HtmlElement | null = null;
  let most = 0;
  for (const element of elements) {
    const size = element.textContent.length;
    if (size > most) [best, most] = [element, size];
  }
  return best;
}

/** The innermost element that holds all of them. */
function commonParent(elements: HtmlElement[]): HtmlElement | null {
  const [first, ...others] = elements;
  if (first === undefined) return null;
  for (let at: HtmlElement | null = first.parent; at !== null; at = at.parent) {
    const holder = at;
    const holdsAll = others.every((each) => {
      for (let up: HtmlElement | null = each; up !== null; up = up.parent) if (up === holder) return true;
      return false;
    });
    if (holdsAll) return holder.localName === "#root" || holder.localName === "html" ? null : holder;
  }
  return null;
}

const APPARATUS = new Set([
  "script", "style", "noscript", "template", "svg", "nav", "iframe", "select", "button", "form", "footer", "dialog",
  "textarea", "object", "video", "audio", "canvas", "aside", "head",
]); // prettier-ignore

/** Words of an element that are text rather than menus, forms and footers. */
export function countMainWords(element: HtmlElement): number {
  let words = 0;
  const walk = (at: HtmlElement): void => {
    for (const child of at.childNodes) {
      if (child.nodeType === 3) words += countWords(child.nodeValue);
      else if (
        !APPARATUS.has(child.localName) &&
        child.getAttribute("hidden") === null &&
        !/(?:^|[\s_-])(?:nav|menu|sidebar|toc|breadcrumbs?|prev-?next|top-?bar|tooltip)(?:$|[\s_-])/i.test(
          namesOf(child),
        )
      )
        walk(child);
    }
  };
  walk(element);
  return words;
}
