import { stem } from "../text/tokenize.js";
import { wordSet } from "../text/language.js";

/*
 * Words of English and German that turn a sentence's sense: negations, opposites, quantifiers and modal verbs. English and
 * German stand in one list, so that a sentence can be held against a quote in the other language.
 */

/** A direction that a word has: one of the two sides of an axis. */
export interface Direction {
  axis: number;
  side: 0 | 1;
}

/** Opposites, as "one side | other side". A word may stand on more than one axis. */
const OPPOSITES = [
  "rise rises rose risen rising increase grow grows grew grown growing growth climb gain raise more greater larger bigger higher highest high " +
    "exceed surpass expand surge soar upward steigen steigt stieg stiegen gestiegen anstieg erhöhen erhöht erhöhung wachsen " +
    "wächst wuchs wuchsen gewachsen wachstum zunahm zunahmen zugenommen zunahme mehr größer höher hoch hohe höchste übersteigen übersteigt " +
    "anheben angehoben hob klettern kletterte geklettert zunehmen | " +
    "fall falls fell fallen falling drop dropped decline decrease shrink shrinks shrank shrunk lower lowest low fewer less smaller reduce " +
    "reduction diminish lessen slash plunge cut cuts cutting downward sinken sinkt sank sanken gesunken senken senkt senkte " +
    "gesenkt senkung fiel fielen gefallen verringern verringert verringerung reduzieren reduziert abnahm abnahmen abgenommen abnahme weniger " +
    "kleiner niedriger niedrig niedrigste gering geringer unterschreiten rückgang schrumpfen schrumpfte geschrumpft",
  "atleast over above exceed surpass more greater larger bigger higher longer older über übersteigen übersteigt mehr größer höher länger älter | " +
    "atmost under below fewer less smaller lower shorter younger unter unterschreiten weniger kleiner niedriger kürzer jünger",
  "before prior earlier beforehand previously until till bis vor bevor früher vorher zuvor | after later afterwards subsequently following since thereafter nach nachdem später danach seit ab",
  "first initial initially erste ersten erster erstes erstmals zuerst | last final finally letzte letzten letzter letztes zuletzt",
  "early früh frühe | late spät späte",
  "fast faster fastest quick quicker rapid speed accelerate schnell schneller schnellste beschleunigen beschleunigte | slow slower slowest decelerate langsam langsamer verlangsamen verlangsamte",
  "often frequent frequently oft öfter häufig häufiger | rarely seldom selten seltener",
  "expensive dear teuer teurer teurere teureren | cheap cheaper billig billiger billigere günstig günstiger",
  "maximum max maximal | minimum min minimal",
  "upper obere | lower untere",
  "gain | lose loses lost losing",
  "allow permit accept approve authorize authorise legal lawful grant erlauben erlaubt gestatten annehmen angenommen akzeptieren genehmigen genehmigt zulassen zugelassen zulässig | " +
    "deny denies denied veto vetoes vetoed forbid forbids forbade forbidden prohibit reject refuse ban bans banned disallow dismiss illegal unlawful verbieten verbietet " +
    "verbot verboten ablehnen abgelehnt untersagen untersagt verweigern verweigert abgewiesen unzulässig",
  "enable activate aktivieren aktiviert einschalten eingeschaltet | disable deactivate deaktivieren deaktiviert abschalten abgeschaltet ausschalten ausgeschaltet",
  "add adds added adding introduce insert append hinzufügen hinzugefügt einführen eingeführt | remove delete drop dropped drops cut cuts cutting withdraw withdrew withdrawn entfernen entfernt löschen gelöscht abschaffen abgeschafft",
  "include contain einschließlich enthalten | exclude omit ausschließen ausgeschlossen",
  "open opened öffnen öffnet öffnete geöffnet | close closed shut schließen schließt schloss geschlossen",
  "found establish create launch start begin begins began begun gründen gründete gegründet beginnen beginnt begann begonnen starten | " +
    "close closed abolish dissolve end stop finish terminate discontinue schließen schloss geschlossen auflösen aufgelöst enden endete beenden beendet stoppen",
  "win wins won winning victory gewinnen gewinnt gewann gewonnen sieg | lose loses lost losing defeat verlieren verliert verlor verloren niederlage",
  "buy buys bought purchase acquire acquisition kaufen kaufte gekauft erwerben erwarb erworben | sell sells sold selling sale verkaufen verkauft verkaufte",
  "lend lends lent lending loan | borrow",
  "enter arrive join joined betreten ankommen beitreten | leave leaves left leaving depart exit verlassen verließ austreten",
  "north northern norden nord nördlich | south southern süden süd südlich",
  "east eastern osten ost östlich | west western westen westlich",
  "male males man men boy boys father fathers männlich männer jungen | female females woman women girl girls mother mothers weiblich frauen mädchen",
  "promote stimulate activate boost strengthen encourage fördern fördert gefördert stärken stärkt verstärken | " +
    "inhibit suppress block hinder weaken discourage prevent hemmen hemmt gehemmt schwächen schwächt verhindern verhindert unterdrücken",
  "severe serious heavy schwer schwere schwerer schweren | mild light slight leicht leichte leichter leichten",
  "hot hotter warm warmer heiß | cold colder cool cooler kalt kälter kühl",
  "strong stronger strongest stark stärker starke | weak weaker weakest schwach schwächer schwache",
  "long longer longest tall taller tallest lang länger lengthen prolong extend extends extended extending verlängern verlängert verlängerung | short shorter shortest kurz kürzer shorten shortens shortened curtail verkürzen verkürzt verkürzung",
  "large big great groß große größte | small little klein kleine kleinste",
  "wide wider broad breit | narrow narrower schmal",
  "deep deeper tief tiefer | shallow shallower flach",
  "thick thicker dick | thin thinner dünn",
  "automatic automatically automated automatisch automatische automatischen | manual manually manuell manuelle manuellen",
  "success succeed successful successfully erfolg erfolgreich gelingen gelang gelungen | fail fails failed failure unsuccessful scheitern scheiterte gescheitert misslingen misslang",
  "support favour favor back backed endorse unterstützen unterstützt befürworten befürwortet | oppose opposes opposed ablehnen abgelehnt bekämpfen",
  "better best improve besser beste verbessern verbessert | worse worst worsen deteriorate schlechter schlechteste verschlechtern verschlechtert",
  "positive positiv | negative negativ",
  "majority mehrheit | minority minderheit",
  "import importieren einfuhr | export exportieren ausfuhr",
  "upload hochladen | download herunterladen",
  "encrypt verschlüsseln verschlüsselt | decrypt entschlüsseln entschlüsselt",
  "lock sperren gesperrt | unlock entsperren entsperrt",
  "connect verbinden verbunden | disconnect trennen getrennt",
  "visible sichtbar | hidden invisible unsichtbar versteckt",
  "public öffentlich | private privat",
  "internal intern | external extern",
  "inside within innerhalb | outside außerhalb",
  "double doubles doubled twiceas verdoppeln verdoppelt | halve halves halved halfas halbieren halbiert",
  "cheap cheaper inexpensive billig billiger günstig | expensive costly dear teuer teurer",
  "rich richer wealthy reich | poor poorer arm",
  "young younger new newer newest recent jung neu neue neuer | old older oldest alt alte altes alten",
  "profit surplus gewinn überschuss | loss losses deficit verlust defizit",
  "most meisten | least",
  "true wahr richtig correct | false falsch incorrect wrong",
  "same identical equal gleich identisch | different differ unequal unterschiedlich verschieden",
  "agree zustimmen zugestimmt | disagree widersprechen widersprochen",
  "present anwesend vorhanden | absent missing abwesend",
  "ascending aufsteigend | descending absteigend",
  "top oben | bottom unten",
  "day daytime tag tagsüber | night nighttime nacht nachts",
  "safe secure sicher | dangerous unsafe insecure gefährlich unsicher",
  "easy easier simple einfach | difficult harder hard schwierig",
  "empty leer | full voll",
  "near nearer nah nahe | far farther fern weit",
  "always immer stets | never nie niemals",
  "often frequently häufig oft | rarely seldom infrequently selten",
  "common frequent häufig üblich | rare uncommon selten",
  "permanent dauerhaft ständig | temporary vorübergehend befristet",
  "guilty schuldig | innocent acquitted unschuldig freigesprochen",
  "alive survive survived lebend überleben überlebt | dead died killed tot starb gestorben",
  "synchronous synchronously synchron | asynchronous asynchronously asynchron",
  "required mandatory compulsory obligatory erforderlich verpflichtend vorgeschrieben | optional voluntary freiwillig",
  "automatic automatically automatisch | manual manually manuell",
  "accept | decline",
  "earliest frühestens | latest atlatest",
  "once ever einmal jemals | never nie niemals",
  "only solely exclusively nur ausschließlich lediglich | evenif even sogar auch",
  "appear appears appeared erscheinen erscheint | disappear disappears disappeared vanish verschwinden verschwindet",
  "compress komprimieren komprimiert | decompress uncompress entpacken entpackt",
  "install installs installed installieren installiert | uninstall uninstalls uninstalled deinstallieren deinstalliert",
  "subscribe abonnieren abonniert | unsubscribe abbestellen abbestellt",
  "mount einhängen | unmount aushängen",
  "serialize serialise | deserialize deserialise",
  "mutable veränderlich | immutable unveränderlich",
  "static statisch | dynamic dynamisch",
  "local lokal | remote entfernt",
  "explicit explicitly ausdrücklich explizit | implicit implicitly stillschweigend implizit",
  "direct directly direkt unmittelbar | indirect indirectly indirekt mittelbar",
  "absolute absolut | relative relativ",
  "active aktiv | passive inactive passiv inaktiv",
  "online | offline",
  "horizontal waagerecht | vertical senkrecht",
  "left links linke linken | right rechts rechte rechten",
  "forward forwards vorwärts | backward backwards rückwärts",
  "ahead voraus | behind hinterher",
  "wet nass feucht | dry trocken",
  "light lighter leichter | heavy heavier schwerer",
  "bright brighter hell heller | dark darker dunkel dunkler",
  "clean sauber | dirty schmutzig",
  "hard harder hart | soft softer weich",
  "smooth glatt | rough rau",
  "alkaline basic basisch | acidic sauer",
  "urban städtisch | rural ländlich",
  "domestic inländisch | foreign ausländisch",
  "above oberhalb | below unterhalb",
  "confirm confirms confirmed bestätigen bestätigt bestätigte | refute refutes refuted contradict contradicts contradicted widerlegen widerlegt",
  "praise praised loben lobte gelobt | criticise criticize criticised criticized kritisieren kritisierte kritisiert",
  "continue continues continued resume resumes fortsetzen fortgesetzt weiter | interrupt suspend suspends suspended pause pauses paused unterbrechen unterbrochen anhalten",
  "retain retains retained keep keeps kept preserve behalten behält aufbewahren bewahren | lose loses lost losing discard discards discarded delete deletes deleted verwerfen verworfen löschen löscht gelöscht",
  "protect protects protected schützen schützt geschützt | endanger expose exposes exposed gefährden gefährdet",
  "attract attracts attracted anziehen | repel repels repelled abstoßen",
  "heat heats heated erhitzen erhitzt erwärmt | cool cools cooled kühlen kühlt gekühlt",
  "maximise maximize maximises maximizes | minimise minimize minimises minimizes",
  "tighten tightened tightens verschärfen verschärft verschärfte | relax relaxed loosen loosened ease eased lockern lockert lockerte gelockert",
  "optimistic optimistisch | pessimistic pessimistisch",
  "significant significantly signifikant erheblich | negligible insignificant unerheblich geringfügig",
  "sufficient enough ausreichend genügend | insufficient unzureichend ungenügend",
];

