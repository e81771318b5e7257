import { folded } from '../folded.ts';

const ordinals = [
  /^(?:first|prim[aeu]\w*)$/,
  /^(?:second|secund[aeu]\w*)$/,
  /^(?:third|terti[aeu]\w*)$/,
  /^(?:fourth|quart[aeu]\w*)$/,
  /^(?:fifth|quint[aeu]\w*)$/,
  /^(?:sixth|sext[aeu]\w*)$/,
  /^(?:seventh|septim[aeu]\w*)$/,
  /^(?:eighth|octav[aeu]\w*)$/,
  /^(?:ninth|non[aeu]\w*)$/,
  /^(?:tenth|decim[aeu]\w*)$/,
];
const cardinals = 'one two three four five six seven eight nine ten eleven twelve'.split(' ');
const romanValues: Record<string, number> = { i: 1, v: 5, x: 10, l: 50, c: 100 };

/**
 * The number that a word of a label or a cast list stands for: "IV", "4", "4th", "2d", "fourth", "Quarta", "four".
 *
 * @returns A whole number from 1, or undefined if the word is no numeral.
 */
export function numeral(text: string): number | undefined {
  const word = text.toLowerCase().replace(/[.,:;]+$/, '');
  const digits = /^(\d{1,3})(?:st|nd|rd|th|d|\.)?$/.exec(word);
  if (digits) return Number(digits[1]) || undefined;
  const ordinal = ordinals.findIndex((pattern) => pattern.test(word));
  if (ordinal >= 0) return ordinal + 1;
  const cardinal = cardinals.indexOf(word);
  return cardinal >= 0 ? cardinal + 1 : roman(word);
}

/**
 * Number → how headings write it as an ordinal: English, Latin, French, German, Spanish and Portuguese, Italian,
 * Russian, Dutch, the Scandinavian languages, Hungarian, Polish and Czech, Ukrainian, Finnish, Turkish. Stems without accents, in small letters; "*" stands for any ending.
 */
const headingOrdinals = [
  'first prim[aeou]* premier* erst* primer* primeir[oa] перв* eerst* forst* elso pierwsz* prvni перш* ensimm* birinci unua',
  'second* secund[aeou]* deuxiem* zweit* zwot* ander* segund[oa] втор* tweed* andr[ae] masodik drug* druh* друг* toinen ikinci segon* anden',
  'third terti[aeu]* troisiem* tierc* dritt* tercer* terceir[oa] terz[oa] трет* derd* tredj* harmadik trzec* treti kolmas ucuncu',
  'fourth quart[aeo]* quatriem* viert* cuart[oa] четв[еи]рт* vierd* fjard* fjerd* negyedik czwart* ctvrt* neljas dorduncu',
  'fifth quint[aeo]* cinquiem* funft* пят* vijfd* femt* otodik piat[aey]* paty пьят* viides besinci',
  'sixth sext[aeo]* sixiem* sechst* sest[oa] шест* zesd* sjatt* sjett* hatodik szost* sesty шост* kuudes',
  'seventh septim[aeo]* septiem* sieb* setim[oa] settim[oa] седьм* zevend* sjund* syvend* hetedik siodm* sedm* сьом* seitsem*',
  'eighth octav[aeo]* huitiem* acht* oitav[oa] ottav[oa] восьм* attond* ottend* nyolcadik osm[aey]* kahdeks*',
  'ninth non[aeo]* neuviem* neunt* noven[oa] девят* negend* niond* niend* kilencedik dziewiat* devaty yhdeks*',
  'tenth decim[aeo]* dixiem* zehnt* десят* tiend* tiond* tizedik dziesiat* desaty kymmenes',
  'eleventh undecim[aeo]* onziem* eilft* elft* decimoprimer[oa] undicesim[oa] одиннадцат* elfd* tizenegyedik',
  'twelfth duodecim[aeo]* douziem* zwolft* dodicesim[oa] двенадцат* twaalfd* tizenkettedik',
  'thirteenth treiziem* dreizehnt* decimotercer[oa] decimoterz[oa] decimaterz[oa] tredicesim[oa] тринадцат* dertiend* tizenharmadik',
  'fourteenth quatorziem* vierzehnt* decimocuart[oa] decimoquart[oa] decimaquart[oa] quattordicesim[oa] четырнадцат* tizennegyedik',
  'fifteenth quinziem* funfzehnt* decimoquint[oa] decimaquint[oa] quindicesim[oa] пятнадцат* tizenotodik',
  'sixteenth seiziem* sechzehnt* decimosext[oa] decimasest[oa] sedicesim[oa] шестнадцат* tizenhatodik',
  'seventeenth dix-septiem* siebzehnt* decimoseptim[oa] decimasettim[oa] diciassettesim[oa] семнадцат* tizenhetedik',
  'eighteenth dix-huitiem* achtzehnt* decimoctav[oa] decimottav[oa] diciottesim[oa] восемнадцат* tizennyolcadik',
  'nineteenth dix-neuviem* neunzehnt* decimonoven[oa] decimanona diciannovesim[oa] девятнадцат* tizenkilencedik',
  'twentieth vingtiem* zwanzigst* vigesim[oa] ventesim[oa] двадцат* huszadik',
  'vingt-et-uniem* vingt-uniem* einundzwanzigst* huszonegyedik',
  'vingt-deuxiem* zweiundzwanzigst* huszonkettedik',
  'vingt-troisiem* dreiundzwanzigst* huszonharmadik',
  'vingt-quatriem* vierundzwanzigst* huszonnegyedik',
].map(
  (stems) =>
    new RegExp(`^(?:${stems.replaceAll('*', '[\\p{L}]{0,5}').replaceAll(' ', '|')})$`, 'u'),
);
const tens: Readonly<Record<string, number>> = {
  twenty: 20,
  thirty: 30,
  двадцать: 20,
  тридцать: 30,
};
const only = /^(?:only|unic[oa]|unique|seul|einzig\p{L}{0,2}|единственн\p{L}{0,3})$/u;
const last =
  /^(?:last|ultim(?:[aoe]|us)|dernier\p{L}?|letzt\p{L}{0,2}|schluss|последн\p{L}{0,3})$/u;
