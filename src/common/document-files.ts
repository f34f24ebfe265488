const DOCUMENT =
  /\.(?:md|markdown|mdx|mdown|mkdn?|qmd|rmd|rst|rest|adoc|asciidoc|org|tex|texi|texinfo|pod|sgml|docbook|html?|xhtml|pdf)$/i;

/** Whether a file is a document for people, by its ending: one that programs do not write keys or data to. */
export function isDocumentFile(file: string): boolean {
  return DOCUMENT.test(file);
}
