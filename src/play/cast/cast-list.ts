import { numeral } from '../formats/numeral.ts';
import { normalName, singular } from './label.ts';

/** One person of a printed cast list. */
interface ListedPerson {
  /** In capitals, without article: "CLAUDIUS", "GHOST", "DUKE OF VENICE". */
  readonly name: string;
  /** What is printed after the name, such as "King of Denmark"; empty if there is nothing. */
  readonly description: string;
}

/** Several people of one kind in a printed cast list, such as "three Witches" or "Lords". */
interface ListedGroup {
  /** In the singular and in capitals: "WITCH". */
  readonly role: string;
  readonly count: number | undefined;
}

export interface CastList {
  readonly people: readonly ListedPerson[];
  readonly groups: readonly ListedGroup[];
}

/** Titles that say nothing without what follows "of". */
const titles =
  /^(?:KING|QUEEN|DUKE|DUCHESS|PRINCE|PRINCESS|EARL|COUNT|COUNTESS|LORD|LADY|MARQUESS|MARQUIS|ARCHBISHOP|BISHOP|CARDINAL|ABBOT|MAYOR|LORD MAYOR|SHERIFF|DAUPHIN|LIEUTENANT|CONSTABLE)$/;
const heading =
  /^[^\p{L}]*(?:dramatis person(?:a|ae|æ|e)|(?:the )?persons(?: (?:represented|of the (?:play|drama|comedy|tragedy|dialogue)|in the play))?|the (?:actors|persons)(?:['’]? names)?|(?:list of )?(?:the )?characters(?: (?:of|in) (?:the )?(?:play|order of appearance|comedy|tragedy|drama))?|(?:the )?cast(?: of characters)?|(?:les )?(?:acteurs|personnages)(?: de la com[ée]die)?|person(?:en|enverzeichnis|nages?|aggi|ajes|as|er|erna|erne|agens|aje|aj)|interlocutor(?:i|es)|(?:действующие )?лица|действующие|дійові особи|szem[ée]lyek|osoby|henkil[öo]t|persoane(?:le)?|rollen|kişiler|(?:τα )?πρ[όο]σωπα)[^\p{L}]*$/iu;
const setting =
  /^\s*(?:(?:the )?scene\b|la sc[èe]ne\b|la scena (?:è|si)\b|la escena\b|la acci[óo]n\b|die szene\b|ort(?: der handlung)?\b|schauplatz\b|(?:the )?action (?:takes place|passes|is (?:laid|set|supposed))\b|(?:the )?(?:time|period|place)\s*(?:[:—–]|--|of action)|действие происходит)/i;

const inlineList =
  /^\s*(?:dramatis personae|persons|characters|cast|personen|personnages|acteurs|personajes|personaggi|лица|действующие лица)\s*[:—–]\s*(?=\S)/iu;

/** The names of a cast list on one line, "Characters: NELL, TOM, A MESSENGER", behind the word that says so. */
export function inlineCast(line: string): { heading: string; names: string[] } | undefined {
  const heading = inlineList.exec(line)?.[0];
  if (heading === undefined) return undefined;
  const names = line.slice(heading.length).split(/[,;]\s+(?:and\s+)?/);
  return { heading, names };
}

/** True for a line of a cast list that tells where the play is set: "Scene: Elsinore", "La scène est à Paris." */
export function isSetting(text: string): boolean {
  return setting.test(text);
}

/** True for "Dramatis Personæ", "PERSONS REPRESENTED", "Characters in the Play". */
export function isCastHeading(text: string): boolean {
  return heading.test(text);
}

/** Reads the entries of a printed cast list: names, descriptions, groups. Headings and the setting are skipped. */
export function readCastList(entries: readonly string[]): CastList {
  const people: ListedPerson[] = [];
  const groups: ListedGroup[] = [];
  for (const entry of entries.filter((text) => !setting.test(text)).flatMap(sentences)) {
    // In small letters it says something about the names around it: "courtiers."
    if (heading.test(entry) || /^\p{Ll}/u.test(entry)) continue;
    const group = readGroups(entry);
    if (group) groups.push(...group);
    else {
      const { person, more } = readPerson(entry);
      if (person) people.push(person);
      groups.push(...more);
    }
  }
  return { people, groups };
}

/** "A Soldier. A Porter. An Old Man." is three entries. */
function sentences(entry: string): string[] {
  return entry
    .replace(/\s+/g, ' ')
    .trim()
    .split(/\.\s+(?=(?:An?|The|Two|Three|Four)\s)/)
    .filter((part) => /\p{L}/u.test(part));
}

/** "Lords, Ladies, and other Attendants" or "Two Clowns, Grave-diggers"; undefined if it is about one person. */
function readGroups(entry: string): ListedGroup[] | undefined {
  const chunks = entry.split(/,|\band\b|&/i).map((chunk) => chunk.trim());
  const first = groupOf(chunks[0]!);
  if (!first) return undefined;
  return first.count === undefined
    ? chunks.map(groupOf).filter((group) => group !== undefined)
    : [first];
}

function groupOf(text: string): ListedGroup | undefined {
  const tokens = text
    .replace(/[.]$/, '')
    .replace(/^(?:other|several|divers|certain|some|the|all)\s+/i, '')
    .split(/\s+/);
  const count = tokens.length > 1 ? numeral(tokens[0]!) : undefined;
  const last = tokens
    .at(-1)!
    .toUpperCase()
    .replace(/[^A-Z'-]/g, '');
  const role = singular(last);
  const counted = count !== undefined && /^[a-z]/i.test(tokens[0]!) && count > 1;
  if (role === last || tokens.length > 3 || (!counted && /^[A-Z]{2}/.test(text))) return undefined;
  if (!counted && tokens.length > 1 && /^[A-Z]/.test(tokens[0]!) && /^[A-Z]/.test(tokens[1]!))
    return tokens.length === 2 ? { role, count: undefined } : undefined;
  return { role, count: counted ? count : undefined };
}

/** "LUCIA sua figlia": small letters behind a name in capitals, which no word of a name parts. */
function behindCapitals(entry: string): { readonly index: number } | undefined {
  const name =
    /^(?:[\p{Lu}\p{M}'’.-]+\s+)*[\p{Lu}\p{M}'’.-]{3,}(?=\s+(?!(?:of|the|and|de|du|des|del|della|di|da|von|van|et|e|y|und|le|la|in|to|a)\b)\p{Ll}{2,})/u.exec(
      entry,
    );
  return name && !/['’]S$/.test(name[0]) ? { index: name[0].length } : undefined;
}

function readPerson(entry: string): { person?: ListedPerson; more: ListedGroup[] } {
  const cut = /[,;:(]|\s[-–—]+\s?|—|\bknown as\b/i.exec(entry) ?? behindCapitals(entry);
  let name = cut ? entry.slice(0, cut.index) : entry.replace(/\.\s*$/, '');
  let description = cut ? entry.slice(cut.index) : '';
  const inner = /^(.*?)\s+((?:of|to|attending|attendant|in|at|from|under)\s.*)$/.exec(name);
  if (inner && !titles.test(normalName(inner[1]!)) && !/^[A-Z' ]+$/.test(inner[1]! + inner[2]!)) {
    name = inner[1]!;
    description = `${inner[2]}${description}`;
  }
  const bare = normalName(name);
  if (!/\p{Lu}/u.test(bare) || bare.split(' ').length > 6) return { more: [] };
  const more = [...description.matchAll(/\band (?:the )?(\w+ [A-Z]\w+)/g)]
    .map((match) => groupOf(match[1]!))
    .filter((group) => group !== undefined);
  const clean = description
    // Dots lead to who played the part.
    .replace(/(?:\s*\.){3,}.*$/, '')
    // "(pronounced Hadla), a widow": the name ended before the bracket.
    .replace(/^[\s(]*([^()]*)\)/, '$1')
    .replace(/^[\s,;:(—–-]+/, '')
    .replace(/[.)\s]+$/, '');
  return { person: { name: bare, description: clean }, more };
}
