import { parsePlace } from '../play/place.ts';
import type { Play, SceneElement, Speech } from '../play/play.ts';
import { words } from '../play/words.ts';
import type { Passage } from './passage.ts';

/** Words of a passage; a longer speech becomes several, since an embedding of more words distinguishes too little. */
const wantedWords = 60;
/** A speech up to this long stays whole. */
const mostWords = 90;
/** A shorter passage ("Ay, my lord.") says nothing on its own and would crowd out the others. */
const leastWords = 4;

/**
 * The passages of a play in its order.
 *
 * A speech that goes on after a direction stays one passage only if the same people hear both parts:
 * nobody recalls a word that was said before they came or after they left.
 */
export function passagesOf(play: Play): Passage[] {
  return play.acts.flatMap(({ scenes }) =>
    scenes.flatMap(({ elements }) =>
      utterances(elements)
        .flatMap(piecesOf)
        .filter(({ text }) => words(text).length >= leastWords),
    ),
  );
}

/** The pieces of one speech before one audience, however short. */
export function piecesOf(parts: readonly Speech[]): Passage[] {
  return split(unitsOf(parts)).map((units) => passageOf(parts[0]!, units));
}

/** A line of a speech, or a sentence of a line that is a whole paragraph. */
interface Unit {
  readonly text: string;
  /** Number of the line within its scene. */
  readonly line: number;
  readonly words: number;
}

/** Groups of consecutive speech elements that are one speech before one audience. */
function utterances(elements: readonly SceneElement[]): (readonly Speech[])[] {
  const found: (readonly Speech[])[] = [];
  let parts: Speech[] = [];
  for (const element of elements) {
    if (element.kind !== 'speech') continue;
    const last = parts.at(-1);
    if (last && element.continued && audience(element) === audience(last)) {
      parts.push(element);
      continue;
    }
    if (last) found.push(parts);
    parts = [element];
  }
  if (parts.length > 0) found.push(parts);
  return found;
}

const audience = ({ speakers, present }: Speech): string => JSON.stringify([speakers, present]);

function unitsOf(parts: readonly Speech[]): Unit[] {
  return parts.flatMap(({ place, lines }) => {
    const first = parsePlace(place).line ?? 1;
    return lines.flatMap((text, i) =>
      (words(text).length > wantedWords ? sentences(text) : [text]).map((piece) => ({
        text: piece,
        line: first + i,
        words: words(piece).length,
      })),
    );
  });
}

function sentences(text: string): string[] {
  return text.split(/(?<=[.!?;:])\s+/);
}

/** How far from an even cut one after a whole sentence may lie and still be the better one, in words. */
const sentenceWorth = 15;

/** Even pieces of about `wantedWords`, each ending with a sentence where one ends near by. */
function split(units: readonly Unit[]): (readonly Unit[])[] {
  const total = units.reduce((sum, unit) => sum + unit.words, 0);
  if (total <= mostWords) return [units];
  const count = Math.ceil(total / wantedWords);
  const cuts = [0];
  for (let i = 1; i < count; i++)
    cuts.push(Math.max(cuts.at(-1)!, bestCut(units, (total * i) / count)));
  return cuts.map((from, i) => units.slice(from, cuts[i + 1])).filter((piece) => piece.length > 0);
}

/** The number of units before the cut that comes nearest to `wanted` words. */
function bestCut(units: readonly Unit[], wanted: number): number {
  let best = 0;
  let least = Infinity;
  let before = 0;
  units.forEach(({ text, words }, i) => {
    before += words;
    const ends = /[.!?]["'’”)\]]*$/.test(text);
    const cost = Math.abs(before - wanted) + (ends ? 0 : sentenceWorth);
    if (cost < least) {
      least = cost;
      best = i + 1;
    }
  });
  return best;
}

function passageOf(speech: Speech, units: readonly Unit[]): Passage {
  const { act, scene } = parsePlace(speech.place);
  return {
    place: `${act}.${scene}.${units[0]!.line}`,
    end: { act, scene, line: units.at(-1)!.line },
    speaker: speech.speakers.join(' and '),
    text: units.map((unit) => unit.text).join('\n'),
    present: speech.present,
    witnesses: new Set([...speech.present, ...speech.speakers]),
  };
}
