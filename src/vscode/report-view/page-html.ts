import { randomBytes } from "node:crypto";

/* The document of the report view: empty, with one style sheet and one script. Does not depend on VS Code. */

/** Addresses of the view's files. */
export interface PageAddresses {
  style: string;
  script: string;
  /** The origin of the style sheet, for the content security policy. */
  source: string;
  language: string;
  /** Shown until the script has drawn the report. */
  loading: string;
}

export function renderPageHtml({ style, script, source, language, loading }: PageAddresses): string {
  const nonce = randomBytes(16).toString("base64url");
  const policy = `default-src 'none'; style-src ${source}; script-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="${escapeAttribute(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeAttribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Deep Research</title>
<link rel="stylesheet" href="${escapeAttribute(style)}">
</head>
<body>
<div id="view"><main><h1 class="unseen">${escapeAttribute(loading)}</h1></main></div>
<div id="announcement" role="status"></div>
<script nonce="${nonce}" src="${escapeAttribute(script)}"></script>
</body>
</html>`;
}

function escapeAttribute(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
