// What the page says, in English and in Japanese. A function is given what the sentence is about.

const en = {
  title: "hayakana: names in Katakana",
  other: "日本語",
  lead: "Names in Latin letters, in Katakana.",
  names: "Names, one a line",
  model: "Model",
  language: "Language",
  notSaid: "not given",
  katakana: "Katakana",
  copy: "Copy",
  copied: "Copied",
  openAll: "Open all",
  closeAll: "Close all",
  open: ({ name }) => `Why: ${name}`,
  count: ({ names, unsure, without }) =>
    [`${names} ${names === "1" ? "name" : "names"}`, unsure && `${unsure} unsure`, without && `${without} without Katakana`].filter(Boolean).join(", "),
  others: "Spellings by probability",
  readAs: ({ language }) => `Read as ${language}.`,
  heatMap: ({ kana, letters }) => `The letters of ${letters} that each Kana of ${kana} was written on`,
  noHeatMap: "This name is too long for a heat map.",
  noAttention: "This model has no attention to show.",
  origin: { lexicon: "lexicon", kept: "as it was", known: "known name", rule: "rule", model: "network" },
  status: {
    kept: ["kept", "It is Kana or Kanji already."],
    lexicon: ["lexicon", "It stands so in the service's lexicon."],
    turned: ["turned", "It was turned round: the given name comes first."],
    unsure: ["unsure", "The network is in doubt. A person should look at it."],
    empty: ["empty", "There is no letter to read."],
    unreadable: ["unreadable", "It has characters that cannot be read."],
    too_long: ["too long", "It is longer than what can be read."],
    unfinished: ["unfinished", "The network came to no end."],
  },
  tooMany: ({ shown, names }) => `The first ${shown} of ${names} names are shown here. A table takes all of them.`,
  looksLikeTable: "This looks like a table.",
  asTable: "Take it as a table",
  pasted: "Pasted text",
  tables: "A whole table",
  tablesNote: "The file stays in this page. Only the names in the column that you choose are sent to this service.",
  choose: "Choose a CSV or TSV",
  drop: "or drop it here, or paste rows of a spreadsheet.",
  column: "Names are in",
  columnNumber: ({ number, example }) => `Column ${number}: ${example}`,
  header: "The first line names the columns",
  preview: "The first rows",
  rows: ({ name, rows }) => `${name}: ${rows} ${rows === "1" ? "row" : "rows"}`,
  start: "Add Katakana",
  goOn: "Go on",
  cancel: "Cancel",
  download: "Download",
  progress: "Progress",
  soFar: ({ done, rows }) => `${done} of ${rows}`,
  stopped: ({ done, rows }) => `Stopped at ${done} of ${rows}. What is done is kept.`,
  done: ({ rows, statuses }) => `Done: ${rows}. ${statuses}`,
  tooLarge: "The file has more than 64 MB. Use hayakana batch for it.",
  isWorkbook: "This is an Excel workbook or an archive. Save it as “CSV UTF-8”, or use hayakana batch.",
  isUtf16: "This text is UTF-16. Save it as “CSV UTF-8”.",
  isNotUtf8: "This text is not UTF-8; it may be Shift_JIS or Windows-1252. Save it as “CSV UTF-8”.",
  isBinary: "This is no text. Choose a CSV or TSV.",
  isEmpty: "There is no row in it.",
  cannotRead: "The browser cannot read this file. Choose it again.",
  oneFile: "One file at a time, please.",
  openQuote: ({ line }) => `Line ${line}: a quotation mark is never closed.`,
  afterQuote: ({ line }) => `Line ${line}: text after a closing quotation mark.`,
  tooWide: ({ line, found, width }) => `Line ${line} has ${found} values, but the first line has ${width}.`,
  key: "API key",
  keyNote: "This service needs a key. It is kept in this page's memory alone, and forgotten when you leave.",
  useKey: "Use it",
  wrongKey: "The service does not know this key.",
  gone: "The service does not answer.",
  busy: "The service is busy.",
  refused: ({ error }) => `The service refused: ${error}`,
  again: ({ seconds }) => `Trying again in ${seconds} s.`,
  api: "For programs",
  about: ({ version, model, licence, style }) => `hayakana ${version}, model ${model} (${licence})${style && `, style ${style}`}`,
};

