import { maskBreak, takesForKnown } from '../../measure/text/mask-break.ts';
import { phrasesIn } from '../../steer/levers/anachronism-ban.ts';
import type { Guard, GuardContext } from './guard.ts';

/** Strikes what falls out of the play's time and language: phrases of assistants, words of later times, French in an English play. */
export const mask: Guard = {
  name: 'mask',
  judge({ text }, { play, heard }) {
    const isOfOldTimes = play.isEnglish && !play.isModern;
    if (isOfOldTimes && takesForKnown(text, heard.at(-1)?.text ?? ''))
      return { detail: 'speaks of a later thing as of one that it knows' };
    const listed = phrasesIn(text, play.listed);
    // Nearly all turns end here, and what was said before them need not be looked at.
    if (listed.length === 0 && !breakOf(text, '', play)) return undefined;
    const before = heard.map((turn) => turn.text).join('\n');
    const said = new Set(phrasesIn(before, listed));
    const later = listed.find((phrase) => !said.has(phrase));
    return later === undefined ? breakOf(text, before, play) : { detail: `says “${later}”` };
  },
};

const details = {
  role: 'speaks as a program or a reader of the play would',
  modern: 'speaks of a thing that there is not yet',
  language: 'speaks another language',
} as const;

function breakOf(text: string, before: string, play: GuardContext['play']) {
  const found = maskBreak(text, `${before}\n${play.ownModern}`);
  if (found === undefined) return undefined;
  if (found === 'modern' && play.isModern) return undefined;
  if (found !== 'role' && !play.isEnglish) return undefined;
  return { detail: details[found] };
}
