import type { Play, SceneElement } from '../play/play.ts';
import { words } from '../play/words.ts';
import type { Passage } from './passage.ts';
import { piecesOf } from './passages.ts';

/** An exchange that all the same people heard: what `Passage` is, without one speaker. */
export type Window = Omit<Passage, 'speaker' | 'present'>;

/** Speeches of a window at most; a long one counts once for each piece that it is cut into. */
const mostPieces = 6;
/** Fewer are no exchange, unless the scene has no more. */
const leastPieces = 3;
/** A window ends before it would have more words, as long as it has `leastPieces`: an embedding of more distinguishes too little. */
const mostWords = 120;

/** A piece of a speech, or a direction between two. */
type Step =
  | { readonly kind: 'piece'; readonly piece: Passage }
  | { readonly kind: 'direction'; readonly text: string };

/**
 * The exchanges of a play in its order: three to six speeches in a row with their labels, and the directions between
 * them. Each begins in the middle of the one before, so that no exchange is cut in two everywhere.
 *
 * A listener who missed a speech, such as an aside, has a window of the others. Listeners who heard the same share one.
 */
export function windowsOf(play: Play): Window[] {
  return play.acts.flatMap(({ scenes }) =>
    scenes.flatMap(({ elements }) => {
      const steps = stepsOf(elements);
      return spansOf(steps).flatMap((span) => heardOf(span));
    }),
  );
}

function stepsOf(elements: readonly SceneElement[]): Step[] {
  return elements.flatMap((element): Step[] =>
    element.kind === 'direction'
      ? [{ kind: 'direction', text: element.text }]
      : piecesOf([element]).map((piece) => ({ kind: 'piece', piece })),
  );
}

/** Runs of steps, each with as many pieces as a window takes. */
function spansOf(steps: readonly Step[]): (readonly Step[])[] {
  const at = steps.flatMap(({ kind }, i) => (kind === 'piece' ? [i] : []));
  const length = at.map((i) => {
    const step = steps[i]!;
    return step.kind === 'piece' ? words(step.piece.text).length : 0;
  });
  const spans: (readonly Step[])[] = [];
  for (let from = 0; from < at.length; ) {
    const end = endOf(length, from);
    spans.push(steps.slice(at[from]!, at[end - 1]! + 1));
    if (end === at.length) break;
    from = Math.max(from + 1, Math.floor((from + end) / 2));
  }
  return spans;
}

/** The piece after the last of the window that begins at `from`. */
function endOf(length: readonly number[], from: number): number {
  let total = 0;
  let end = from;
  while (end < length.length && end - from < mostPieces) {
    total += length[end]!;
    if (total > mostWords && end - from >= leastPieces) break;
    end++;
  }
  return end;
}

/** What of a span each of its listeners heard, once for all who heard the same of it. */
function heardOf(span: readonly Step[]): Window[] {
  const pieces = span.flatMap((step) => (step.kind === 'piece' ? [step.piece] : []));
  const listeners = new Set(pieces.flatMap(({ witnesses }) => [...witnesses]));
  const groups = new Map<string, string[]>();
  for (const who of listeners) {
    const heard = pieces.flatMap(({ witnesses }, i) => (witnesses.has(who) ? [i] : []));
    if (heard.length < Math.min(leastPieces, pieces.length)) continue;
    const key = heard.join();
    groups.set(key, [...(groups.get(key) ?? []), who]);
  }
  return [...groups.values()].map((witnesses) => windowOf(span, witnesses));
}

function windowOf(span: readonly Step[], witnesses: readonly string[]): Window {
  const [who] = witnesses;
  const heard = (step: Step): boolean =>
    step.kind === 'direction' || step.piece.witnesses.has(who!);
  const first = span.findIndex((step) => step.kind === 'piece' && heard(step));
  const last = span.findLastIndex((step) => step.kind === 'piece' && heard(step));
  const steps = span.slice(first, last + 1).filter(heard);
  const pieces = steps.flatMap((step) => (step.kind === 'piece' ? [step.piece] : []));
  return {
    place: pieces[0]!.place,
    end: pieces.at(-1)!.end,
    text: linesOf(steps).join('\n'),
    witnesses: new Set(witnesses),
  };
}

/** A line a speech, with its label unless the one before is by the same speaker; directions in brackets. */
function linesOf(steps: readonly Step[]): string[] {
  const lines: string[] = [];
  let speaker: string | undefined;
  for (const step of steps) {
    if (step.kind === 'direction') {
      lines.push(`[${step.text.replace(/^\[|\]$/g, '')}]`);
      continue;
    }
    const { piece } = step;
    const text = piece.text.replaceAll('\n', ' ');
    lines.push(piece.speaker === speaker ? text : `${piece.speaker}: ${text}`);
    speaker = piece.speaker;
  }
  return lines;
}
