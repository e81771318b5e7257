import type { Dialogue } from '../actor/dialogue.ts';
import { costumeText } from '../actor/wardrobe.ts';
import type { Explanation } from '../steer/steering.ts';

/** How many words of a list are shown. */
const shownWords = 14;

/** What the last answer came from, for `/why`: passages recalled, adapters, steering, the draw. */
export function explainAnswer({ last, actor }: Dialogue): string {
  if (!last) return 'Nothing has been answered yet.';
  const passages = last.recalled.map(
    ({ place, speaker, text, score }) =>
      `  ${place}  ${speaker}: ${text.replaceAll(/\s+/g, ' ')}  (${score})`,
  );
  return [
    passages.length > 0 ? 'Recalled:' : 'Nothing was recalled.',
    ...passages,
    `Spoken with ${costumeText(last.worn)}.`,
    ...explainSteering(actor.steering.explain()),
    `Drawn with seed ${last.seed}: ${last.tokens} tokens at ${last.tokensPerSecond.toFixed(0)} a second, ` +
      `stopped by ${stops[last.stop]}.`,
    `The prompt had ${last.promptTokens} tokens, ${last.reusedTokens} of them at hand` +
      `${last.droppedTurns > 0 ? `; the ${last.droppedTurns} oldest turns no longer fitted` : ''}.`,
    `What was said and read takes ${(actor.cacheBytes / 2 ** 20).toFixed(1)} MiB.`,
  ].join('\n');
}

const stops = {
  end: 'its own end',
  length: 'its greatest length',
  stop: 'a text that ends it',
  window: 'the end of the window',
} as const;

function explainSteering({ towards, away, lengthWords }: Explanation): string[] {
  if (towards.length + away.length === 0) return ['Nothing was steered.'];
  return [
    `Steered towards: ${listed(towards)}`,
    `Steered away from: ${listed(away)}`,
    ...(lengthWords ? [`Steered to a length of ${lengthWords.join(' to ')} words.`] : []),
  ];
}

function listed(words: readonly string[]): string {
  const rest = words.length - shownWords;
  return words.slice(0, shownWords).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
