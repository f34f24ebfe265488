import assert from "node:assert/strict";
import fc from "fast-check";
import { decodePage } from "../../../../src/reading/documents/decode-page.js";
import { decodeFile } from "../../../../src/reading/documents/decode-file.js";

/** A table from characters to bytes, made from what the decoder does with all bytes. */
function encoder(label: string): (text: string) => Uint8Array {
  const decoder = new TextDecoder(label);
  const table = new Map<string, number[]>();
  const add = (bytes: number[]): void => {
    const text = decoder.decode(Uint8Array.from(bytes));
    if (Array.from(text).length === 1 && text !== "\ufffd" && !table.has(text)) table.set(text, bytes);
  };
  for (let byte = 0; byte < 256; byte++) add([byte]);
  if (/^(?:big5|euc|gb|shift)/.test(label)) {
    for (let first = 0x81; first < 0xff; first++)
      for (let second = 0x40; second < 0xff; second++) add([first, second]);
  }
  return (text) =>
    Uint8Array.from(
      Array.from(text).flatMap((one) => {
        const bytes = table.get(one);
        if (bytes === undefined) throw new Error(`${label} has no ${one}`);
        return bytes;
      }),
    );
}

/** What each language's sample is about does not matter; it is prose, a few sentences long. */
const SAMPLES: Record<string, { text: string; in: string[] }> = {
  German: {
    text: "Die Sitzung wird dort fortgesetzt, wo das Protokoll endet. Größere Änderungen müssen später überprüft werden, und über fünf Prüfungen führt man natürlich Buch.",
    in: ["windows-1252"],
  },
  French: {
    text: "La séance reprend là où le journal s'arrête. Après l'échec, les données déjà reçues ne sont pas redemandées, même si le délai était très court à l'époque.",
    in: ["windows-1252"],
  },
  Italian: {
    text: "La sessione continua là dove finisce il diario. Le risposte già arrivate non vengono richieste di nuovo, perché ogni fonte è conservata e può essere verificata più tardi.",
    in: ["windows-1252"],
  },
  Croatian: {
    text: "Sjednica se nastavlja tamo gdje dnevnik završava. Odgovori koji su već stigli ne traže se ponovno, čak i ako se pogreška dogodila kasnije. Svaki se izvor može provjeriti.",
    in: ["windows-1250", "iso-8859-2"],
  },
  Lithuanian: {
    text: "Posėdis tęsiamas ten, kur baigiasi žurnalas. Jau gauti atsakymai neprašomi iš naujo, net jei klaida įvyko vėliau. Kiekvieną šaltinį galima bet kada patikrinti.",
    in: ["windows-1257"],
  },
  Swedish: {
    text: "Sessionen fortsätter där dagboken slutar. Svar som redan har kommit efterfrågas inte på nytt, även om felet inträffade senare. Varje källa kan när som helst kontrolleras.",
    in: ["windows-1252"],
  },
  Spanish: {
    text: "La sesión continúa donde termina el diario. Después del error, los datos que ya llegaron no se piden otra vez, aunque el año pasado había más páginas en español.",
    in: ["windows-1252"],
  },
  Polish: {
    text: "Sesja jest kontynuowana w miejscu, w którym kończy się dziennik. Już otrzymane odpowiedzi nie są żądane ponownie, choćby błąd zdarzył się później. Źródła są zawsze łatwe do sprawdzenia.",
    in: ["windows-1250", "iso-8859-2"],
  },
  Czech: {
    text: "Sezení pokračuje tam, kde končí deník. Odpovědi, které již přišly, se nežádají znovu, i když chyba nastala později. Každý zdroj je možné kdykoli ověřit a přečíst.",
    in: ["windows-1250", "iso-8859-2"],
  },
  Hungarian: {
    text: "Az ülés ott folytatódik, ahol a napló véget ér. A már megérkezett válaszokat nem kérjük újra, akkor sem, ha később történt hiba. Minden forrás bármikor ellenőrizhető, és újra elolvasható.",
    in: ["windows-1250", "iso-8859-2"],
  },
  Turkish: {
    text: "Oturum, günlüğün bittiği yerden devam eder. Daha önce gelen yanıtlar yeniden istenmez; hata sonradan olsa bile. Her kaynağın doğruluğu istenildiği zaman yeniden sınanabilir ve okunabilir.",
    in: ["windows-1254"],
  },
  Russian: {
    text: "Сессия продолжается там, где кончается журнал. Ответы, которые уже получены, не запрашиваются снова, даже если ошибка случилась позже. Каждый источник можно проверить в любое время.",
    in: ["windows-1251", "koi8-r", "iso-8859-5"],
  },
  Bulgarian: {
    text: "Сесията продължава там, където свършва дневникът. Отговорите, които вече са получени, не се искат отново, дори ако грешката е станала по-късно. Всеки източник може да бъде проверен.",
    in: ["windows-1251", "iso-8859-5"],
  },
  Ukrainian: {
    text: "Сесія продовжується там, де закінчується журнал. Відповіді, які вже отримано, не запитуються знову, навіть якщо помилка сталася пізніше. Кожне джерело можна перевірити.",
    in: ["windows-1251"],
  },
  Greek: {
    text: "Η συνεδρία συνεχίζεται εκεί όπου τελειώνει το ημερολόγιο. Οι απαντήσεις που έχουν ήδη ληφθεί δεν ζητούνται ξανά, ακόμη και αν το σφάλμα έγινε αργότερα.",
    in: ["windows-1253", "iso-8859-7"],
  },
  Hebrew: {
    text: "המפגש נמשך במקום שבו היומן נגמר. תשובות שכבר התקבלו אינן מתבקשות שוב, גם אם התקלה קרתה מאוחר יותר. כל מקור ניתן לבדיקה בכל עת.",
    in: ["windows-1255", "iso-8859-8"],
  },
  Arabic: {
    text: "تستمر الجلسة من حيث ينتهي السجل. الأجوبة التي وصلت من قبل لا تطلب مرة أخرى حتى لو وقع الخطأ بعد ذلك. يمكن التحقق من كل مصدر في أي وقت.",
    in: ["windows-1256", "iso-8859-6"],
  },
  Japanese: {
    text: "セッションは記録が終わったところから再開されます。すでに受け取った回答は、後でエラーが起きても、もう一度求められることはありません。どの出典もいつでも確認できます。",
    in: ["shift_jis", "euc-jp"],
  },
  Chinese: {
    text: "会话从日志结束的地方继续。已经收到的回答不会再次请求，即使错误发生在后面。每一个来源都可以随时检查，报告中的每一句话都有出处。",
    in: ["gbk"],
  },
  "Chinese of Taiwan": {
    text: "工作階段從日誌結束的地方繼續。已經收到的回答不會再次請求，即使錯誤發生在後面。每一個來源都可以隨時檢查，報告中的每一句話都有出處。",
    in: ["big5"],
  },
  Korean: {
    text: "세션은 일지가 끝난 곳에서 계속됩니다. 이미 받은 답변은 나중에 오류가 나더라도 다시 요청하지 않습니다. 모든 출처는 언제든지 확인할 수 있습니다.",
    in: ["euc-kr"],
  },
};

