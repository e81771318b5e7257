import { displayName } from '../../play/cast/display-name.ts';
import type { ViewEvent } from '../../stage/events.ts';
import { limitOf } from '../../stage/limits.ts';
import type { StageState } from '../../stage/state.ts';
import { oddsText } from './log-line.ts';

/** How many candidates are named. */
const mostNamed = 3;
/** How many recalled places are named. */
const mostPlaces = 2;

/** What the status line is made of beside the scene's state. */
export interface Standing {
  /** What the speaker has before its eyes. */
  readonly view?: Pick<ViewEvent, 'recalled'> | undefined;
  /** Drafts of this turn that were struck. */
  readonly struck: number;
  /** Whether another process plays it, and no key has an effect. */
  readonly isWatched?: boolean | undefined;
  /** What is to happen when the turn is over: "then: a note". */
  readonly later?: string | undefined;
}

/** Such as "turn 7 of 24 · next Ophelia .61, Gertrude .22 · 41 tokens/s · recalled 1.3.99", as much of it as has room. */
export function statusLine(state: StageState, standing: Standing, width: number): string {
  const { isPaused, choice, cast } = state;
  const shown = (name: string): string => shortName(name, cast);
  const { view, struck, later, isWatched } = standing;
  if (isPaused) return pausedLine(state, isWatched ? ['Ctrl-C leaves'] : pauseKeys, width);
  const places = view?.recalled.map(({ place }) => place).filter((place) => place !== undefined);
  const rate = rateOf(state);
  return fitting(
    [
      turnText(state, state.figures.turns + 1),
      later ?? '',
      choice ? `next ${oddsText(choice, shown, mostNamed)}` : '',
      rate === undefined ? '' : `${Math.round(rate)} tokens/s`,
      places?.length ? `recalled ${places.slice(0, mostPlaces).join(', ')}` : '',
      struck > 0 ? `${struck} struck` : '',
    ],
    width,
  );
}

const pauseKeys = ['Space goes on', 's say', 'n note', 'e edit', 'f fork', '? help', 'q leaves'];

function pausedLine(state: StageState, keys: readonly string[], width: number): string {
  return fitting([`paused after ${turnText(state, state.figures.turns)}`, ...keys], width);
}

function turnText(state: StageState, turn: number): string {
  const limit = limitOf(state, 'turns');
  return `turn ${turn}${limit === undefined ? '' : ` of ${Math.max(limit, turn)}`}`;
}

/** Tokens a second of the last turn that the model spoke. */
function rateOf({ turns }: StageState): number | undefined {
  const last = turns.findLast(({ ms, tokens }) => ms && tokens && tokens.length > 1);
  if (!last?.ms || !last.tokens) return undefined;
  const seconds = (last.ms.all - last.ms.first) / 1000;
  return seconds > 0 ? (last.tokens.length - 1) / seconds : undefined;
}

/** The parts that have room, in order. */
function fitting(parts: readonly string[], width: number): string {
  let line = '';
  for (const part of parts.filter((one) => one !== '')) {
    const longer = line === '' ? part : `${line} · ${part}`;
    if (longer.length <= width) line = longer;
  }
  return line;
}

/** "Gertrude" for "QUEEN GERTRUDE", where nobody else of the cast has that name. */
export function shortName(name: string, cast: readonly string[]): string {
  const [, last, ...more] = name.split(' ');
  const isOwn =
    last !== undefined &&
    more.length === 0 &&
    !cast.some((other) => other !== name && other.split(' ').includes(last));
  return displayName(isOwn ? last : name);
}