const ja = {
  title: "hayakana：名前をカタカナに",
  other: "English",
  lead: "アルファベットの名前を、カタカナに。",
  names: "名前（1行に1つ）",
  model: "モデル",
  language: "言語",
  notSaid: "指定しない",
  katakana: "カタカナ",
  copy: "コピー",
  copied: "コピーしました",
  openAll: "すべて開く",
  closeAll: "すべて閉じる",
  open: ({ name }) => `理由：${name}`,
  count: ({ names, unsure, without }) =>
    [`${names}件`, unsure && `要確認 ${unsure}件`, without && `変換できない名前 ${without}件`].filter(Boolean).join("、"),
  others: "表記の候補",
  readAs: ({ language }) => `${language}の名前として読みました。`,
  heatMap: ({ kana, letters }) => `「${kana}」の各文字が「${letters}」のどの文字から書かれたか`,
  noHeatMap: "長すぎるため、ヒートマップは表示できません。",
  noAttention: "このモデルには表示できる注意の重みがありません。",
  origin: { lexicon: "辞書", kept: "元のまま", known: "既知の名前", rule: "規則", model: "推定" },
  status: {
    kept: ["元のまま", "すでにかな・漢字で書かれています。"],
    lexicon: ["辞書", "サービスの辞書にある表記です。"],
    turned: ["入れ替え", "名・姓の順に入れ替えました。"],
    unsure: ["要確認", "確信度が低い表記です。目で確かめてください。"],
    empty: ["空", "読める文字がありません。"],
    unreadable: ["読めません", "読めない文字が含まれています。"],
    too_long: ["長すぎます", "読める長さを超えています。"],
    unfinished: ["未完", "変換が終わりませんでした。"],
  },
  tooMany: ({ shown, names }) => `${names}件のうち、最初の${shown}件を表示しています。すべてを変換するには表として扱います。`,
  looksLikeTable: "表のようです。",
  asTable: "表として扱う",
  pasted: "貼り付けたテキスト",
  tables: "表をまるごと",
  tablesNote: "ファイルはこのページの外に出ません。サービスに送られるのは、選んだ列の名前だけです。",
  choose: "CSV・TSVを選ぶ",
  drop: "ここへのドロップや、表計算ソフトからの貼り付けもできます。",
  column: "名前の列",
  columnNumber: ({ number, example }) => `${number}列目：${example}`,
  header: "1行目は列の名前",
  preview: "最初の行",
  rows: ({ name, rows }) => `${name}：${rows}行`,
  start: "カタカナを加える",
  goOn: "続ける",
  cancel: "中止",
  download: "ダウンロード",
  progress: "進み具合",
  soFar: ({ done, rows }) => `${rows}行のうち${done}行`,
  stopped: ({ done, rows }) => `${rows}行のうち${done}行で止めました。済んだ分は残っています。`,
  done: ({ rows, statuses }) => `${rows}行、完了。${statuses}`,
  tooLarge: "ファイルが64 MBを超えています。hayakana batch をお使いください。",
  isWorkbook: "Excelブックか圧縮ファイルのようです。「CSV UTF-8」で保存し直すか、hayakana batch をお使いください。",
  isUtf16: "文字コードがUTF-16です。「CSV UTF-8」で保存し直してください。",
  isNotUtf8: "文字コードがUTF-8ではありません（Shift_JISなど）。「CSV UTF-8」で保存し直してください。",
  isBinary: "テキストではありません。CSVかTSVを選んでください。",
  isEmpty: "行がありません。",
  cannotRead: "ブラウザーがこのファイルを読めません。選び直してください。",
  oneFile: "ファイルは1つずつお願いします。",
  openQuote: ({ line }) => `${line}行目：引用符が閉じられていません。`,
  afterQuote: ({ line }) => `${line}行目：閉じた引用符の後に文字があります。`,
  tooWide: ({ line, found, width }) => `${line}行目の値は${found}個ですが、1行目は${width}個です。`,
  key: "APIキー",
  keyNote: "このサービスにはキーが必要です。キーはこのページのメモリーにだけ置かれ、ページを離れると消えます。",
  useKey: "使う",
  wrongKey: "このキーは登録されていません。",
  gone: "サービスから応答がありません。",
  busy: "サービスが混み合っています。",
  refused: ({ error }) => `サービスが受け付けませんでした：${error}`,
  again: ({ seconds }) => `${seconds}秒後にもう一度試します。`,
  api: "プログラムから使う",
  about: ({ version, model, licence, style }) => `hayakana ${version}、モデル ${model}（${licence}）${style && `、スタイル ${style}`}`,
};

export const words = { en, ja };
const asked = new URLSearchParams(location.search).get("lang");
const preferred = navigator.languages.map((code) => code.slice(0, 2)).find((code) => code in words);
export let language = asked in words ? asked : (preferred ?? "en");

/** Return a sentence. */
export function word(key, about = {}) {
  const said = key.split(".").reduce((words, step) => words?.[step], words[language]);
  return typeof said === "function" ? said(about) : said;
}

/** Return a number, a share or a language as people write it. */
export const number = (value) => new Intl.NumberFormat(language).format(value);
export const percent = (value) =>
  new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: value < 0.0995 ? 1 : 0 }).format(value);
export const languageName = (code) => new Intl.DisplayNames([language], { type: "language" }).of(code);

/** Return why an answer is waited for, and how long. */
export const waitText = (seconds, { status }) => `${word(status === 429 ? "busy" : "gone")} ${word("again", { seconds: number(seconds) })}`;

/** Go to the other language, and keep it in the address. */
export function switchLanguage() {
  language = language === "en" ? "ja" : "en";
  const url = new URL(location.href);
  url.searchParams.set("lang", language);
  history.replaceState(null, "", url);
}

/** Write all words that stand in the document itself. */
export function writeWords() {
  document.documentElement.lang = language;
  document.title = word("title");
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", word(element.dataset.label));
}