/**
 * Parts that one takes towards another, as "one | other". A text speaks of both as often as not, so that only a sentence
 * that names the one where its quotes name the other alone is compared.
 */
const COUNTERPARTS = [
  "client clients | server servers",
  "sender senders absender | receiver receivers recipient recipients empfänger",
  "tenant tenants lessee mieter mieters | landlord landlords lessor vermieter vermieters",
  "buyer buyers purchaser käufer käufers | seller sellers vendor vendors verkäufer verkäufers",
  "employer employers arbeitgeber arbeitgebers | employee employees arbeitnehmer arbeitnehmers beschäftigte beschäftigten",
  "lender lenders creditor creditors gläubiger | borrower borrowers debtor debtors schuldner",
  "plaintiff plaintiffs claimant kläger | defendant defendants beklagte beklagten",
  "producer producers erzeuger | consumer consumers verbraucher",
  "publisher publishers | subscriber subscribers",
  "caller callers aufrufer | callee callees",
  "parent parents eltern | child children kind kinder",
  "teacher teachers lehrer | pupil pupils student students schüler",
  "doctor doctors physician physicians arzt ärzte | patient patients patienten",
  "host hosts | guest guests",
  "controller controllers verantwortliche | processor processors auftragsverarbeiter",
  "administrator administrators administratoren | member members user users mitglied mitglieder benutzer",
  "read reads reading lesen liest lesend | write writes writing written schreiben schreibt schreibend",
  "push pushes pushed | pull pulls pulled",
  "encode encodes encoded encoding | decode decodes decoded decoding",
  "input inputs eingabe eingaben eingang | output outputs ausgabe ausgaben ausgang",
  "source sources quelle quellen | target targets destination destinations ziel ziele",
  "frontend | backend",
  "ancestor ancestors | descendant descendants",
  "prefix | suffix",
  "header headers | footer footers",
  "husband ehemann | wife ehefrau",
  "son sons sohn söhne | daughter daughters tochter töchter",
  "brother brothers bruder brüder | sister sisters schwester schwestern",
  "uncle onkel | aunt tante",
  "predecessor predecessors vorgänger | successor successors nachfolger",
  "winner winners gewinner sieger | loser losers verlierer",
];

