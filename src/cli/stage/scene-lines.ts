import { displayName } from '../../play/cast/display-name.ts';
import { oneLine } from '../../prompt/quote.ts';
import type { EndReason, Recorded } from '../../stage/events.ts';
import type { StageState } from '../../stage/state.ts';
import { directionOf, mannerOf } from '../../stage/view.ts';

/** A turn or a direction, as a reader is shown it. */
export type SceneLine =
  | {
      readonly kind: 'turn';
      /** Cast name. */
      readonly who: string;
      /** "Aside" or "To Ophelia"; undefined where it is said to all. */
      readonly manner?: string | undefined;
      readonly text: string;
      /** Why it is not whole, or not as it was: "stopped", "edited". */
      readonly mark?: string | undefined;
    }
  | { readonly kind: 'direction'; readonly text: string };

/** What an event adds to the page; undefined for what only a log shows. */
export function sceneLine(event: Recorded, whoOf: (turn: number) => string): SceneLine | undefined {
  switch (event.kind) {
    case 'turn': {
      const { who, text, stop } = event;
      const mark = stop === 'cut' ? 'stopped' : undefined;
      return { kind: 'turn', who, manner: mannerOf(event), text: oneLine(text), mark };
    }
    case 'edit':
      return {
        kind: 'turn',
        who: whoOf(event.of),
        text: oneLine(event.text),
        mark: 'edited',
      };
    case 'enter':
    case 'exit':
      return { kind: 'direction', text: directionOf(event) };
    case 'note':
      return { kind: 'direction', text: unbracketed(event.text) };
    case 'tell':
      return {
        kind: 'direction',
        text: `To ${displayName(event.to)} alone: ${unbracketed(event.text)}`,
      };
    case 'undo':
      return { kind: 'direction', text: `Taken back: all after event ${event.to}` };
    default:
      return undefined;
  }
}

/** Whose turn has this number; empty if there is none. */
export function whoSpoke({ turns }: StageState, n: number): string {
  return turns.find((turn) => turn.n === n)?.who ?? '';
}

/** One line: `HAMLET [Aside]. Words.` or `[Enter Hamlet.]` */
export function plainLine(line: SceneLine): string {
  if (line.kind === 'direction') return `[${line.text}]`;
  const { who, manner, text, mark } = line;
  return `${who}${manner ? ` [${manner}]` : ''}. ${text}${mark ? ` [${mark}]` : ''}`;
}

const unbracketed = (text: string): string => oneLine(text).replace(/^\[(.*)\]$/, '$1');

/** Why a scene ended, in words. */
const reasons: Readonly<Record<EndReason, string>> = {
  turns: 'it has as many turns as it was to have',
  words: 'it has as many words as it was to have',
  tokens: 'it has as many tokens as it was to have',
  time: 'its time is over',
  alone: 'only one is left on stage',
  farewell: 'they have taken leave',
  loop: 'it went in circles',
  stalled: 'nobody had anything to say',
  script: 'the script is at its end',
  silence: 'all fell silent',
  human: 'it was ended by hand',
  memory: 'there was no memory left',
  error: 'something went wrong',
};

/** Such as "after 24 turns: it has as many turns as it was to have". */
export function endText(reason: EndReason, turns: number, detail?: string): string {
  const count = turns === 1 ? '1 turn' : `${turns} turns`;
  return `after ${count}: ${reasons[reason] ?? reason}${detail ? ` (${detail})` : ''}`;
}
