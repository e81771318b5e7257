import { DramatisError } from '../../errors.ts';
import type { Draft, DraftElement, DraftScene } from '../formats/draft.ts';
import type { LabelPiece } from '../formats/piece.ts';
import { literalPattern } from '../literal.ts';
import { type CastList, readCastList } from './cast-list.ts';
import { type KnownPerson, type KnownPlay, knownPlays } from './known-persons.ts';
import { normalName, roleOf, singular } from './label.ts';
import { innerLabels, labelNames, labelParts } from './label-parts.ts';
import { listedInFull } from './listed-in-full.ts';

/** One person while the labels are being resolved: all the names an edition prints for them. */
export class Member {
  /** Names as labels or in the cast list, in the form of `normalName`. */
  readonly names = new Set<string>();
  /** Abbreviations and labels that stand for one of the names. */
  readonly short = new Set<string>();
  readonly known: KnownPerson | undefined;
  description = '';
  /** Printed in the cast list. */
  listed = false;
  /** Listed with an id by the markup, under this name: nobody else is this person. */
  listedAs = '';
  name = '';

  constructor(known?: KnownPerson) {
    this.known = known;
  }
}

/** More speakers than any play has, Shakespeare's all together included. */
const maxMembers = 2000;

/** Who speaks words that have no label, if the scene does not tell. */
export const nobody = 'UNKNOWN';

/** Who each label of a play means. */
export class CastBook {
  readonly members: Member[] = [];
  readonly #byName = new Map<string, Member>();
  readonly #known: KnownPlay | undefined;
  readonly #aliases = new Map<string, KnownPerson[]>();
  /** Scene → capitalised words of its directions, where an ambiguous label looks for its person. */
  readonly #sceneWords = new Map<DraftScene, Set<string>>();
  readonly #list: CastList;
  readonly #fullWords = new Set<string>();
  readonly #abbreviates: boolean;
  /** Labels inside a play within the play → who they mean there. */
  readonly #inner: ReadonlyMap<LabelPiece, string> = new Map();
  /** Those whom the markup lists with an id, by the name that only they have. */
  readonly #persons = new Map<string, Member>();
  /** Every label, or part of a joint one, that is printed. */
  readonly #labels: ReadonlySet<string>;
  readonly #labelParts = new Map<LabelPiece, readonly string[]>();
  readonly #textParts = new Map<string, readonly string[]>();
  readonly #resolved = new Map<DraftScene, Map<string, Member>>();

