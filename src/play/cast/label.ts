import { numeral, ordinalNames } from '../formats/numeral.ts';

const articles = /^(?:the|an?|all the)\s+/i;
/** Titles that are cut short: a stop is part of them, printed or not. */
const cutTitle =
  /(?<!\S)(?:MRS?|MS|DR|STE?|MM?ES?|MLLES?|MESSRS|CAPT|LIEUT|LT|COL|MAJ|GEN|SERGT|SGT|CPL|PROF|REV|HON|INSP|SRA?|FR)(?= \S)|^MM?(?= \p{L}{2})/gu;

/**
 * A label or name in the form names are compared in: capitals, no stops, no article, ordinals in
 * words. "1 Clown." and "I Clown" are "FIRST CLOWN", "The Ghost" is "GHOST", "Mac-beth:" is "MAC-BETH", "Mrs Cross" is
 * "MRS. CROSS".
 */
export function normalName(printed: string): string {
  const bare = printed
    .normalize('NFC')
    .replace(/[’‘]/g, "'")
    .replace(/[[(].*?[\])]/g, ' ')
    .replace(/[*_"“”]+|#(?=\d)/g, ' ')
    .trimStart()
    // "A. K. Cross" has an initial, "A Messenger" an article.
    .replace(articles, '')
    .replace(/[.:,;]+/g, ' ')
    .replace(/[—–]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const tokens = bare.split(' ').map(respelled);
  if (tokens.length > 1) {
    const leading = labelOrdinal(tokens[0]!);
    if (leading) return [ordinalNames[leading - 1]!, ...tokens.slice(1)].join(' ');
    const trailing = /^\d{1,2}$|^I{1,3}$/.test(tokens.at(-1)!)
      ? numeral(tokens.at(-1)!)
      : undefined;
    // "WITCH 1" is the first witch, "HENRY IV" a king; "RICHARD II" and "EDWARD III" are kings too.
    if (trailing && trailing <= 10 && /^\d/.test(tokens.at(-1)!))
      return [ordinalNames[trailing - 1]!, ...tokens.slice(0, -1)].join(' ');
  }
  return tokens.join(' ').replace(cutTitle, '$&.');
}

/** Old spellings of roles, so that "1. Murtherer" and "First Murderer" have one name. */
const oldSpellings: Record<string, string> = {
  MURTH: 'MURD',
  SAYL: 'SAIL',
  SOULD: 'SOLD',
  CITTIZ: 'CITIZ',
};

/** A word of a name in capitals, old spellings of roles made new. */
export function respelled(word: string): string {
  return word
    .toUpperCase()
    .replace(/^(?:MURTH|SAYL|SOULD|CITTIZ)/, (start) => oldSpellings[start] ?? start);
}

function labelOrdinal(token: string): number | undefined {
  const number = /^(?:\d{1,2}(?:ST|ND|RD|TH|D)?|I{1,3}|IV|[A-Z]{5,7})$/.test(token)
    ? numeral(token)
    : undefined;
  return number !== undefined && number <= ordinalNames.length ? number : undefined;
}

/** The parts of a joint label: "ROSENCRANTZ and GUILDENSTERN" is two, "ALL" is one. */
export function jointParts(printed: string): string[] {
  return printed
    .split(/\s*(?:&amp;|&|\+|,|\/|;|\band\b|\bwith\b|(?<=\S\s)(?:und|et|och|og|y|e|и)(?=\s))\s*/iu)
    .map((part) => part.trim())
    .filter((part) => /[\p{L}\p{N}]/u.test(part));
}

/** Labels that stand for several people at once, whoever is there. */
const collective =
  /^(?:ALL|BOTH|OMNES|TUTTI|OTHERS|ALL (?:THE )?(?:REST|OTHERS)|WITHIN|COMPANY)(?![\p{L}\p{N}])/u;

/** True for "ALL", "BOTH", "OMNES": a label that names nobody. */
export function isCollective(name: string): boolean {
  return collective.test(name);
}

/** The role word of a name, in the singular: "WITCH" of "FIRST WITCH", "LORD" of "LORDS". */
export function roleOf(name: string): string {
  return singular(name.split(' ').at(-1)!);
}

const irregular: Record<string, string> = {
  WITCHES: 'WITCH',
  MEN: 'MAN',
  WOMEN: 'WOMAN',
  GENTLEMEN: 'GENTLEMAN',
  GENTLEWOMEN: 'GENTLEWOMAN',
  LADIES: 'LADY',
  COUNTRYMEN: 'COUNTRYMAN',
  FISHERMEN: 'FISHERMAN',
  WATCHMEN: 'WATCHMAN',
  FAIRIES: 'FAIRY',
  THIEVES: 'THIEF',
  WIVES: 'WIFE',
};

/** "MURDERERS" → "MURDERER", "WITCHES" → "WITCH"; a word that is no plural is left as it is. */
export function singular(word: string): string {
  const known = irregular[word];
  if (known) return known;
  if (/(?:SS|US|IS|AS|OS)$/.test(word) || word.length < 4) return word;
  if (/(?:CH|SH|X|Z)ES$/.test(word)) return word.slice(0, -2);
  if (/MEN$/.test(word)) return `${word.slice(0, -3)}MAN`;
  return word.endsWith('S') ? word.slice(0, -1) : word;
}