describe("encodings", () => {
  for (const [language, { text, in: labels }] of Object.entries(SAMPLES)) {
    for (const label of labels) {
      it(`reads ${language} in ${label} that nobody names`, () => {
        const bytes = encoder(label)(text);
        assert.equal(decodeFile(bytes)?.text, text);
        const markup = `<html><head><title>x</title></head><body><div class="entry-content"><p>`;
        const page = Buffer.concat([Buffer.from(markup), bytes, Buffer.from("</p></div></body></html>")]);
        const decoded = decodePage(page, null);
        assert.ok(decoded?.text.includes(text) === true, decoded?.encoding);
        assert.match(decoded.warnings[0] ?? "", /^The page does not say its encoding; it was read as /);
      });
    }
  }

  const greeting = "Grüße, мир, 日本";
  const little = Buffer.from("\ufeff" + greeting, "utf16le");
  for (const [label, bytes] of Object.entries({
    "utf-16le": little,
    "utf-16be": Buffer.from(little).swap16(),
    "utf-8": Buffer.from("\ufeff" + greeting),
  })) {
    it(`reads ${label} with its mark`, () => {
      assert.deepEqual(decodePage(bytes, null), { text: greeting, encoding: label, warnings: [] });
      assert.deepEqual(decodeFile(bytes), { text: greeting, encoding: label, warnings: [] });
    });
  }

  it("believes the mark, then the header, then the page, then UTF-8, then guesses", () => {
    const latin = Buffer.from("Grüße", "latin1");
    assert.equal(decodePage(Buffer.from("\ufeffGrüße", "utf16le"), "utf-8")?.text, "Grüße");
    assert.equal(decodePage(latin, "iso-8859-1")?.text, "Grüße");
    assert.match(
      decodePage(Buffer.from('<meta charset="latin1">Grüße', "latin1"), null)?.text ?? "",
      /Grüße$/,
    );
    assert.equal(decodePage(Buffer.from("Grüße"), null)?.text, "Grüße");
    assert.equal(decodePage(latin, "no-such-charset")?.text, "Grüße");
    const wrong = decodePage(Buffer.from("Grüße, 日本"), "shift_jis");
    assert.equal(wrong?.text, "Grüße, 日本");
    assert.match(wrong.warnings[0] ?? "", /says that it is shift_jis, but is UTF-8/);
  });

  it("takes the page's word where the header names nothing that is known", () => {
    const page = Buffer.from('<meta charset="windows-1251">\u00cf\u00f0\u00e8', "latin1");
    assert.match(decodePage(page, "no-such-charset")?.text ?? "", /При$/);
  });

  it("takes no binary data for text", () => {
    const noise = Buffer.from(Array.from({ length: 5000 }, (_, n) => (n * n * 31 + n * 7) % 256));
    const png = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), noise]);
    const withoutNul = noise.map((byte) => (byte === 0 ? 1 : byte));
    for (const bytes of [png, noise, withoutNul, Buffer.from([0, 1, 2, 3]), Buffer.alloc(3000)]) {
      assert.equal(decodeFile(bytes), null);
    }
    for (const bytes of [png, noise, withoutNul]) assert.equal(decodePage(bytes, null), null);
  });

  it("never throws, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.option(fc.string()), (bytes, charset) => {
        decodePage(bytes, charset);
        decodeFile(bytes);
      }),
    );
  });
});