  constructor(draft: Draft, title: string) {
    this.#list = readCastList(draft.castList.map(({ text }) => text));
    const scenes = draft.acts.flatMap((act) => act.scenes);
    for (const scene of scenes) this.#sceneWords.set(scene, directionWords(scene.elements));
    const labels = labelNames(scenes);
    this.#labels = new Set(labels);
    const most = Math.max(labels.length, this.#list.people.length);
    if (most > maxMembers)
      throw new DramatisError(
        'PLAY_UNREADABLE',
        `there are ${most} different speakers: this is no play`,
      );
    this.#known = recognise(title, [...labels, ...this.#list.people.map(({ name }) => name)]);
    for (const person of this.#known?.persons ?? [])
      for (const alias of [person.name, ...person.aliases])
        this.#aliases.set(alias, [...(this.#aliases.get(alias) ?? []), person]);
    if (this.#known) this.#inner = innerLabels(this.#known, scenes);
    this.#fullWords = this.#collectFullWords();
    this.#abbreviates = abbreviates(labels, this.#fullWords);
    this.#listPersons(draft, new Set(labels));
    for (const { name, description } of this.#list.people) {
      const member = this.#memberNamed(name);
      member.description ||= description;
      member.listed = true;
    }
    // Names in full first: an abbreviation looks for its person among them.
    for (const name of labels.flatMap((label) => this.#both([label])))
      if (this.#isFull(name)) this.#memberNamed(name);
    for (const scene of scenes) this.#resolveScene(scene);
    this.#joinListed();
    this.#nameMembers();
  }

  /** Makes a member of everybody whom the markup gives an id: the id says who it is, no name is compared. */
  #listPersons(draft: Draft, labels: ReadonlySet<string>): void {
    for (const { text, aliases } of draft.persons) {
      if (!labels.has(text)) continue;
      const known = this.#knownPerson(text);
      const taken = this.members.some((member) => member.known === known);
      const member = this.#newMember(taken ? undefined : known);
      member.listedAs = text;
      member.names.add(text);
      for (const alias of aliases) if (alias !== text) member.short.add(alias);
      this.#persons.set(text, member);
      this.#byName.set(text, member);
    }
  }

  /** The members a label of a scene stands for. */
  speakersOf(label: LabelPiece, scene: DraftScene): Member[] {
    const parts = this.#parts(label, scene);
    const found = parts
      .map((part) => this.#resolved.get(scene)?.get(part))
      .filter((m) => m !== undefined);
    return [...new Set(found)];
  }

  #parts(label: LabelPiece, scene: DraftScene): readonly string[] {
    const known = this.#labelParts.get(label);
    if (known) return known;
    const inner = label.speakers ? undefined : this.#inner.get(label);
    const given = label.text === '' && !label.speakers ? this.#unlabelled(scene) : inner;
    const parts = given === undefined ? this.#printedParts(label) : [given];
    this.#labelParts.set(label, parts);
    return parts;
  }

  /** The parts of a label as printed, taken apart but once for all labels of the same text. */
  #printedParts(label: LabelPiece): readonly string[] {
    const key = label.speakers ? label.speakers.join('\n') : label.text;
    const known = this.#textParts.get(key);
    if (known) return known;
    const parts = this.#both(labelParts(label, this.#byName));
    this.#textParts.set(key, parts);
    return parts;
  }

  /** "Both Murderers" are the first and the second, where there are such. */
  #both(parts: readonly string[]): string[] {
    return parts.flatMap((part) => {
      const role = /^BOTH (?:THE )?(\w+)$/.exec(part)?.[1];
      const pair = role ? [`FIRST ${singular(role)}`, `SECOND ${singular(role)}`] : [];
      return pair.length > 0 && pair.every((name) => this.#labels.has(name)) ? pair : [part];
    });
  }

  /** Who speaks words that no label is printed for: the only one whom the scene brings on before them. */
  #unlabelled(scene: DraftScene): string {
    const opening = scene.elements.find(({ kind }) => kind === 'direction');
    const words = opening?.kind === 'direction' ? directionWords([opening]) : new Set<string>();
    const named = [...words].filter((word) => this.#byName.has(word));
    return named.length === 1 ? named[0]! : nobody;
  }

  #resolveScene(scene: DraftScene): void {
    const resolved = new Map<string, Member>();
    this.#resolved.set(scene, resolved);
    for (const element of scene.elements) {
      if (element.kind !== 'speech') continue;
      const parts = this.#parts(element.label, scene);
      for (const part of parts)
        if (!resolved.has(part)) resolved.set(part, this.#resolve(part, scene));
      const person = parts.length === 1 ? this.#persons.get(parts[0]!) : undefined;
      if (person && element.label.text !== '') this.#noted(person, normalName(element.label.text));
    }
  }

  #resolve(name: string, scene: DraftScene): Member {
    const person = this.#persons.get(name);
    if (person) return person;
    const known = this.#knownPerson(name, scene);
    if (known) return this.#noted(this.#memberOf(known), name);
    const exact = this.#byName.get(name);
    if (exact) return exact;
    if (/^\d$/.test(name)) return this.#memberNamed(this.#numberedRole(Number(name), scene));
    const titled = this.#titled(name, scene);
    if (titled) return this.#noted(titled, name);
    if (this.#abbreviates) {
      const full = this.#expanded(name, scene);
      if (full) return this.#noted(full, name);
    }
    return this.#memberNamed(name);
  }

  /** Makes one member of a label and of the longer name that the cast list has for it. */
  #joinListed(): void {
    const speaking = new Set([...this.#resolved.values()].flatMap((found) => [...found.values()]));
    const open = this.members.filter(({ known, listedAs }) => !known && listedAs === '');
    const namesOf = (members: readonly Member[]): string[] =>
      members.flatMap(({ names }) => [...names].slice(0, 1));
    const pairs = listedInFull(
      namesOf(open.filter((member) => speaking.has(member) && !member.listed)),
      namesOf(open.filter((member) => !speaking.has(member) && member.listed)),
    );
    for (const [label, full] of pairs) {
      const member = this.#byName.get(label)!;
      const listed = this.#byName.get(full)!;
      member.short.add(full);
      member.description ||= listed.description;
      member.listed = true;
      this.members.splice(this.members.indexOf(listed), 1);
      this.#byName.set(full, member);
    }
  }

  #noted(member: Member, name: string): Member {
    if (!member.names.has(name)) member.short.add(name);
    return member;
  }

  #memberNamed(name: string): Member {
    const known = this.#knownPerson(name);
    const member = this.#byName.get(name) ?? (known ? this.#memberOf(known) : this.#newMember());
    member.names.add(name);
    this.#byName.set(name, member);
    return member;
  }

  #memberOf(person: KnownPerson): Member {
    return this.members.find(({ known }) => known === person) ?? this.#newMember(person);
  }

  #newMember(known?: KnownPerson): Member {
    const member = new Member(known);
    this.members.push(member);
    return member;
  }

