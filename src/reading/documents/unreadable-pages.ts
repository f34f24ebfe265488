import { msg, type Message } from "../../common/messages.js";
import { removeScripts } from "./remove-scripts.js";
import { collapseWhitespace } from "../../common/collapse-whitespace.js";

/*
 * Recognizes pages that load but have no text of their own: empty pages, checks, error messages, sign-in forms. Quoting
 * one would make a report wrong without anyone noticing. What has text is read; a guess about it is a warning.
 */

/** A text of this length is more than a teaser. */
const SUBSTANTIAL_LENGTH = 1500;
/** A text of this length is more than a form or an error message. */
const SHORT_LENGTH = 900;

const SCRIPT_NEEDED =
  /(?:enable|turn on|requires?|activate|without|needs?|doesn['’]t work (?:properly )?without)\s+(?:javascript|js)\b|javascript (?:is (?:disabled|required|not enabled|turned off)|must be enabled|muss aktiviert)|(?:aktivieren sie|bitte) javascript|activer javascript|activez javascript|active(?:r)? (?:o |el )?javascript|habilit[ae]r? (?:o |el )?javascript|javascript(?:を|が)(?:有効|無効)/i;
const LOADING =
  /^(?:loading|please wait|chargement|lädt|wird geladen|cargando|carregando|caricamento|読み込み中)\W*$/i;
const ROBOT =
  /just a moment|checking your browser|verify (?:that )?you are (?:a )?human|are you a (?:human|robot)|unusual traffic|complete the (?:security check|captcha)|access to this page has been denied|enable cookies and reload|ddos protection|prove (?:that )?you['’]re not a robot|press (?:&|and) hold/i;

/** Denied access. In a longer text, these words are its topic. */
const DENIED = /\baccess denied\b|attention required|you don['’]t have permission to access|403 forbidden/i;

/** Words and buttons of consent forms in common languages. */
const CONSENT =
  /\bcookies?\b|consent|einwilligung|zustimm|consentement|consentimiento|consenso|toestemming|zgod[aęy]|ciasteczk|クッキー|同意|samtyck|samtykke|suostumus|souhlas/gi;
const ACCEPT =
  /accept(?: all|er| and| cookies)?|agree|alle akzeptieren|akzeptieren|zustimmen|tout accepter|j['’]accepte|aceptar|aceitar|accetta|akkoord|accepteren|zaakceptuj|akceptuj|zgadzam|同意する|godkänn|hyväksy|přijmout|reject all|manage (?:my )?(?:preferences|choices|settings|options)|privacy (?:settings|policy)|our (?:\d+ )?partners/gi;

const PAYWALL =
  /subscribe (?:now |today )?(?:to (?:continue|read|keep|unlock)|for (?:full|unlimited)|and (?:get|read))|(?:to )?(?:continue|keep) reading(?: this (?:article|story))?,? (?:subscribe|log in|sign in|register|with a)|(?:this|the full) (?:article|story|content) is (?:only )?(?:available )?(?:for|to|reserved for|exclusively for) (?:our )?(?:subscribers|members|premium)|(?:subscriber|member)s?[- ]only|already a (?:subscriber|member)|you(?:['’]ve| have) (?:reached|read|used) (?:your|all|the) .{0,40}(?:free )?(?:articles?|stories|limit)|unlock this (?:article|story)|become a (?:subscriber|member) to|(?:nur|exklusiv) für abonnent|weiterlesen mit|mit .{0,20}abo (?:weiter)?lesen|jetzt abonnieren|réservée? (?:à nos|aux) abonnés|abonnez-vous (?:pour|dès)|(?:article|contenu) réservé|(?:sólo|solo|exclusivo) para suscriptores|suscríbete para|riservato agli abbonati|abbonati per|exclusivo para assinantes|assine para|alleen voor abonnees|tylko dla subskrybent|有料会員|会員限定|続きを読むには/i;

/**
 * Why a page has no text of its own, as words that follow its address; null if it has.
 * @param page its title, its main text, and its whole HTML
 */
export function findPageProblem(page: { title: string; text: string; html: string }): Message | null {
  const text = collapseWhitespace(page.text);
  if (text === "" || LOADING.test(text)) {
    return SCRIPT_NEEDED.test(withoutTags(page.html))
      ? msg`requires a browser that runs JavaScript`
      : msg`contains no text`;
  }
  if (text.length < SHORT_LENGTH && ROBOT.test(`${page.title} ${text}`) && sentencesOf(text) < 8)
    return msg`shows only a check that the visitor is human`;
  if (text.length < 200 && DENIED.test(text)) return msg`denies access to automated requests`;
  if (text.length < SHORT_LENGTH && isNotFound(page.title, text))
    return msg`says that the page was not found`;
  if (text.length < SHORT_LENGTH && isSignIn(page.html, `${page.title} ${text}`))
    return msg`shows only a form to sign in`;
  if (text.length < 300 && SCRIPT_NEEDED.test(text)) return msg`requires a browser that runs JavaScript`;
  return null;
}

const NOT_FOUND =
  /\b404\b(?![.,]?\d)|(?:page|content|article|document|seite|página|pagina)\s(?:was\s|is\s|could\s|cannot\s|can['’]t\s|wurde\s|konnte\s|nicht\s|not\s|be\s|no\s|non\s|doesn['’]t\s|does\s|you\s|are\s|looking\s|for\s|requested\s|has\s|been\s|no\s|longer\s){0,8}(?:not\s)?(?:be\s)?(?:found|exists?|available|moved|removed|gefunden|encontrada|trovata)|page introuvable|not found|ページが見つかりません|页面不存在/i;
const LOST =
  /page (?:was |could |can )?not (?:be )?found|(?:404|not found)\W*$|^\W*(?:error )?404\b|seite (?:wurde )?nicht gefunden|page introuvable|página no encontrada|ページが見つかりません/i;

/** A page that says it is not there, with a status of success. */
function isNotFound(title: string, text: string): boolean {
  const short = text.slice(0, 200);
  if (LOST.test(title)) return NOT_FOUND.test(short) || text.length < 300;
  return (
    text.length < 300 &&
    sentencesOf(text) < 5 &&
    (LOST.test(short.slice(0, 60)) || /^(?:sorry|oops|whoops|hmm)\b/i.test(short)) &&
    NOT_FOUND.test(short)
  );
}

const SIGN_IN =
  /\b(?:sign|log)[ -]?in\b|\bsso\b|anmelden|einloggen|connexion|se connecter|iniciar sesión|accedi|inloggen|ログイン|登录/i;

/** A form with a password, or a single sign-on, and hardly anything else. */
function isSignIn(html: string, text: string): boolean {
  if (!SIGN_IN.test(text) || sentencesOf(text) >= 6) return false;
  return (
    /<input[^<>]{1,500}type\s*=\s*["']?password/i.test(html) ||
    (text.length < 200 && /^\W*(?:please )?(?:sign|log)[ -]?in\b/i.test(text))
  );
}

/** What a reader should know of a page that has text: it may be the beginning of one, or little but a form. */
export function findPageWarnings(page: { text: string; html: string }): string[] {
  const text = collapseWhitespace(page.text);
  return [
    ...(isConsentForm(text) ? ["The page may be a consent form and little else."] : []),
    ...(isBehindPaywall({ ...page, text })
      ? ["The page is for subscribers: only the part that is open was read."]
      : []),
  ];
}

/** Requires two signs: metadata for search engines and text for people. */
function isBehindPaywall({ text, html }: { text: string; html: string }): boolean {
  const isDeclared = /"isAccessibleForFree"\s*:\s*"?false/i.test(html);
  const end = text.slice(-600);
  const isSaid = PAYWALL.test(end) || (text.length < SUBSTANTIAL_LENGTH && PAYWALL.test(withoutTags(html)));
  return isDeclared
    ? isSaid || text.length < SUBSTANTIAL_LENGTH
    : text.length < SUBSTANTIAL_LENGTH && PAYWALL.test(end);
}

/** True if most of a short text is about consent and it ends in buttons. */
function isConsentForm(text: string): boolean {
  if (text.length > SHORT_LENGTH * 3) return false;
  const words = text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
  const about = text.match(CONSENT)?.length ?? 0;
  const buttons = new Set(text.match(ACCEPT)?.map((each) => each.toLowerCase()) ?? []).size;
  if (/[\p{Script=Han}\p{Script=Katakana}]/u.test(text))
    return about >= 3 && buttons >= 1 && text.length < 500;
  const isAbout = about >= 2 ? buttons >= 2 : about === 1 && buttons >= 3;
  return isAbout && about + buttons >= Math.max(4, words / 40);
}

function sentencesOf(text: string): number {
  return text.match(/[.!?…。！？](?:\s|$)/g)?.length ?? 0;
}

function withoutTags(html: string): string {
  return removeScripts(html.slice(0, 500_000))
    .replace(/<[^<>]{0,2000}>/g, " ")
    .replace(/\s+/g, " ");
}