/** Words that are prepositions as often as comparisons: they count only before a number. */
const BEFORE_NUMBERS = wordSet("over above under below über unter since seit ab");
/** Words that a number follows. */
const NUMBERED = wordSet("version versions release releases introduction launch kernel edition ausgabe");

/** The first axis of counterparts. */
const FIRST_COUNTERPART = OPPOSITES.length;

/** Whether the words of an axis are counterparts rather than opposites. */
export function isCounterpart(axis: number): boolean {
  return axis >= FIRST_COUNTERPART;
}

const DIRECTIONS = new Map<string, Direction[]>();
[...OPPOSITES, ...COUNTERPARTS].forEach((line, axis) => {
  line.split("|").forEach((words, index) => {
    const side = index === 0 ? 0 : 1;
    for (const word of wordSet(words)) {
      const known = DIRECTIONS.get(word) ?? [];
      DIRECTIONS.set(word, known);
      if (!known.some((each) => each.axis === axis)) known.push({ axis, side });
    }
  });
});
/** Of listed words by their stem, for inflections that are not listed. */
const STEMMED = new Map<string, Direction[]>();
for (const [word, directions] of DIRECTIONS) {
  for (const short of new Set([stem(word), trimGermanEnding(word)])) {
    const known = STEMMED.get(short) ?? [];
    STEMMED.set(short, [
      ...known,
      ...directions.filter((each) => !known.some(({ axis }) => axis === each.axis)),
    ]);
  }
}

