import { wordSet } from "../../core/text/language.js";
import { GERMAN_SMALL_WORDS } from "./german-question.js";
import { isCommonVerb } from "./titles.js";

/*
 * Words of a question that an answer may do without: they ask, join, compare or describe, and name no subject. That none of
 * them stands in a source says nothing about the source.
 */

/** Small words that questions in other languages ask with. */
const INTERROGATIVES = wordSet(
  "wie was warum wieso weshalb wann wo woher wohin wer wem wen wessen welche welcher welches welchem welchen worin womit wofür " +
    "kann können muss soll sollte ich man mein mir mich gibt wird der die das ein eine einen und oder ist sind im in auf für mit zu " +
    "comment pourquoi quand où qui que quel quelle quels quelles combien est-ce cómo qué cuándo dónde quién cuál cuáles por cuánto " +
    "come perché quando dove chi quale quali quanto como quem qual onde как что почему когда где кто какой какая какие сколько " +
    "如何 怎么 怎样 怎麼 什么 什麼 为什么 為什麼 何时 何時 哪 哪个 哪些 哪里 哪裡 谁 誰 多少 几 是否 吗 呢 的 了 是 在 有 和 与 我 可以 应该 " +
    "どう どの どのように どこ どれ いつ だれ なぜ なに 何 か は を に の が で と です ます する して いる 方法 ください " +
    "어떻게 무엇 왜 언제 어디 누가 어떤 얼마나 كيف ما ماذا لماذا متى أين من هل कैसे क्या क्यों कब कहाँ कौन",
);

/** Words about questions and answers themselves, and nouns as wide as "thing". */
const ABOUT_ANSWERS = wordSet(
  "question questions answer answers example examples difference differences meaning purpose overview detail details docs doc " +
    "documentation else somebody someone something anybody anyone anything nobody nothing people person users user thing things way " +
    "ways kind kinds sort sorts type types case cases moment place described describe called named known located mentioned " +
    "considered based found born colleague colleagues coworker coworkers teammate teammates friend friends boss team somewhere " +
    "anywhere everywhere idea ideas reason reasons trouble problem problems question stuff",
);

/** Verbs that any text may say otherwise: "specify" is "pass", "give", "name". */
const VERBS = wordSet(
  "reject rejects rejected listen listens talk talks undo stay stays specify define declare state express obtain acquire retrieve " +
    "achieve accomplish proceed utilize employ tell know see ship ships shipped shipping win wins winning " +
    "came went gone told took taken gave given kept left lost made met paid put ran read said saw seen sent spent stood stuck thought " +
    "threw thrown understood woke wore written wrote became become begun began broke broken brought built bought caught chose chosen " +
    "cut did done drew drawn drove eaten fell fallen felt fought flew forgot forgotten froze frozen got grew grown had heard held hid " +
    "hidden knew known laid led lent meant rang rose risen rode shook shown shut slept sold sought spoke spoken stole swept swore taught " +
    "tore",
);

/** Numbers, amounts and times in words. */
const AMOUNTS = wordSet(
  "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty hundred hundreds thousand " +
    "thousands million millions dozen dozens half quarter third couple pair lot lots bunch plenty everything everyone everybody nothing " +
    "day days week weeks month months year years hour hours morning evening night nights noon midnight weekend yesterday tomorrow tonight " +
    "once thrice",
);

/** Words that join, place or compare. */
const JOIN_OR_COMPARE = wordSet(
  "between among amongst beside besides behind above below beyond within without against along across toward towards whereas instead " +
    "despite except unlike versus vs together apart ago " +
    "longer shorter larger bigger smaller greater higher lower faster slower quicker older newer earlier later sooner fewer lesser " +
    "easier harder simpler cheaper safer stronger weaker heavier lighter deeper wider closer further farther cleaner nicer worse " +
    "better longest shortest largest biggest smallest greatest highest lowest fastest slowest oldest newest earliest latest fewest " +
    "least easiest hardest simplest cheapest safest worst best closest",
);

/** Words that describe what another word names. */
const DESCRIBE = wordSet(
  "original actual whole entire full complete single multiple several various different similar separate additional extra certain " +
    "particular specific given proper correct right wrong good bad easy hard simple difficult possible impossible necessary own " +
    "main default first last second third next previous same latest recent current existing many old new big small long short " +
    "large little few needed required recommended allowed available useful important common usual normal typical safe unsafe fresh " +
    "huge tiny enormous massive straight white black grey gray red green blue yellow bright dark nasty weird strange odd funny ugly pretty " +
    "untouched alive dead awake asleep fancy neat messy clumsy crazy stupid dumb smart clever annoying sick tired fine okay nice great awesome " +
    "terrible awful horrible stuck cheap expensive rich poor young younger youngest near nearby far " +
    "altogether straightforward ready busy empty silent lonely whole half early late deep wide narrow broad heavy light loud quiet " +
    "myself yourself itself themselves ourselves always never often sometimes twice again already soon later now today currently " +
    "afterwards beforehand meanwhile forever anymore anyway maybe perhaps rather quite too enough almost",
);

/** The same of German. */
const GERMAN = wordSet(
  "zwischen neben hinter über unter ohne gegen statt anstatt anstelle trotz außer während sowie sondern beziehungsweise " +
    "länger kürzer größer kleiner höher niedriger schneller langsamer älter neuer jünger früher später mehr weniger besser schlechter " +
    "einfacher leichter schwerer längste kürzeste größte kleinste höchste niedrigste schnellste neueste neuesten älteste beste besten " +
    "ursprünglich ursprüngliche ursprünglichen ganz ganze ganzen einzeln einzelne einzelnen mehrere mehreren verschieden verschiedene " +
    "ähnlich bestimmt bestimmte bestimmten richtig falsch gut schlecht einfach schwierig möglich nötig eigen eigene eigenen erste ersten " +
    "letzte letzten nächste nächsten gleich gleiche gleichen selbst immer nie oft manchmal schon wieder heute jetzt zusammen automatisch " +
    "beispiel beispiele unterschied unterschiede bedeutung bedeutet zweck frage fragen antwort ding dinge art arten weise dokumentation",
);

/** Nouns and verbs that end like an adverb. */
const NO_ADVERBS = wordSet(
  "apply reply supply family assembly anomaly multiply comply rely fly july ally bully tally rally jelly belly",
);

/** Whether an answer may be one without this word of its question. */
export function isGeneralWord(given: string): boolean {
  const word = given.toLowerCase();
  if (/^(?:19|20)\d\d$|^\d+(?:\.\d+)+$/.test(word)) return false;
  if (/^(?:i|you|we|they|he|she|it|that|there|who|what)['’](?:d|ll|m|re|ve)$/.test(word)) return true;
  const isAdverb = word.length > 4 && word.endsWith("ly") && !NO_ADVERBS.has(word);
  return (
    /^[\d.]+$/.test(word) ||
    isAdverb ||
    isCommonVerb(word) ||
    [
      INTERROGATIVES,
      ABOUT_ANSWERS,
      VERBS,
      AMOUNTS,
      JOIN_OR_COMPARE,
      DESCRIBE,
      GERMAN_SMALL_WORDS,
      GERMAN,
    ].some((words) => words.has(word))
  );
}
