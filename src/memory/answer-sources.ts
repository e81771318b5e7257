import { comparePlaces, parsePlace } from '../play/place.ts';
import type { Play } from '../play/play.ts';
import { speechParts } from '../play/speeches.ts';
import { words } from '../play/words.ts';
import type { Recalled } from './recalled.ts';
import { termOf } from './word-index.ts';

/** A line of the play that stands behind an answer, in the shape `--json` prints. */
export interface AnswerSource {
  readonly kind: Recalled['kind'];
  /** Id of the fact, where a digest or a card has it. */
  readonly id?: string | undefined;
  /** The line as printed; undefined for what a card says, which no line shows. */
  readonly line?: QuotedLine | undefined;
}

/** A line of the play with who says it. */
export interface QuotedLine {
  /** "act.scene.line". */
  readonly place: string;
  /** Cast names. */
  readonly speakers: readonly string[];
  /** Words of the line, printed as in the edition. */
  readonly words: string;
}

/** What an answer is compared with. */
export interface AnsweredFrom {
  readonly question: string;
  readonly recalled: readonly Recalled[];
  readonly play: Play;
  /** Cast name of who answers: lines of their own are quoted before those of others. */
  readonly character: string;
}

/**
 * Share of content words that an answer and a fact have in common, of the shorter one of the two, from which on the answer
 * rests on the fact: an answer of many sentences rests on a fact that stands in one of them.
 */
const leastShared = 1 / 3;
/** Where a fact has no word that the question does not have, such as at "Did Ben sell the bell?". */
const leastRepeated = 0.6;
/** Content words that an own line has in common with a fact if it is to stand for it. */
const leastOwn = 2;

/**
 * What an answer rests on, of what was recalled, best first: facts whose content words it says, at least one of which is not
 * the question's. Empty if it rests on nothing recalled, whatever came to mind.
 */
export function answerSources(answer: string, from: AnsweredFrom): AnswerSource[] {
  const said = contentOf(answer);
  const asked = contentOf(from.question);
  return from.recalled
    .map((item) => ({ item, share: shareSaid(said, contentOf(item.text), asked) }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share)
    .map(({ item }) => ({
      kind: item.kind,
      ...(item.id !== undefined && { id: item.id }),
      ...(item.kind !== 'card' && { line: lineFor(item, from) }),
    }));
}

/** The share of content words in common if that is enough to rest on, else 0. */
function shareSaid(
  said: ReadonlySet<string>,
  fact: ReadonlySet<string>,
  asked: ReadonlySet<string>,
): number {
  const common = [...fact].filter((term) => said.has(term));
  const share = common.length / Math.max(1, Math.min(said.size, fact.size));
  const isNew = (term: string): boolean => !asked.has(term);
  if ([...fact].some(isNew)) return common.some(isNew) && share >= leastShared ? share : 0;
  return share >= leastRepeated ? share : 0;
}

const contentOf = (text: string): Set<string> =>
  new Set(words(text).flatMap((word) => termOf(word) ?? []));

/** The line to quote: one of the speaker's own that says the fact, else the line that the fact is known by. */
function lineFor(item: Recalled, { play, character }: AnsweredFrom): QuotedLine | undefined {
  const lines = linesOf(play, item);
  const told = contentOf(`${item.text} ${item.words ?? ''}`);
  const worth = ({ speakers, words: line }: QuotedLine): number => {
    const shared = [...contentOf(line)].filter((term) => told.has(term)).length;
    const isKnownBy = item.words !== undefined && has(line, item.words);
    if (speakers.includes(character) && (isKnownBy || shared >= leastOwn)) return 1000 + shared;
    return isKnownBy ? 100 : shared;
  };
  return lines.reduce<QuotedLine | undefined>(
    (best, line) => (best === undefined || worth(line) > worth(best) ? line : best),
    undefined,
  );
}

/** Whether a line has some words in a row; they may begin in it and go on in the next. */
function has(line: string, some: string): boolean {
  const [first, ...rest] = words(some);
  const wanted = [first, ...rest.slice(0, 2)].join(' ');
  return ` ${words(line).join(' ')} `.includes(` ${wanted} `);
}

/** The lines between a recalled item's first place and its last. */
function linesOf(play: Play, { place, end }: Recalled): QuotedLine[] {
  const from = parsePlace(place);
  const last = parsePlace(end);
  const found: QuotedLine[] = [];
  for (const { speech } of speechParts(play)) {
    const first = parsePlace(speech.place);
    for (const [i, text] of speech.lines.entries()) {
      const at = { ...first, line: (first.line ?? 1) + i };
      if (comparePlaces(at, from) < 0 || comparePlaces(at, last) > 0) continue;
      const where = `${at.act}.${at.scene}.${at.line}`;
      found.push({ place: where, speakers: speech.speakers, words: text.trim() });
    }
  }
  return found;
}