/** The word that a comparative or superlative is made of: "deepest", "busier", "tiefsten". */
function positiveOf(word: string): string {
  return word
    .replace(/(?<=\p{L}{3})i(?:er|est)$/u, "y")
    .replace(/(?<=\p{L}{3})(?:est|er|s?te[nrsm]?|ere[nrsm]?)$/u, "");
}

/** The directions of a word in lower case; `next` decides for "over" and "since". */
export function findDirections(word: string, next: string | undefined): readonly Direction[] {
  const isCounted = /^\p{N}/u.test(next ?? "") || NUMBERED.has(next ?? "");
  if (BEFORE_NUMBERS.has(word) && !isCounted) return [];
  const listed = DIRECTIONS.get(word) ?? [];
  const inflected =
    STEMMED.get(stem(word)) ?? STEMMED.get(trimGermanEnding(word)) ?? DIRECTIONS.get(positiveOf(word)) ?? [];
  return [...listed, ...inflected.filter((each) => !listed.some(({ axis }) => axis === each.axis))];
}

/** A German word without the ending of its case or person. */
export function trimGermanEnding(word: string): string {
  return word.length < 6 ? word : word.replace(/(?:en|er|es|em|te|ten|e|n|s|t)$/, "");
}

export const NEGATIONS = wordSet(
  "not no never none neither nor nobody nothing nowhere without nicht kein keine keinen keiner keinem keines nie niemals nichts niemand nirgends weder ohne",
);

