import { type AdapterName, adaptersText } from '../../actor/adapter-source.ts';
import type { Dialogue } from '../../actor/dialogue.ts';
import type { Reply } from '../../actor/reply.ts';
import type { ReflectionRecord } from '../../actor/review/reflect.ts';
import type { Knowing, Recalled } from '../../memory/recalled.ts';
import type { LeverCost } from '../../steer/steering.ts';
import { sourceText } from '../terminal/recalled-text.ts';
import { costText } from './steer-command.ts';

/** Characters of an answer that name it. */
const longestTitle = 50;

/**
 * What the last answer came from, for `/why`: what was recalled and how it was found, adapters, steering, the draw. Of an
 * answer of an earlier session, what is kept of it.
 */
export function explainAnswer({ last, actor, conversation }: Dialogue): string {
  const turn = conversation.turns.findLast(({ speaker }) => speaker === actor.character.name);
  if (turn?.isEdited)
    return `“${titleOf(turn.text)}” was written by you; /alternatives lists what was answered.`;
  if (last) {
    const levers = turn?.text === last.reply ? turn.levers : undefined;
    return [
      `On “${titleOf(last.reply)}”:`,
      ...explainRecall(last, actor.persona.displayName),
      ...explainWays({ ...last, levers: levers ?? actor.steering.on }),
      `Drawn with seed ${last.seed}: ${last.tokens} tokens at ${last.tokensPerSecond.toFixed(0)} a second, ` +
        `ended by ${stops[last.stop]}.`,
      `The prompt had ${last.promptTokens} tokens, ${last.reusedTokens} of them read before` +
        `${last.droppedTurns > 0 ? `; the ${last.droppedTurns} oldest turns no longer fitted` : ''}.`,
    ].join('\n');
  }
  if (!turn) return 'Nothing has been answered yet.';
  return [
    `On “${titleOf(turn.text)}”, said in an earlier session (what was recalled for it is not kept):`,
    ...explainWays({ adapters: [], ...turn }),
    ...(turn.seed === undefined ? [] : [`Drawn with seed ${turn.seed}.`]),
  ].join('\n');
}

function titleOf(text: string): string {
  const title = text.replaceAll(/\s+/g, ' ').trim();
  return title.length <= longestTitle ? title : `${title.slice(0, longestTitle).trimEnd()}…`;
}

function explainRecall({ recalled, knowing }: Reply, name: string): string[] {
  return [
    recalled.length > 0 ? 'Recalled:' : 'Nothing was recalled.',
    ...recalled.map(
      (item) =>
        `  ${sourceText(item)}: ${labelled(item).replaceAll(/\s+/g, ' ')} (${foundText(item)})`,
    ),
    ...(knowing ? [verdictText(knowing, name)] : []),
  ];
}

const labelled = ({ speaker, text }: Recalled): string =>
  speaker === undefined ? text : `${speaker}: ${text}`;

/** The kind of something recalled and how it was found: a speech that both searches found scores more than half. */
function foundText({ kind, speaker, score }: Recalled): string {
  switch (kind) {
    case 'digest':
      return `a fact, which fits the question by ${percent(score)}`;
    case 'card':
      return `of who they are, which fits the question by ${percent(score)}`;
    case 'window':
      return 'the exchange that shows it';
    case 'speech':
      if (speaker === undefined) return `words heard, which fit the question by ${percent(score)}`;
      return score > 0.5
        ? 'found by its words and by its meaning'
        : 'found by its words or by its meaning alone';
  }
}

const percent = (score: number): string => `${Math.round(100 * score)}%`;

function verdictText({ isKnown, known, unknown, isStrange }: Knowing, name: string): string {
  const verdict = `Taken for something that ${name} ${isKnown ? 'knows' : 'does not know here'}:`;
  if (isStrange) return `${verdict} a name in the question is nowhere in the play.`;
  const nearness = (what: string, found: Knowing['known']): string =>
    found ? `the nearest fact ${what} fits by ${percent(found.score)}` : `no fact ${what} is near`;
  return `${verdict} ${nearness('known', known)}, ${nearness('not known', unknown)}.`;
}

const stops = {
  end: 'its own end',
  length: 'its greatest length',
  sentence: 'the end of a sentence near its greatest length',
  stop: 'a text that ends it',
  window: 'the end of the window',
} as const;

/** What made the words what they are. */
interface Ways {
  readonly adapters: readonly AdapterName[];
  readonly levers?: readonly string[] | undefined;
  readonly costs?: readonly LeverCost[] | undefined;
  readonly reflection?: ReflectionRecord | undefined;
}

function explainWays({ adapters, levers = [], costs = [], reflection }: Ways): string[] {
  const steered = levers.map((lever) => {
    const cost = costs.find((one) => one.lever === lever);
    return cost ? `${lever} (${costText(cost)})` : lever;
  });
  return [
    `Spoken with ${adaptersText(adapters)}.`,
    steered.length > 0 ? `Steered by ${steered.join(', ')}.` : 'Nothing was steered.',
    ...explainReflection(reflection),
  ];
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
    `Chosen from ${rejected.length + 1} drafts in ${rounds} round${rounds === 1 ? '' : 's'}, ${(ms / 1000).toFixed(1)} s.${forced} Not said:`,
    ...drafts,
  ];
}
