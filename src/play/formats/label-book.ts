import { upperMedian } from '../../median.ts';
import { isCollective, normalName } from '../cast/label.ts';
import { isDirectionText } from '../direction.ts';
import { isHeadingLine } from './heading.ts';
import { type LabelMatch, type LabelStyle, labelKey, labelMatches } from './label-line.ts';

/** How much of a known word an abbreviation may be, in letters. */
const maxBeginning = 16;
/** Where so many of the lines that look like labels are of names that come again, one that comes once is a label, too. */
const sureShare = 0.8;

/** In a text of so few labels names come again too seldom to tell; there most of what it has must begin with one. */
const fewLabels = 60;
const coveringShare = 0.5;

const styles: readonly LabelStyle[] = ['own', 'run', 'gap', 'bare'];

/** Which labels a text uses, and how it prints them, learned from how often lines begin with them. */
export class LabelBook {
  readonly style: LabelStyle;
  /** Labels are printed in capitals. */
  readonly capitals: boolean;
  /** The indent of most labels, in characters. */
  readonly indent: number;
  readonly #dress: LabelMatch['dress'];
  /** An empty line parts labels on lines of their own from their words. */
  readonly #loose: boolean;
  /** Labels stand at the start of a paragraph. */
  readonly #apart: boolean;
  /** Labels end with a stop or a colon. */
  readonly #stopped: boolean;
  /** A name with a colon is a label: others are, or there are few of them. */
  readonly #takesColons: boolean;
  /** A line that looks like a label of this text is one. */
  readonly #sure: boolean;
  /** Labels are cut short: "Ham." */
  #short = false;
  readonly #counts = new Map<string, number>();
  /** Word in small letters → how often the text has it. */
  readonly #small = new Map<string, number>();
  /** Every beginning of the words that an unusual label may be short for. */
  readonly #beginnings = new Set<string>();