const endings =
  'st nd rd th d e re ere er eme ieme te ter tes o a ª º ый ой й и е ое я ая го'.split(' ');
const digits = new RegExp(`^(\\d{1,3})(?:[-.]?(?:${endings.join('|')}))?$`, 'u');
/** "Imus", "IIda", "3tia", "4ta", as old books print Latin. */
const latinOrdinal = /^(\d{1,2}|[ivx]+)(?:m?us|m?um|ma|d[au]s?|ti[au]s?|t[au]s?)$/u;
const romanOrdinal = /^([ivxlc]+j?)(?:[-.](?:е|и|ое|я|ая|ый|ой)|er|re|ere|e|eme|[ªº])$/u;

/**
 * The number that a word of a heading stands for, in the languages of the great collections of plays.
 *
 * @returns A whole number from 1; `'next'` for "the last", "ultima", "dernière"; undefined if it is no numeral.
 */
export function headingNumeral(text: string): number | 'next' | undefined {
  const word = folded(text)
    .toLowerCase()
    .replace(/^[-.,:;]+|[-.,:;]+$/gu, '');
  if (word === '') return undefined;
  const plain = digits.exec(word);
  if (plain) return Number(plain[1]) || undefined;
  // Most headings have these: the patterns of a dozen languages need not be made ready for them.
  const latin = roman(word);
  if (latin !== undefined) return latin;
  const ordinal = headingOrdinals.findLastIndex((pattern) => pattern.test(word));
  if (ordinal >= 0) return ordinal + 1;
  const known =
    numeral(word) ??
    roman(romanOrdinal.exec(word)?.[1] ?? '') ??
    numeral(latinOrdinal.exec(word)?.[1] ?? '');
  if (known !== undefined) return known;
  const [ten = '', unit = ''] = word.split('-');
  const units = tens[ten] === undefined ? undefined : headingNumeral(unit);
  if (typeof units === 'number') return tens[ten]! + units;
  if (only.test(word)) return 1;
  return last.test(word) ? 'next' : undefined;
}

/** "xiv", and "iij" as old books print it. */
function roman(printed: string): number | undefined {
  const word = printed.replace(/(?<=^[ivxlc]*)j$/, 'i');
  if (!/^(?:x[cl]|l?x{0,3})(?:ix|iv|v?i{0,4})$/.test(word) || word === '') return undefined;
  const values = [...word].map((letter) => romanValues[letter]!);
  return values.reduce((sum, value, i) => sum + (value < (values[i + 1] ?? 0) ? -value : value), 0);
}

/** "first" … "tenth" for 1 … 10, as labels print them. */
export const ordinalNames =
  'FIRST SECOND THIRD FOURTH FIFTH SIXTH SEVENTH EIGHTH NINTH TENTH'.split(' ');
