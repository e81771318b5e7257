import type { Act, Play, Scene, Speech } from '../play/play.ts';
import { words } from '../play/words.ts';
import { prng, seedOf, shuffled } from './statistics/prng.ts';
import type { SceneTurn } from './task.ts';

/** A whole speech: the parts after directions belong to it. */
export interface Turn extends SceneTurn {
  /** Name in the cast; of a joint speech "ROSENCRANTZ and GUILDENSTERN". */
  readonly speaker: string;
  readonly speakers: readonly string[];
  /** The words in one paragraph, without directions. */
  readonly text: string;
  /** The same with what happens on stage in brackets where it happens, until the next speech begins. */
  readonly textOnStage: string;
  /** Of the first word, such as "3.1.56". */
  readonly place: string;
  /** Cast names on stage for any part of it, sorted. */
  readonly present: readonly string[];
  readonly words: number;
}

/** A scene that has speeches, as turns. */
export interface TurnScene {
  /** Such as "3.1". */
  readonly scene: string;
  readonly turns: readonly Turn[];
  /** Directions before the first speech, in brackets; empty if there are none. */
  readonly opening: string;
}

const made = new WeakMap<Play, readonly TurnScene[]>();

/** Every scene of a play in order, as turns. Worked out once for a play. */
export function sceneTurns(play: Play): readonly TurnScene[] {
  const known = made.get(play);
  if (known) return known;
  const scenes = play.acts.flatMap((act) =>
    act.scenes.map((scene) => turnScene(act, scene)).filter(({ turns }) => turns.length > 0),
  );
  made.set(play, scenes);
  return scenes;
}

function turnScene(act: Act, { number, elements }: Scene): TurnScene {
  const turns: Turn[] = [];
  const opening: string[] = [];
  let parts: Speech[] = [];
  let onStage: string[] = opening;
  /** Directions printed inside a speech, such as "[Aside]", stand before its words but are met before its label. */
  let inside: string[] = [];
  const close = (): void => {
    if (parts.length > 0) turns.push(turnOf(parts, onStage.join(' ')));
    parts = [];
  };
  for (const element of elements) {
    if (element.kind === 'direction') {
      (element.inline ? inside : onStage).push(`[${oneParagraph(element.text)}]`);
      continue;
    }
    if (!element.continued || parts.length === 0) {
      close();
      onStage = [];
    }
    parts.push(element);
    onStage.push(...inside, oneParagraph(element.lines.join(' ')));
    inside = [];
  }
  onStage.push(...inside);
  close();
  return { scene: `${act.number}.${number}`, turns, opening: opening.join(' ') };
}

function turnOf(parts: readonly Speech[], textOnStage: string): Turn {
  const { speakers, place } = parts[0]!;
  const text = oneParagraph(parts.flatMap(({ lines }) => lines).join(' '));
  return {
    speaker: speakers.join(' and '),
    speakers,
    text,
    textOnStage,
    place,
    present: [...new Set(parts.flatMap((part) => part.present))].sort(),
    words: words(text).length,
  };
}

function oneParagraph(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Without what only items are made from. */
export function said({ speaker, text }: SceneTurn): SceneTurn {
  return { speaker, text };
}

/** The first `count` words, punctuation kept. */
export function firstWords(text: string, count: number): string {
  return text.split(/\s+/).slice(0, count).join(' ');
}

/** The last `count` words, punctuation kept. */
export function lastWords(text: string, count: number): string {
  return text.split(/\s+/).slice(-count).join(' ');
}

/**
 * The turns right before turn `at`, up to `most` words: whole ones, but for the nearest, which is cut at its
 * start if it is longer.
 */
export function turnsBefore(turns: readonly Turn[], at: number, most: number): SceneTurn[] {
  const context: SceneTurn[] = [];
  let left = most;
  for (const turn of turns.slice(0, at).reverse()) {
    if (context.length > 0 && turn.words > left) break;
    const { speaker, text } = turn;
    context.unshift({ speaker, text: turn.words > left ? lastWords(text, left) : text });
    left -= turn.words;
    if (left <= 0) break;
  }
  return context;
}

/** A window never holds more words than this before the turn asked about (but for one turn that is longer). */
const mostWindowWords = 1000;
/** What is kept of them when the window moves. */
const keptWords = 300;

/**
 * Where the window of a scene begins that ends before turn `at`.
 *
 * It begins with the scene until there are 1,000 words in it, then moves so that the last 300 or so are kept, and so
 * on. Between two moves windows grow at their end only, so that who reads them in order reads every turn once: a
 * window that slid with each turn would be read anew each time.
 */
export function windowStart(turns: readonly Turn[], at: number): number {
  let start = 0;
  let held = 0;
  for (let i = 0; i < at; i++) {
    held += turns[i]!.words;
    if (held <= mostWindowWords) continue;
    start = i;
    held = turns[i]!.words;
    while (start > 0 && held + turns[start - 1]!.words <= keptWords) held += turns[--start]!.words;
  }
  return start;
}

/** The window of a scene before turn `at`: see `windowStart`. */
export function windowBefore(turns: readonly Turn[], at: number): SceneTurn[] {
  return turns.slice(windowStart(turns, at), at).map(said);
}

/** Turns that change places among themselves; the last block has up to as many more. */
const blockTurns = 4;

/**
 * Turns in another order. They change places within blocks from the start on, so that the contexts of a scene, each a
 * little longer than the one before, still share their beginning.
 *
 * @param seed What the order is drawn for, such as the scene.
 */
export function turnsShuffled(turns: readonly SceneTurn[], seed: string): SceneTurn[] {
  const blocks = Math.max(1, Math.floor(turns.length / blockTurns));
  const cuts = [...Array.from({ length: blocks }, (_, i) => i * blockTurns), turns.length];
  return cuts.slice(0, -1).flatMap((from, i) => {
    const block = turns.slice(from, cuts[i + 1]);
    return shuffled(block, prng(seedOf(seed, String(i))));
  });
}
