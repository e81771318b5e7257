import { displayName } from '../../play/cast/display-name.ts';
import type { Detector } from './detector.ts';

/** A voice is read off so many turns of somebody. */
export const voiceTurns = 4;
const manyDrafts = 3;

/**
 * How much the last four turns of somebody sound like them and not like the others of the play, in nats a word. Below the
 * limit the best of three drafts is spoken, then a direction asks for the voice; more than that is only reported.
 */
export const voice: Detector = {
  name: 'voice',
  isBelow: true,
  isPersonal: true,
  read({ attempts, voiceOf }) {
    const last = attempts.at(-1);
    if (!voiceOf || last?.text === undefined || last.playedBy !== 'model') return undefined;
    const own = attempts.filter(({ who, text }) => who === last.who && text !== undefined);
    if (own.length < voiceTurns || own.length % voiceTurns !== 0) return undefined;
    const value = voiceOf(
      last.who,
      own
        .slice(-voiceTurns)
        .map(({ text }) => text)
        .join(' '),
    );
    return value === undefined ? undefined : { value, who: last.who };
  },
  act(_, { who }, before) {
    if (before === 0) return { do: 'drafts', who: who!, count: manyDrafts };
    const name = displayName(who!);
    if (before === 1) return { do: 'note', text: `${name} speaks as only ${name} does` };
    return { do: 'report' };
  },
};