/** Words that deny something without a negation: beside them, code cannot tell whether the sense differs. */
export const IMPLICIT_NEGATIONS = wordSet(
  "neglect neglects neglected decline declines declined unterlassen unterlässt unterließ versäumt versäumen weigert weigern verweigert unless except only just merely solely barely hardly scarcely rarely seldom atmost atleast lack lacks lacked lacking fail fails failed failure " +
    "refuse refused refuses reject rejects rejected prohibit prohibits prohibited forbid forbids forbidden forbade prevent prevents " +
    "prevented avoid avoids avoided exclude excludes excluded omit omits omitted cease ceased absent missing instead rather unable " +
    "impossible zero nil deny denies denied otherwise else different against disable disables disabled ban bans banned " +
    "remove removes removed removal drop drops dropped discontinue discontinues discontinued stop stops stopped end ends ended " +
    "cancel cancels cancelled canceled withdraw withdrawn withdrew waive waives waived exempt free ignore ignores ignored skip skips " +
    "skipped fix fixes fixed resolve resolves resolved solve solves solved eliminate eliminates eliminated avoids wait waits same unchanged constant steady regardless irrespective independent independently insensitive caseinsensitive few little " +
    "entfernt entfällt entfallen weggefallen eingestellt gestrichen kostenlos gebührenfrei frei befreit entbehrlich unabhängig " +
    "gleich gleiche gleichen unverändert konstant behebt behoben beseitigt löst gelöst ignoriert übersprungen erlischt wirkungslos " +
    "außer sofern falls nur lediglich statt anstatt kaum selten verboten verbietet verbieten untersagt verhindert verhindern vermeiden " +
    "vermeidet unmöglich fehlt fehlen sonst andernfalls abgelehnt lehnt ausgeschlossen gegen",
);

/** Words by which a text says that what it denies beside them is no longer so. */
export const UNDOING = wordSet(
  "fix fixes fixed resolve resolves resolved solve solves solved correct corrects corrected prevent prevents prevented avoid avoids avoided " +
    "eliminate eliminates eliminated repair repaired behebt behoben beheben beseitigt beseitigen verhindert verhindern vermeidet vermeiden korrigiert",
);

/** Quantifiers and modal verbs by class. What stands for one in a quote may say it in other words. */
export type Quantifier =
  "all" | "most" | "few" | "some" | "only" | "at least" | "at most" | "exactly" | "must" | "may";

