import { displayName, listOf } from '../play/cast/display-name.ts';
import { sentencesOf } from '../play/sentences.ts';
import { words } from '../play/words.ts';
import type { SceneLine } from '../prompt/prompt.ts';
import { type WindowLimits, windowStart } from '../prompt/window-start.ts';
import type { MoveEvent, Recorded, TurnEvent } from './events.ts';
import type { StageState, StageTurn } from './state.ts';

/** A line that somebody heard or saw, with the number of its event. */
type HeardLine = SceneLine & { readonly n: number };

/** What somebody has before their eyes when they are about to speak. */
export interface View {
  /** What `scenePrompt` takes as turns, each with the number of its event; who is on stage at a window's start has none. */
  readonly lines: readonly (SceneLine & { readonly n?: number })[];
  /** Numbers of the events that the lines show, ascending. */
  readonly shown: readonly number[];
  /** What was heard or seen, too, but is too long ago to be shown: it may be recalled. */
  readonly past: readonly HeardLine[];
}

/**
 * What somebody in the cast has heard and seen of a scene, and nothing else: turns that they heard, notes that they were
 * meant to hear, what only they were told, and who came and went while they were on stage. Sentences that are forgotten
 * are left out; a turn or note of nothing else with them.
 *
 * The view begins with the first entrance, which names who was there: "Enter Ophelia. Hamlet and Gertrude on stage." Its
 * window moves in jumps (see `windowStart`), so that nearly every view is the one before with more lines; one that does
 * not begin with all that was heard begins with who was on stage.
 *
 * @param name Cast name.
 */
export function viewOf(state: StageState, name: string, limits?: WindowLimits): View {
  const heard = heardBy(state, name);
  const lengths = heard.map(({ line }) => ({ words: words(line.text).length + 1 }));
  const start = windowStart(lengths, heard.length, limits);
  const shown = heard.slice(start);
  const here = start === 0 ? [] : shown[0]!.onStage;
  return {
    lines: [...(here.includes(name) ? [presence(here)] : []), ...shown.map(({ line }) => line)],
    shown: shown.map(({ line }) => line.n),
    past: heard.slice(0, start).map(({ line }) => line),
  };
}

/**
 * Whether somebody hears or sees an event: what may be shown to a person who plays them. How the scene itself goes (that it
 * is paused, ends, or is taken back) everybody knows; what is decided behind the stage, nobody.
 *
 * @param state The scene before the event.
 */
export function isHeardBy(name: string, event: Recorded, state: StageState): boolean {
  switch (event.kind) {
    case 'turn':
    case 'note':
      return event.heard.includes(name);
    case 'tell':
      return event.to === name;
    case 'enter':
    case 'exit':
      return event.who.includes(name) || state.onStage.includes(name);
    case 'edit':
      return state.turns.some(({ n, heard }) => n === event.of && heard.includes(name));
    case 'ask':
      return event.who === name;
    case 'open':
    case 'pause':
    case 'resume':
    case 'undo':
    case 'end':
      return true;
    default:
      return false;
  }
}

/** Who hears what is said aloud now: everybody on stage, and the speaker. */
export function audience({ onStage }: StageState, speaker: string): string[] {
  return [...new Set([...onStage, speaker])].sort();
}

/** How a turn is said, as print has it: "Aside", "To Ophelia"; undefined if it is said to all. */
export function mannerOf({ isAside, to }: Pick<TurnEvent, 'isAside' | 'to'>): string | undefined {
  if (isAside) return 'Aside';
  return to === undefined ? undefined : `To ${displayName(to)}`;
}

/** A direction in print, such as "Enter Hamlet and Ophelia." */
export function directionOf({ kind, who, text }: MoveEvent): string {
  const verb = kind === 'enter' ? 'Enter' : who.length > 1 ? 'Exeunt' : 'Exit';
  return withStop(bare(text ?? '') || `${verb} ${listOf(who.map(displayName))}`);
}

interface Heard {
  readonly line: HeardLine;
  /** Cast names, right before the line. */
  readonly onStage: readonly string[];
}

/** Every line in order; who is on stage is followed on the way, so that a line knows who saw it. */
function heardBy(state: StageState, name: string): Heard[] {
  const turns = new Map(state.turns.map((turn) => [turn.n, turn]));
  const forgotten = new Set(state.forgotten.map(plain));
  const isAddressing = state.open?.director.isAddressing ?? false;
  const heard: Heard[] = [];
  let onStage: ReadonlySet<string> = new Set();
  for (const event of state.counting) {
    const before = onStage;
    if (event.kind === 'enter' || event.kind === 'exit') onStage = after(onStage, event);
    const line = lineFor(name, event, { isAddressing, turns, before, now: onStage });
    const text = line && remembered(line.text, forgotten);
    if (line && text) heard.push({ line: { ...line, text }, onStage: [...before].sort() });
  }
  return heard;
}

function after(onStage: ReadonlySet<string>, { kind, who }: MoveEvent): ReadonlySet<string> {
  const next = new Set(onStage);
  for (const name of who) {
    if (kind === 'enter') next.add(name);
    else next.delete(name);
  }
  return next;
}

interface Moment {
  /** Whether it is shown whom turns are meant for. */
  readonly isAddressing: boolean;
  readonly turns: ReadonlyMap<number, StageTurn>;
  /** Who was on stage before the event, and who is after it. */
  readonly before: ReadonlySet<string>;
  readonly now: ReadonlySet<string>;
}

function lineFor(name: string, event: Recorded, moment: Moment): HeardLine | undefined {
  const { n } = event;
  switch (event.kind) {
    case 'turn': {
      const turn = moment.turns.get(n) ?? event;
      if (!turn.heard.includes(name)) return undefined;
      const manner = moment.isAddressing || turn.isAside ? mannerOf(turn) : undefined;
      return { n, speaker: turn.who, text: turn.text, ...(manner !== undefined && { manner }) };
    }
    case 'note':
      return event.heard.includes(name) ? { n, text: bare(event.text) } : undefined;
    case 'tell':
      return event.to === name ? { n, text: bare(event.text) } : undefined;
    case 'enter':
    case 'exit':
      return moveFor(name, event, moment);
    default:
      return undefined;
  }
}

/** A movement as somebody sees it who is on stage before or after it; who comes on sees who is there. */
function moveFor(
  name: string,
  event: Recorded<MoveEvent>,
  { before, now }: Moment,
): HeardLine | undefined {
  if (!before.has(name) && !now.has(name)) return undefined;
  const text = directionOf(event);
  const comesOn = !before.has(name);
  const others = [...before].sort();
  const isMet = comesOn && others.length > 0;
  return { n: event.n, text: isMet ? `${text} ${presence(others).text}` : text };
}

/** "Hamlet and Gertrude on stage." */
function presence(onStage: readonly string[]): SceneLine {
  return { text: `${listOf(onStage.map(displayName))} on stage.` };
}

/** A text without its sentences that are forgotten. */
function remembered(text: string, forgotten: ReadonlySet<string>): string {
  if (forgotten.size === 0) return text;
  return sentencesOf(text)
    .filter((sentence) => !forgotten.has(plain(sentence)))
    .join(' ');
}

/** The words of a sentence, by which it is known again. */
const plain = (sentence: string): string => words(sentence).join(' ');

/** A direction without the brackets that it may have been written in. */
const bare = (text: string): string => text.trim().replace(/^\[(.*)\]$/s, '$1');

const withStop = (text: string): string => (/[.!?…]["'”’)\]]*$/.test(text) ? text : `${text}.`);
