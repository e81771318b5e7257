import type { AlarmAction, EndReason, StageEvent } from './events.ts';
import type { StageState } from './state.ts';

/** An end that a detector wants; the loop adds the figures. */
interface WantedEnd {
  readonly kind: 'end';
  readonly reason: EndReason;
}

/**
 * The event that an alarm's action comes to; undefined where the alarm alone is enough: what rests, nudges, warms or leaves
 * the views is read off it.
 */
export function carriedOut(
  action: AlarmAction,
  { onStage }: StageState,
): Exclude<StageEvent, { kind: 'end' }> | WantedEnd | undefined {
  switch (action.do) {
    case 'note':
      return { kind: 'note', text: action.text, by: 'detector', heard: onStage };
    case 'exit':
      return onStage.includes(action.who)
        ? { kind: 'exit', who: [action.who], by: 'detector' }
        : undefined;
    case 'pause':
      return { kind: 'pause', by: 'detector', detail: action.detail };
    case 'end':
      return { kind: 'end', reason: action.reason };
    default:
      return undefined;
  }
}