export const QUANTIFIERS: Record<Quantifier, { words: ReadonlySet<string>; synonyms: ReadonlySet<string> }> = {
  all: {
    words: wordSet("all every whole entire entirely everyone everybody everything always alle allen aller alles jede jeder jedes jeden jedem sämtliche sämtlichen ganze ganzen gesamte gesamten immer stets"),
    synonyms: wordSet("each any anyone anybody anything both no none never nobody throughout completely fully full total kein keine keinen nie niemals beide beiden insgesamt völlig vollständig voll per pro unanimous unanimously"),
  },
  most: {
    words: wordSet("most mostly majority meisten meist mehrheit"),
    synonyms: wordSet("largely mainly many viele vielen überwiegend größtenteils"),
  },
  few: {
    words: wordSet("few wenige wenigen"),
    synonyms: wordSet("fewer rare rarely little minority selten"),
  },
  some: {
    words: wordSet("some several certain sometimes occasionally partly partially einige einigen manche manchen mehrere mehreren teilweise manchmal gelegentlich"),
    synonyms: wordSet("many most few part mostly often viele vielen meisten wenige teil oft"),
  },
  only: {
    words: wordSet("only solely exclusively nur lediglich ausschließlich"),
    synonyms: wordSet("just alone merely sole single exclusive except no not nicht none never other unless limited restricted allein einzig einzige bloß außer kein keine"),
  },
  "at least": {
    words: wordSet("atleast minimum"),
    synonyms: wordSet("more over above exceed exceeds exceeding minimum min older later least mehr über minimal frühestens atlatest spätestens"),
  },
  "at most": {
    words: wordSet("atmost maximum"),
    synonyms: wordSet("maximum max limit limits limited less fewer under below within cap capped younger exceed exceeds no most maximal weniger unter innerhalb binnen grenze nicht atlatest until till bis"),
  },
  exactly: {
    words: wordSet("exactly precisely genau exakt"),
    synonyms: wordSet("exact precise equal equals genaue exakte"),
  },
  must: {
    words: wordSet("must shall required mandatory muss müssen musste mussten"),
    synonyms: wordSet("need needs needed has have require requires obliged obligatory compulsory only necessary should sollen soll erforderlich nötig pflicht verpflichtet do"),
  },
  may: {
    words: wordSet("may can could might optional optionally darf dürfen kann können könnte könnten durfte konnte"),
    synonyms: wordSet("allowed permitted possible able optional free allows allow permits permit enables erlaubt möglich optional"),
  },
}; // prettier-ignore

/** Periods in English and German, by the English name. */
const PERIODS: readonly (readonly [string, string, string])[] = [
  ["second", "everysecond sekündlich", "second sekunde"],
  ["minute", "everyminute minütlich", "minute minute"],
  ["hour", "hourly stündlich", "hour stunde"],
  ["day", "daily täglich", "day tag"],
  ["week", "weekly wöchentlich", "week woche"],
  ["month", "monthly monatlich", "month monat"],
  ["quarter", "quarterly vierteljährlich quartalsweise", "quarter quartal"],
  ["year", "yearly annually annual jährlich", "year jahr"],
];

/** How often something is: the period of a word such as "daily". */
export const FREQUENCIES: ReadonlyMap<string, string> = new Map(
  PERIODS.flatMap(([period, words]) => words.split(" ").map((word): [string, string] => [word, period])),
);

/** "Per week", "each week" and "jede Woche" are "weekly". */
const FREQUENCY_PHRASES = PERIODS.map(([, words, nouns]): readonly [RegExp, string] => [
  new RegExp(
    `(?<!\\p{L})(?:(?:once|einmal) )?(?:per|pro|(?<!(?:in|for|für) )(?:every|each|jede[nrsm]?)|once an?|einmal (?:im|in der|am)) (?:${nouns.replaceAll(" ", "|")})(?!\\p{L})`,
    "gu",
  ),
  words.split(" ")[0] ?? "",
]);

/** "160,000 vehicles a day". */
const PER_PERIOD = PERIODS.map(([, words, nouns]): readonly [RegExp, string] => [
  new RegExp(
    `(?<=\\d \\p{L}{1,30} )an? (?:${nouns.split(" ")[0]})(?! (?:later|after|ago|earlier))(?!\\p{L})`,
    "gu",
  ),
  words.split(" ")[0] ?? "",
]);