  #knownPerson(name: string, scene?: DraftScene): KnownPerson | undefined {
    const persons = this.#aliases.get(name) ?? [];
    if (persons.length < 2 && !persons[0]?.where) return persons[0];
    const words = [...(scene ? this.#sceneWords.get(scene)! : [])];
    const there = persons.filter(({ where }) =>
      words.some((word) => word.startsWith(where?.[name] ?? '\n')),
    );
    // Where both are named, or neither, the first of the list is meant.
    return there[0] ?? persons[0];
  }

  /** "KING" for the member whose name or description says king, if there is one such in the scene or one at all. */
  #titled(name: string, scene: DraftScene): Member | undefined {
    if (name.includes(' ')) return undefined;
    const word = new RegExp(`^(?:the )?${literalPattern(name)}\\b`, 'i');
    const candidates = this.members.filter(
      (member) =>
        (member.listed && word.test(member.description)) ||
        [...member.names].some(
          (full) =>
            full.split(' ').length > 1 &&
            full.split(' ')[0] === name &&
            !/^\w+ (?:AND|OF)$/.test(full),
        ),
    );
    return this.#choose(candidates, scene, true);
  }

  /** The member that an abbreviation stands for: each of its words begins a word of the name, in order. */
  #expanded(name: string, scene: DraftScene): Member | undefined {
    const tokens = name.split(' ');
    const fits = this.members.filter((member) =>
      [...member.names].some((full) => abbreviatesName(tokens, full.split(' '))),
    );
    const first = fits.filter((member) =>
      [...member.names].some((full) => full.startsWith(tokens[0]!)),
    );
    const chosen = this.#choose(first.length > 0 ? first : fits, scene, false);
    if (chosen) return chosen;
    return this.#expandedRole(tokens, scene);
  }

  /** "FIRST MURD" is the first of the murderers of the scene's directions; "ROS" is a name printed only there. */
  #expandedRole(tokens: readonly string[], scene: DraftScene): Member | undefined {
    const short = tokens.at(-1)!;
    if (tokens.length > 2 || short.length < 2) return undefined;
    const here = [...this.#sceneWords.get(scene)!];
    const anywhere = [...this.#list.groups.map(({ role }) => role), ...this.#fullWords];
    const word =
      here.find((full) => full.startsWith(short)) ??
      anywhere.find((full) => full.startsWith(short));
    if (!word) return undefined;
    return this.#memberNamed([...tokens.slice(0, -1), singular(word)].join(' '));
  }

  #choose(candidates: readonly Member[], scene: DraftScene, strict: boolean): Member | undefined {
    if (candidates.length < 2) return candidates[0];
    const words = this.#sceneWords.get(scene)!;
    const named = candidates.filter((member) =>
      [...member.names, ...member.short].some((name) =>
        name.split(' ').some((token) => words.has(token)),
      ),
    );
    if (named.length === 1) return named[0];
    return strict ? undefined : (named[0] ?? candidates[0]);
  }

  /** "1." is the first of the people that the scene's directions bring on in number. */
  #numberedRole(number: number, scene: DraftScene): string {
    const ordinal = normalName(`${number} X`).split(' ')[0]!;
    for (const element of scene.elements) {
      if (element.kind !== 'direction') continue;
      const many = /\b(?:two|three|four|2|3|4)\s+(?:\w+\s+)?([A-Z]\w+s)\b/.exec(element.text);
      if (many) return `${ordinal} ${singular(many[1]!.toUpperCase())}`;
    }
    return ordinal;
  }

  /** Every word that stands in full somewhere: in the cast list, or with a capital in a direction. */
  #collectFullWords(): Set<string> {
    const found = new Set<string>();
    for (const { name } of this.#list.people) for (const token of name.split(' ')) found.add(token);
    for (const { role } of this.#list.groups) found.add(role);
    for (const scene of this.#sceneWords.values())
      for (const word of scene) {
        found.add(word);
        found.add(singular(word));
      }
    return found;
  }

  #isFull(name: string): boolean {
    if (!this.#abbreviates) return !/^\d$/.test(name);
    return name.split(' ').every((token) => this.#fullWords.has(token) || ordinal.test(token));
  }

  /** Gives every member the most complete name printed for it. */
  #nameMembers(): void {
    const taken = new Set<string>();
    for (const member of this.members) {
      const full = [...member.names].filter((name) => !this.#isBareAlias(member, name));
      const best = full.sort(
        (a, b) => b.split(' ').length - a.split(' ').length || b.length - a.length,
      )[0];
      // Labels cut short print no full name; without a cast list the usual one is better than a guess.
      const usual = this.#abbreviates && !member.listed ? member.known?.name : undefined;
      member.name =
        usual ?? best ?? member.known?.name ?? [...member.names, ...member.short][0] ?? '';
      if (taken.has(member.name))
        member.name = [...member.names].find((name) => !taken.has(name)) ?? member.name;
      taken.add(member.name);
    }
  }

  /** A bare title such as "KING", or an abbreviation, is no name for a person whose name is known. */
  #isBareAlias(member: Member, name: string): boolean {
    if (!member.known || name === member.known.name) return false;
    if (bareTitle.test(name)) return true;
    return member.known.name.startsWith(name) || / (?:OF|THE|TO) /.test(name);
  }
}

const ordinal = /^(?:FIRST|SECOND|THIRD|FOURTH|FIFTH|SIXTH|SEVENTH|EIGHTH|NINTH|TENTH)$/;
const bareTitle = /^(?:KING|QUEEN|QUEENE|LADY|WIFE|LORD|PRINCE|OTHER|BOY|CLO|CLOWN)$/;

/** The words with a capital in directions, in capitals, possessives taken off. */
function directionWords(elements: readonly DraftElement[]): Set<string> {
  const found = new Set<string>();
  for (const element of elements)
    if (element.kind === 'direction')
      for (const [word] of element.text.replace(/[’‘]/g, "'").matchAll(/\p{Lu}[\p{L}\p{M}-]+/gu))
        found.add(word.toUpperCase());
  return found;
}

function recognise(title: string, names: readonly string[]): KnownPlay | undefined {
  const has = (sign: string): boolean => names.some((name) => name.split(' ').includes(sign));
  return (
    knownPlays.find((play) => play.signs.every(has)) ??
    knownPlays.find((play) => play.title.test(title))
  );
}

/** An edition abbreviates its labels if many of them stand nowhere in full, but begin a word that does. */
function abbreviates(labels: readonly string[], full: ReadonlySet<string>): boolean {
  const beginnings = new Set<string>();
  for (const word of full)
    for (let end = 1; end < word.length; end++) beginnings.add(word.slice(0, end));
  const cut = labels.filter((label) => {
    const last = label.split(' ').at(-1)!;
    return !full.has(roleOf(label)) && !full.has(last) && beginnings.has(last);
  });
  return cut.length > 0.3 * labels.length;
}

function abbreviatesName(tokens: readonly string[], full: readonly string[]): boolean {
  let at = 0;
  for (const token of tokens) {
    while (at < full.length && !full[at]!.startsWith(token)) at++;
    if (at++ >= full.length) return false;
  }
  return true;
}
