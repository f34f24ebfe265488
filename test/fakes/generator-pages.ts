/*
 * Pages as documentation generators put them together: the frame of each, with menus and footers around the main part.
 */

const MENU = '<ul><li><a href="/a">Menu entry one</a></li><li><a href="/b">Menu entry two</a></li></ul>';
const FOOT = "<p>Imprint of the site</p>";

const FRAMES = {
  alabaster: (inside) =>
    `<body><div class="document"><div class="documentwrapper"><div class="bodywrapper"><div class="body" role="main">${inside}</div></div></div><div class="sphinxsidebar" role="navigation" aria-label="main navigation"><div class="sphinxsidebarwrapper">${MENU}</div></div><div class="clearer"></div></div><div class="footer">${FOOT}</div></body>`,
  furo: (inside) =>
    `<body><div class="page"><aside class="sidebar-drawer"><div class="sidebar-tree">${MENU}</div></aside><div class="main"><div class="content"><div class="article-container"><div class="content-icon-container"><label class="toc-overlay-icon"><i></i></label></div><article role="main" id="furo-main-content">${inside}</article></div><footer><div class="related-pages"><a class="next-page" href="n"><div class="page-info"><div class="context"><span>Next</span></div><div class="title">Menu entry two</div></div></a></div><div class="bottom-of-page">${FOOT}</div></footer></div><aside class="toc-drawer">${MENU}</aside></div></div></body>`,
  rtd: (inside) =>
    `<body class="wy-body-for-nav"><div class="wy-grid-for-nav"><nav data-toggle="wy-nav-shift" class="wy-nav-side">${MENU}</nav><section data-toggle="wy-nav-shift" class="wy-nav-content-wrap"><div class="wy-nav-content"><div class="rst-content"><div role="navigation" aria-label="Page navigation"><ul class="wy-breadcrumbs"><li><a href="i">Menu entry one</a></li></ul><hr></div><div role="main" class="document" itemscope itemtype="http://schema.org/Article"><div itemprop="articleBody">${inside}</div></div><footer><div class="rst-footer-buttons"><a href="n">Menu entry two</a></div>${FOOT}</footer></div></div></section></div></body>`,
  pydata: (inside) =>
    `<body data-bs-spy="scroll"><header class="bd-header navbar">${MENU}</header><div class="bd-container"><div class="bd-container__inner bd-page-width"><main id="main-content" class="bd-main" role="main"><div class="bd-content"><div class="bd-article-container"><div class="bd-header-article d-print-none"><ul class="bd-breadcrumbs"><li><a href="i">Menu entry one</a></li></ul></div><article class="bd-article">${inside}</article><footer class="prev-next-footer"><a href="n"><p class="prev-next-title">Menu entry two</p></a></footer></div></div></main></div></div><footer class="bd-footer">${FOOT}</footer></body>`,
  material: (inside) =>
    `<body dir="ltr"><header class="md-header">${MENU}</header><div class="md-container"><main class="md-main"><div class="md-main__inner md-grid"><div class="md-sidebar md-sidebar--primary"><nav class="md-nav">${MENU}</nav></div><div class="md-content" data-md-component="content"><article class="md-content__inner md-typeset">${inside}</article></div></div></main><footer class="md-footer">${FOOT}</footer></div></body>`,
  docusaurus: (inside) =>
    `<body><div id="__docusaurus"><nav class="navbar">${MENU}</nav><div class="docRoot_x"><aside class="theme-doc-sidebar-container">${MENU}</aside><main class="docMainContainer_x"><div class="container"><div class="row"><div class="col docItemCol_x"><article><nav class="theme-doc-breadcrumbs" aria-label="Breadcrumbs"><ul><li>Menu entry one</li></ul></nav><div class="theme-doc-markdown markdown">${inside}</div><footer class="theme-doc-footer"><a href="edit">Edit this page</a></footer></article><nav class="pagination-nav"><a href="n"><div class="pagination-nav__label">Menu entry two</div></a></nav></div></div></div></main></div><footer class="footer">${FOOT}</footer></div></body>`,
  vitepress: (inside) =>
    `<body><div id="app"><div class="Layout"><header class="VPNav">${MENU}</header><aside class="VPSidebar">${MENU}</aside><div class="VPContent has-sidebar" id="VPContent"><div class="VPDoc has-sidebar has-aside"><div class="container"><div class="content"><div class="content-container"><main class="main"><div style="position:relative;" class="vp-doc _guide"><div>${inside}</div></div></main><footer class="VPDocFooter"><a class="pager-link" href="n"><span class="title">Menu entry two</span></a></footer></div></div></div></div></div><footer class="VPFooter">${FOOT}</footer></div></div></body>`,
  starlight: (inside) =>
    `<body><div class="page sl-flex"><header class="header">${MENU}</header><nav class="sidebar">${MENU}</nav><div class="main-frame"><div class="main-pane"><main data-pagefind-body lang="en" dir="ltr"><div class="content-panel"><div class="sl-container"></div></div><div class="content-panel"><div class="sl-container"><div class="sl-markdown-content">${inside}</div><footer class="sl-flex"><div class="pagination-links"><a href="n">Menu entry two</a></div></footer></div></div></main></div></div></div><footer>${FOOT}</footer></body>`,
  mdbook: (inside) =>
    `<body class="sidebar-visible no-js"><div id="body-container"><nav id="sidebar" class="sidebar"><div class="sidebar-scrollbox">${MENU}</div></nav><div id="page-wrapper" class="page-wrapper"><div class="page"><div id="menu-bar" class="menu-bar sticky"><h1 class="menu-title">Menu entry one</h1></div><div id="content" class="content"><main>${inside}</main><nav class="nav-wrapper"><a rel="next" href="n">Menu entry two</a></nav></div></div></div></div></body>`,
  rustdoc: (inside) =>
    `<head><meta name="generator" content="rustdoc"></head><body class="rustdoc struct"><nav class="sidebar">${MENU}</nav><main><div class="width-limiter"><section id="main-content" class="content"><div class="main-heading"></div><details class="toggle top-doc" open><summary class="hideme"><span>Expand description</span></summary><div class="docblock">${inside}</div></details></section></div></main></body>`,
  typedoc: (inside) =>
    `<body><header class="tsd-page-toolbar">${MENU}</header><div class="container container-main"><div class="col-content"><div class="tsd-page-title"><ul class="tsd-breadcrumb"><li><a href="i">Menu entry one</a></li></ul></div><section class="tsd-panel tsd-comment"><div class="tsd-comment tsd-typography">${inside}</div></section></div><div class="col-sidebar"><nav class="tsd-navigation">${MENU}</nav></div></div><footer>${FOOT}</footer></body>`,
  jsdoc: (inside) =>
    `<body><div id="main"><section><article>${inside}</article></section></div><nav>${MENU}</nav><br class="clear"><footer>${FOOT}</footer></body>`,
  javadoc: (inside) =>
    `<head><meta name="generator" content="javadoc/ClassWriterImpl"></head><body class="class-declaration-page"><div class="flex-box"><header role="banner" class="flex-header"><nav role="navigation"><div class="top-nav">${MENU}</div></nav></header><div class="flex-content"><main role="main">${inside}</main><footer role="contentinfo">${FOOT}</footer></div></div></body>`,
  gitbook: (inside) =>
    `<body class="gitbook-root"><header>${MENU}</header><div class="flex"><aside data-testid="table-of-contents">${MENU}</aside><main class="flex-1 page-api-block"><header class="page-header"></header><div class="grid whitespace-pre-wrap">${inside}</div></main></div></body>`,
  readme: (inside) =>
    `<body class="rm-Guides"><header class="rm-Header">${MENU}</header><main class="rm-Guides" id="Content"><div class="rm-Container"><nav class="rm-Sidebar">${MENU}</nav><article class="rm-Article" id="content"><section class="content-body"><div class="rm-Markdown markdown-body" data-testid="RDMD">${inside}</div></section><div class="UpdatedAt"><p>Updated 3 months ago</p></div></article></div></main></body>`,
  swagger: (inside) =>
    `<body><div id="swagger-ui"><section class="swagger-ui"><div class="topbar"><div class="wrapper">${MENU}</div></div><div class="wrapper"><section class="block col-12">${inside}</section></div></section></div></body>`,
  mediawiki: (inside) =>
    `<head><meta name="generator" content="MediaWiki 1.42.0"></head><body class="mediawiki ltr"><div class="mw-page-container"><nav class="vector-menu">${MENU}</nav><div class="mw-content-container"><main id="content" class="mw-body"><div id="bodyContent" class="vector-body"><div id="mw-content-text" class="mw-body-content"><div class="mw-content-ltr mw-parser-output" lang="en" dir="ltr">${inside}</div></div></div></main></div></div><div id="footer">${FOOT}</div></body>`,
  discourse: (inside) =>
    `<head><meta name="generator" content="Discourse 3.2"></head><body class="crawler"><header>${MENU}</header><div id="main-outlet" class="wrap" role="main"><div id="topic-title"></div><div id="post_1" itemprop="comment" class="topic-body crawler-post"><div class="post" itemprop="text">${inside}</div></div></div><footer class="container wrap">${FOOT}</footer></body>`,
  github: (inside) =>
    `<body class="logged-out"><header class="HeaderMktg">${MENU}</header><div class="application-main"><main><div id="repo-content-pjax-container"><div id="readme" class="Box-body readme blob"><article class="markdown-body entry-content container-lg" itemprop="text">${inside}</article></div></div></main></div><footer>${FOOT}</footer></body>`,
  stackoverflow: (inside) =>
    `<body class="question-page"><header class="s-topbar">${MENU}</header><div class="container"><div id="left-sidebar">${MENU}</div><div id="content"><div id="mainbar" role="main"><div class="question js-question" id="question"><div class="post-layout"><div class="votecell post-layout--left"><div class="js-vote-count">42</div></div><div class="postcell post-layout--right"><div class="s-prose js-post-body" itemprop="text">${inside}</div></div></div></div></div></div></div><footer id="footer">${FOOT}</footer></body>`,
} satisfies Record<string, (inside: string) => string>;

export type Generator = keyof typeof FRAMES;

export const GENERATORS = Object.keys(FRAMES) as Generator[];

const PROSE =
  "<p>The server keeps each answer for an hour, and asks the origin again after that time has passed. A client that sends the header gets a fresh answer in any case.</p>";

/** A page of a generator whose main part holds this, among paragraphs. */
export function generatorPage(generator: Generator, inside: string): string {
  const body = `<h1 id="guide">Guide</h1>${PROSE}${inside}${PROSE}`;
  return `<!doctype html><html><title>Guide</title>${FRAMES[generator](body)}</html>`;
}

/** The main part alone, without paragraphs around it. */
export function barePage(generator: Generator, inside: string): string {
  return `<!doctype html><html><title>Guide</title>${FRAMES[generator](inside)}</html>`;
}
