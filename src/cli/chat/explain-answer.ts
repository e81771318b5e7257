import { adaptersText } from '../../actor/adapter-source.ts';
import type { Dialogue } from '../../actor/dialogue.ts';
import type { ReflectionRecord } from '../../actor/review/reflect.ts';
import type { Recalled } from '../../memory/recalled.ts';
import type { LeverCost } from '../../steer/steering.ts';
import { knowingText, sourceText } from '../terminal/recalled-text.ts';
import { costText } from './steer-command.ts';

/** What the last answer came from, for `/why`: passages recalled, adapters, steering, the draw. */
export function explainAnswer({ last, actor }: Dialogue): string {
  if (!last) return 'Nothing has been answered yet.';
  const passages = last.recalled.map(
    (item) =>
      `  ${item.kind} ${sourceText(item)}  ${labelled(item).replaceAll(/\s+/g, ' ')}  (${item.score})`,
  );
  return [
    passages.length > 0 ? 'Recalled:' : 'Nothing was recalled.',
    ...passages,
    ...(last.knowing ? [knowingText(last.knowing)] : []),
    `Spoken with ${adaptersText(last.adapters)}.`,
    ...explainSteering(actor.steering.explain()),
    ...explainCosts(last.costs),
    ...explainReflection(last.reflection),
    `Drawn with seed ${last.seed}: ${last.tokens} tokens at ${last.tokensPerSecond.toFixed(0)} a second, ` +
      `stopped by ${stops[last.stop]}.`,
    `The prompt had ${last.promptTokens} tokens, ${last.reusedTokens} of them at hand` +
      `${last.droppedTurns > 0 ? `; the ${last.droppedTurns} oldest turns no longer fitted` : ''}.`,
    `What was said and read takes ${(actor.cacheBytes / 2 ** 20).toFixed(1)} MiB.`,
  ].join('\n');
}

const labelled = ({ speaker, text }: Recalled): string =>
  speaker === undefined ? text : `${speaker}: ${text}`;

const stops = {
  end: 'its own end',
  length: 'its greatest length',
  sentence: 'the end of a sentence near its greatest length',
  stop: 'a text that ends it',
  window: 'the end of the window',
} as const;

function explainSteering(levers: readonly string[]): string[] {
  if (levers.length === 0) return ['Nothing was steered.'];
  return levers.map((lever) => `Steered by ${lever}`);
}

function explainCosts(costs: readonly LeverCost[]): string[] {
  return costs.length === 0
    ? []
    : [`It cost: ${costs.map((cost) => `${cost.lever} ${costText(cost)}`).join(', ')}.`];
}

function explainReflection(reflection: ReflectionRecord | undefined): string[] {
  if (!reflection) return [];
  const { rejected, rounds, isForced, ms } = reflection;
  const drafts = rejected.map(({ text, objections }) => {
    const why = objections.map(({ critic, reason }) => `${critic}: ${reason}`).join('; ');
    return `  “${text.replaceAll(/\s+/g, ' ')}”  (${why || 'another sounded more like them'})`;
  });
  const forced = isForced ? ' No draft was without fault; this had the fewest.' : '';
  return [
    `Chosen from ${rejected.length + 1} drafts in ${rounds} round${rounds === 1 ? '' : 's'}, ${Math.round(ms)} ms.${forced} Not said:`,
    ...drafts,
  ];
}
