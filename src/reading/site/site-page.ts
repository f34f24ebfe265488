/** What is known of a page, or of a section of one, before it is read. */
export interface SitePage {
  /** Whole, with the anchor of the section where there is one. */
  url: string;
  title: string;
  /** Its text as far as the list has it: all of it in a search index, a note or nothing elsewhere. */
  text: string;
}

/** An address below a site, resolved; null for one that leads elsewhere. @param site ends in a slash */
export function resolveWithin(site: URL, address: string, base: URL = site): string | null {
  if (!URL.canParse(address, base.href)) return null;
  const url = new URL(address, base.href);
  const isWithin = url.origin === site.origin && url.pathname.startsWith(site.pathname);
  const isPage = !/\.(?:png|jpe?g|gif|svg|webp|ico|css|js|json|xml|zip|gz|mp4|woff2?)$/i.test(url.pathname);
  return isWithin && isPage && url.username === "" && url.href.length <= 2000 ? url.href : null;
}

/** The folder of an address: what the user named with all that lies below it. */
export function siteFolder(address: string): URL {
  const url = new URL(address);
  url.hash = "";
  url.search = "";
  const { pathname } = url;
  const folder = pathname.slice(0, pathname.lastIndexOf("/") + 1);
  const isPage = /\.(?:html?|md|php|aspx?|txt|xml)$/i.test(pathname);
  url.pathname = isPage || pathname === folder ? folder : `${pathname}/`;
  return url;
}
