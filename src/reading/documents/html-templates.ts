import { countWords } from "../../core/document/blocks.js";
import { replaceBetween } from "../../core/text/linear-search.js";
import { removeScripts } from "./remove-scripts.js";

/*
 * Documentation whose pages are templates: a script element holds the HTML, and a program of the site shows it.
 */

/** A script's type that says that it holds HTML for a program to show. */
const TEMPLATE_TYPE =
  /\stype\s*=\s*["']?text\/(?:x-)?(?:handlebars(?:-template)?|template|mustache|ng-template|underscore-template|tmpl|html)["'\s>]/i;
/** What a template says to the program that shows it. */
const STATEMENT = /\{\{\{?[#/!>^&][^{}]{0,500}\}\}\}?/g;

/**
 * Puts the HTML of template scripts in the place of the scripts where the page has less text than they. Lines stay where
 * they are.
 */
export function openTemplates(html: string): string {
  const parts: string[] = [];
  let templates = "";
  let at = 0;
  for (const { index, 0: tag } of html.matchAll(/<script\b[^<>]{0,1000}>/gi)) {
    if (index < at || !TEMPLATE_TYPE.test(tag)) continue;
    const start = index + tag.length;
    const end = html.indexOf("</script", start);
    if (end < 0) break;
    const inside = html.slice(start, end).replace(STATEMENT, "");
    templates += ` ${inside}`;
    const close = html.indexOf(">", end);
    parts.push(html.slice(at, index), tag.replace(/[^\n]+/g, ""), "<div>", inside, "</div>");
    at = close < 0 ? html.length : close + 1;
  }
  if (templates === "") return html;
  const hasMore = countShownWords(templates) > countShownWords(removeScripts(html));
  return hasMore ? [...parts, html.slice(at)].join("") : html;
}

function countShownWords(html: string): number {
  return countWords(replaceBetween(replaceBetween(html, "<!--", "-->", " "), "<", ">", " "));
}