/** Phrases that are one word to the check, so that "no more than" is no negation. */
export const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/n['’]t\b/g, " not"],
  // "Falls" is "if" in German.
  [/\bfalls (?=(?:back|to|by|below|under|into|from|short|off|out|within|through|behind|\d))/g, "fall "],
  [/\b(?:as|so) long as\b/g, "while"],
  [/\bcall(?:s|ed|ing)? off\b/g, "cancelled"],
  [/\b(?:only|just|nur|lediglich) (?=(?:an? )?(?:few|handful|small|fraction|wenige[nr]?|kleine[rn]?|bruchteil)(?!\p{L}))/gu, " "],
  [/\b(?:non|nicht)-(?=\p{L})/gu, "not "],
  [/\bcannot\b/g, "can not"],
  [/\bcan not\b|\bca not\b/g, "can not"],
  [/\b(?:not only|nicht nur)\b/g, " "],
  [/\bhalf as\b|\bhalb so(?!\p{L})/gu, "halfas"],
  [/\b(?:2|twice) as\b|\b(?:2|doppelt|zweimal) so(?!\p{L})/gu, "twiceas"],
  [/\bsince the (?=(?:release|introduction|launch)\b)/g, "since "],
  [/\b(?:not quite|nicht ganz) (?=\d)/g, " "],
  [/\bat-(least|most)-?/g, "at $1 "],
  // "Only 2 kg" says what one thinks of a number.
  [/\b(?:only|just|merely|nur|lediglich) (?=\d)/g, " "],
  [/\b(?:no longer|no more|nicht mehr|nicht länger)\b(?! (?:than|als)\b)/g, "not"],
  [/\b(?:any more|anymore|any longer)\b/g, " "],
  [/\b(?:unless and until|es sei denn,?(?: dass)?|außer wenn|außer,? (?:wenn|dass)|except (?:if|when))(?!\p{L})/gu, "unless"],
  [/\b(?:even if|even when|even though|auch wenn|auch ohne|selbst wenn|sogar wenn)(?!\p{L})/gu, "evenif"],
  [/\b(?:starting|beginning) (?:with|from|in)\b|\bas of\b(?= (?:version|release|\d))/g, "since"],
  [/\bno\. ?(?=\d)/g, " "],
  [/\b(?:no more than|not more than|no greater than|no larger than|no bigger than|no higher than|no longer than|no later than|at most|a maximum of|up to|höchstens|maximal|bis zu|nicht mehr als|nicht länger als)(?!\p{L})/gu, "atmost"],
  [/\b(?:no fewer than|no less than|not less than|not fewer than|no smaller than|no shorter than|a minimum of|at least|mindestens|wenigstens|nicht weniger als)(?!\p{L})/gu, "atleast"],
  [/\bat (?:the )?latest\b|\bspätestens\b/g, "atlatest"],
  [/\b(?:or|oder) (?:less|fewer|weniger)\b/g, "atmost"],
  [/\b(?:or|oder) (?:more|mehr)\b/g, "atleast"],
  [/\b(turn|turns|turned|turning|switch|switches|switched|switching) on\b/g, "enable"],
  [/\b(turn|turns|turned|turning|switch|switches|switched|switching) off\b/g, "disable"],
  [/\bon by default\b/g, "enabled by default"],
  [/\boff by default\b/g, "disabled by default"],
  [/\b(?:at all|above all|all right|all the more|first of all|vor allem|allen voran)\b/g, " "],
  [/\b(?:in all|after all)(?=[.,;]|$)/g, " "],
  [/\b(?:have to|has to|had to|need to|needs to|are required to|is required to)\b/g, "must"],
  [/\b(?:is|are|was|were) able to\b/g, "can"],
  [/\b(?:is|are|was|were) unable to\b/g, "can not"],
  ...FREQUENCY_PHRASES,
  ...PER_PERIOD,
]; // prettier-ignore
