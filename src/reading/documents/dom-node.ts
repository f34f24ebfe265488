/** The used part of a node, of our own tree or of a DOM. */
export interface DomNode {
  nodeType: number;
  nodeValue: string | null;
  /** 1-based lines of the source, where they are known. */
  line?: number;
  lastLine?: number;
}

export interface DomElement extends DomNode {
  localName: string;
  textContent: string;
  childNodes: Iterable<DomNode>;
  getAttribute(name: string): string | null;
}