  /** @param known Words of the cast list and of entrances, in capitals: what an unusual label may be short for. */
  constructor(lines: readonly string[], known: ReadonlySet<string>) {
    for (const word of known)
      for (let end = 1; end <= Math.min(word.length, maxBeginning); end++)
        this.#beginnings.add(word.slice(0, end));
    for (const line of lines)
      for (const [word] of line.matchAll(/(?<![\p{L}'’])\p{Ll}[\p{L}'’-]*/gu))
        this.#small.set(word, (this.#small.get(word) ?? 0) + 1);
    const seen = this.#seen(lines, known);
    // A label comes again: where there are such, only they tell the style.
    const once = [...this.#counts.values()].every((count) => count === 1);
    const told = this.#usual(seen, once);
    const usual = isTitleAlone(told, lines) ? [] : told;
    const [first] = usual;
    this.style = first?.match.style ?? 'own';
    this.#dress = first?.match.dress ?? 'plain';
    const share = (has: (one: Seen) => boolean): boolean =>
      usual.filter(has).length > usual.length / 2;
    this.capitals = share(({ match }) => match.capitals);
    this.#loose = share(({ loose }) => loose);
    this.#apart = share(({ apart }) => apart);
    this.#stopped = share(({ match }) => match.stopped);
    this.indent = upperMedian(usual.map(({ match }) => match.indent)) ?? 0;
    const alike = seen.filter((one) => this.#isUsual(one));
    this.#takesColons = share(({ match }) => match.marked) || alike.length < fewLabels;
    const again = alike.filter(({ match }) => this.#count(match) > 1);
    this.#sure =
      once ||
      again.length >= sureShare * alike.length ||
      (alike.length < fewLabels && alike.length >= coveringShare * this.#units(lines));
  }

  /** The paragraphs of a text, or its lines where labels stand under each other. */
  #units(lines: readonly string[]): number {
    const filled = lines.filter((line, i) => !isBlank(line) && (!this.#apart || isApart(lines, i)));
    return filled.filter((line) => !isHeadingLine(line) && !isDirectionText(line)).length;
  }

  /** Every line that may begin with a label, as it would stand in a text of its style. */
  #seen(lines: readonly string[], known: ReadonlySet<string>): Seen[] {
    const all: Seen[] = [];
    const count = (key: string): number =>
      this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1).get(key)!;
    const readings = lines.map((_, i) =>
      labelMatches(lines, i).filter((match) => fitsAround(match, lines, i)),
    );
    for (const matches of readings)
      for (const key of new Set(matches.filter(({ loose }) => !loose).map(labelKey))) count(key);
    // "BEN, laughing." is one more of BEN's, if others are.
    for (const matches of readings)
      for (const key of new Set(matches.filter(({ loose }) => loose).map(labelKey)))
        if (this.#counts.has(key)) count(key);
    this.#short = this.#abbreviates(known);
    readings.forEach((matches, i) => {
      const match = this.#best(matches);
      if (!match || match.loose || this.#isCommon(match)) return;
      all.push({ match, apart: isApart(lines, i), loose: isBlank(lines[i + 1]) });
    });
    return all;
  }

  /** The longest way to read a label that comes again; if none does, the longest. */
  #best(matches: readonly LabelMatch[]): LabelMatch | undefined {
    return matches.find((match) => this.#count(match) > 1) ?? matches[0];
  }

  /** The labels of the way of printing that most labels have. */
  #usual(seen: readonly Seen[], once: boolean): readonly Seen[] {
    let best: Seen[] = [];
    for (const style of styles)
      for (const dress of ['plain', 'italic', 'bold'] as const)
        for (const capitals of dress === 'plain' ? [true, false] : [undefined]) {
          const group = seen.filter(
            ({ match }) =>
              match.style === style &&
              match.dress === dress &&
              (capitals === undefined || match.capitals === capitals) &&
              (once || this.#count(match) > 1),
          );
          if (group.length > best.length && (style !== 'bare' || group.length > 2)) best = group;
        }
    return best;
  }

  /** Most labels that come again begin a word of the cast list or of an entrance, and are no word of it. */
  #abbreviates(known: ReadonlySet<string>): boolean {
    const names = [...this.#counts]
      .filter(([, count]) => count > 1)
      .map(([key]) => key.replace(/^(?:plain|italic|bold)[ct]/, ''))
      .filter((label) => this.#beginnings.has(label));
    return names.filter((label) => !known.has(label)).length > names.length / 2;
  }

  #isUsual({ match, apart }: Seen): boolean {
    return (
      match.style === this.style &&
      match.dress === this.#dress &&
      match.capitals === this.capitals &&
      match.stopped === this.#stopped &&
      (apart || !this.#apart)
    );
  }

  #count(match: LabelMatch): number {
    return this.#counts.get(labelKey(match)) ?? 0;
  }

  /** The label a line begins with, if this text would print one there. */
  at(lines: readonly string[], i: number): LabelMatch | undefined {
    const match = this.#best(labelMatches(lines, i));
    if (!match || this.#isCommon(match)) return undefined;
    const count = this.#count(match);
    if (!this.#isSetAlike(match, count) || this.#isStray(match, lines, i)) return undefined;
    if (match.dress !== 'plain') return this.#dressed(match, lines, i, count);
    if (match.style === 'own') return this.#ownLine(match, lines, i, count);
    if (match.style === 'bare') return this.#bare(match, count);
    if (match.style === 'run' && this.style !== 'own' && this.style !== 'gap')
      return this.#runIn(match, lines, i, count);
    const capitals = match.capitals && this.capitals;
    const sure = capitals && count > 1;
    if (match.style === 'gap')
      return this.style !== 'run' && (sure || this.style === 'gap') ? match : undefined;
    const named = this.#sure && match.stopped && isApart(lines, i) && this.style === 'own';
    return sure || (capitals && named && this.#isNamed(match)) ? match : undefined;
  }

  /** A name and a comma, unless others label it or, as in "LE MEUNIER, à part.", it is of the cast list and stands alone. */
  #isStray(match: LabelMatch, lines: readonly string[], i: number): boolean {
    if (!match.loose || this.#count(match) > 0) return false;
    const alone = match.style === 'own' && this.style === 'own';
    const stands = alone && match.stopped && isApart(lines, i);
    return !stands || !isBlank(lines[i + 1]) || !this.#isListed(match);
  }

  /** In the letters of this text's labels: capitals, italics, bold; or of somebody who is labelled elsewhere. */
  #isSetAlike(match: LabelMatch, count: number): boolean {
    if (match.dress !== this.#dress && count < 2) return false;
    const tabbed = match.style === 'gap' && this.style === 'gap';
    const capitals = this.capitals && this.#dress === 'plain' && !tabbed;
    return !capitals || match.capitals || this.#isRole(match.label);
  }

  /** In italics or bold: at the start of a paragraph, or of a line where labels are not. */
  #dressed(
    match: LabelMatch,
    lines: readonly string[],
    i: number,
    count: number,
  ): LabelMatch | undefined {
    if (this.#apart && !isApart(lines, i)) return undefined;
    if (match.style === 'own' && isBlank(lines[i + 1]) && !this.#loose && count < 2)
      return undefined;
    const usual = match.stopped === this.#stopped && this.#sure;
    return count > 1 || usual || this.#isNamed(match) ? match : undefined;
  }

  #bare(match: LabelMatch, count: number): LabelMatch | undefined {
    if (this.style === 'bare') return count > 1 || this.#isNamed(match) ? match : undefined;
    // A stop was lost, or labels with a direction alone have a line of their own.
    const named = this.style === 'run' || this.style === 'own';
    return named && this.capitals && count >= 3 ? match : undefined;
  }

  #ownLine(
    match: LabelMatch,
    lines: readonly string[],
    i: number,
    count: number,
  ): LabelMatch | undefined {
    const apart =
      isApart(lines, i) || isDirectionText(lines[i - 1]!) || /\]\s*$/.test(lines[i - 1]!);
    if (isBlank(lines[i + 1])) return this.#looseLine(match, lines, i, count, apart);
    if (match.direction !== '') {
      const alike = this.#sure && apart && this.style === 'own' && match.capitals === this.capitals;
      const listed = apart && match.capitals && this.style === 'own' && this.#isNamed(match);
      return count > 1 || (match.loose && count > 0) || alike || listed ? match : undefined;
    }
    // "MESSENGER:" alone above its words, in a text whose names stand before them.
    if (this.style === 'run')
      return match.marked && match.capitals && this.#takesColons ? match : undefined;
    if (this.capitals) return match.capitals || apart ? match : undefined;
    return apart && match.stopped && (count > 1 || this.#isNamed(match)) ? match : undefined;
  }

  /** A name alone, parted from its words by an empty line. */
  #looseLine(
    match: LabelMatch,
    lines: readonly string[],
    i: number,
    count: number,
    apart: boolean,
  ): LabelMatch | undefined {
    const next = nextFilled(lines, i);
    if (!apart || next === undefined || isHeadingLine(next)) return undefined;
    const known = count > 1 || this.#isListed(match);
    if (match.direction !== '') return known ? match : undefined;
    if (this.style !== 'own' || (this.capitals && !match.capitals)) return undefined;
    if (!this.#loose)
      return known && count > 2 && match.capitals && match.stopped ? match : undefined;
    const alike = this.#sure && match.capitals === this.capitals && match.stopped === this.#stopped;
    return known || alike ? match : undefined;
  }

  #runIn(
    match: LabelMatch,
    lines: readonly string[],
    i: number,
    count: number,
  ): LabelMatch | undefined {
    const apart = isApart(lines, i);
    const usual = Math.abs(match.indent - this.indent) <= 1;
    const placed =
      this.indent > 0
        ? usual || (match.indent > 0 && count > 1)
        : apart || match.capitals || match.marked;
    if (!placed || match.indent > this.indent + 3) return undefined;
    if (count > 1 || this.#isNamed(match)) return match;
    const alike =
      this.#sure &&
      match.stopped === this.#stopped &&
      match.capitals === this.capitals &&
      usual &&
      (apart || !this.#apart);
    return alike && (match.capitals || match.marked) && match.label.length > 2 ? match : undefined;
  }

  #isRole(label: string): boolean {
    return /^(?:\d|i{1,3}|first|second|third|fourth|fifth|both|all|omnes)(?![\p{L}])/iu.test(label);
  }

  /** Whether a label that may come but once is somebody: a role with a number, or short for a word of the cast list. */
  #isNamed({ label }: LabelMatch): boolean {
    if (this.#isRole(label)) return true;
    const tokens = normalName(label)
      .split(' ')
      .map((token, at, all) =>
        at < all.length - 1 && all.at(-1)!.length > 2 ? token.replace(/\.$/, '') : token,
      )
      .filter((token) => !/^(?:AND|&|OF|THE|TO)$/.test(token));
    return (
      tokens.length > 0 &&
      tokens.length <= 3 &&
      tokens.every((token) => this.#beginnings.has(token))
    );
  }

  /** Somebody of the cast list, or several who are labelled elsewhere: "ANNA and BELA". */
  #isListed(match: LabelMatch): boolean {
    if (this.#isNamed(match)) return true;
    const parts = match.label.split(
      /, (?:and |et |und )?| (?:and|&|und|et|y|e|и|och|og|with|mit|avec) /iu,
    );
    return (
      parts.length > 1 &&
      parts.every(
        (label) => this.#count({ ...match, label }) > 0 || this.#isNamed({ ...match, label }),
      )
    );
  }

  /** "Yes." and "Well." at the start of a paragraph: a word that the text has in small letters more often than as a label. */
  #isCommon(match: LabelMatch): boolean {
    if (match.capitals || match.dress === 'bold') return false;
    const name = normalName(match.label);
    const words = name.toLowerCase().split(' ');
    if (words.length !== 1 || this.#isRole(name) || isCollective(name)) return false;
    if (name.length > (this.#short ? 1 : 2) && this.#beginnings.has(name)) return false;
    return (this.#small.get(words[0]!) ?? 0) >= 2 * this.#count(match);
  }
}

/** The first line of a text, alone above an empty one, names the text where nothing else is printed as it is. */
function isTitleAlone(seen: readonly Seen[], lines: readonly string[]): boolean {
  const [only] = seen;
  if (seen.length !== 1 || !only!.loose || only!.match.style !== 'own' || only!.match.marked)
    return false;
  return (
    lines
      .find((line) => !isBlank(line))
      ?.trim()
      .startsWith(only!.match.label) ?? false
  );
}

/** A line that may begin with a label, and how it stands on the page. */
interface Seen {
  readonly match: LabelMatch;
  /** An empty line is above it. */
  readonly apart: boolean;
  /** An empty line is below it. */
  readonly loose: boolean;
}

const isBlank = (line: string | undefined): boolean => line === undefined || line.trim() === '';
const isApart = (lines: readonly string[], i: number): boolean => isBlank(lines[i - 1]);

/** How many empty lines may stand between a name and its words. */
const maxGap = 4;

/** The next line that is not empty, if it is near. */
function nextFilled(lines: readonly string[], i: number): string | undefined {
  return lines.slice(i + 1, i + 2 + maxGap).find((line) => !isBlank(line));
}

/** Labels of their own have words below, behind an empty line or not; others are indented, or start a paragraph. */
function fitsAround(match: LabelMatch, lines: readonly string[], i: number): boolean {
  const apart = isApart(lines, i);
  if (match.style !== 'own')
    return match.capitals || match.indent > 0 || apart || match.marked || match.dress === 'bold';
  if (!apart) return false;
  if (!isBlank(lines[i + 1 + match.more]))
    return match.capitals || match.stopped || match.dress !== 'plain';
  const next = nextFilled(lines, i);
  return (
    next !== undefined &&
    !isHeadingLine(next) &&
    (match.capitals || match.dress !== 'plain' || match.marked)
  );
}
