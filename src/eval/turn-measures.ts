import { RunIndex } from '../corpus/gates/run-index.ts';
import type { Metric } from '../measure/metric.ts';
import type { Row, Values } from '../measure/row.ts';
import { gini } from '../measure/text/gini.ts';
import { speakerEntropy } from '../measure/text/speaker-entropy.ts';
import { calledBy } from '../play/called-by.ts';
import type { ProperName } from '../play/proper-names.ts';
import { words } from '../play/words.ts';
import type { GuardedPlay } from '../stage/guards/guarded-play.ts';
import { contentWords } from '../stage/said-again.ts';
import { hygiene } from './hygiene.ts';
import type { SceneTurn } from './task.ts';
import { type TurnOrder, turnNats } from './turn-order.ts';

/** A turn to be measured. */
export interface MeasuredTurn extends SceneTurn {
  /** Share of the others in the conversation whose voice fits the words less than the speaker's own; missing if unknown. */
  readonly voice?: number | undefined;
}

/** In words: a run that is said again. */
const repeatedRun = 5;

/** What is known of those who hold a conversation. */
export interface ConversationFacts {
  /** All who could have spoken: silence counts in the Ginis. */
  readonly speakers: readonly string[];
  /** Proper names by which somebody may be called. */
  readonly names: readonly ProperName[];
  /** What order their play leads to expect. */
  readonly order: TurnOrder;
  /** Their play, as guards of the stage know it. */
  readonly guarded: GuardedPlay;
  /** The scene of the play that it is; empty if it is none. */
  readonly scene: string;
}

/** What a conversation is like, whoever holds it, as counts that can be pooled over conversations. */
export function turnMeasures(turns: readonly MeasuredTurn[], facts: ConversationFacts): Values {
  const { speakers, names, order } = facts;
  const said = turns.map(({ text }) => words(text));
  const of = (name: string): number[] =>
    turns.flatMap(({ speaker }, i) => (speaker === name ? [said[i]!.length] : []));
  const aba = turns.slice(2).filter(({ speaker }, i) => speaker === turns[i]!.speaker);
  const nats = turnNats(turns, speakers, names, order);
  return {
    turns: turns.length,
    words: said.reduce((sum, { length }) => sum + length, 0),
    'turn Gini': gini(speakers.map((name) => of(name).length)),
    'word Gini': gini(speakers.map((name) => of(name).reduce((sum, n) => sum + n, 0))),
    'speaker entropy': speakerEntropy(speakers.map((name) => of(name).length)),
    'turn nats in all': nats.reduce((sum, one) => sum + one, 0),
    'turns expected': nats.length,
    'ABA turns': aba.length,
    'turns after two': Math.max(0, turns.length - 2),
    ...callsAnswered(turns, speakers, names),
    ...repeats(turns, said),
    ...hygiene(turns, facts),
    ...overlaps(turns),
    'turns that ask': turns.filter(({ text }) => text.includes('?')).length,
    'turns for others': turns.filter((turn) => speaksForOthers(turn, speakers)).length,
    'empty turns': said.filter(({ length }) => length === 0).length,
    ...voices(turns),
  };
}

/** The figures of conversations: of all turns pooled, but for the Ginis and the entropy, which are means over conversations. */
export const turnMetrics: readonly Metric[] = [
  ratio('ABA', 'ABA turns', 'turns after two'),
  { name: 'turn Gini', unit: 'share', higherIsBetter: null },
  { name: 'word Gini', unit: 'share', higherIsBetter: null },
  { name: 'speaker entropy', unit: 'share', higherIsBetter: null },
  { ...ratio('turn nats', 'turn nats in all', 'turns expected'), unit: 'nats' },
  ratio('who is called answers', 'calls answered', 'calls'),
  ratio('adjacent overlap', 'overlap in all', 'adjacent pairs'),
  ratio('questions', 'turns that ask', 'turns'),
  ratio('self-repeat', 'turns repeated', 'turns'),
  ratio('echo', 'turns echoed', 'turns'),
  ratio('loops', 'windows that loop', 'windows of eight'),
  ratio('speaking for others', 'turns for others', 'turns'),
  ratio('empty', 'empty turns', 'turns'),
  ratio('out of form', 'turns out of form', 'turns'),
  ratio('copied', 'turns copied', 'turns'),
  { ...ratio('words per turn', 'words', 'turns'), unit: 'words' },
  ratio('voice, first third', 'voice at first', 'turns at first'),
  ratio('voice, last third', 'voice at last', 'turns at last'),
  {
    name: 'voice collapse',
    unit: 'score',
    higherIsBetter: null,
    of: (rows) =>
      sumOf(rows, 'voice at first') / sumOf(rows, 'turns at first') -
      sumOf(rows, 'voice at last') / sumOf(rows, 'turns at last'),
  },
];

function ratio(name: string, part: string, whole: string): Metric {
  const of = (rows: readonly Row[]): number => sumOf(rows, part) / sumOf(rows, whole);
  const weight = ({ values }: Row): number => values[whole] ?? 0;
  return { name, unit: 'share', higherIsBetter: null, of, weight };
}

function sumOf(rows: readonly Row[], value: string): number {
  return rows.reduce((sum, { values }) => sum + (values[value] ?? 0), 0);
}

/** Turns that call somebody by name, and those of them that this person answers at once. */
function callsAnswered(
  turns: readonly MeasuredTurn[],
  speakers: readonly string[],
  names: readonly ProperName[],
): Values {
  let calls = 0;
  let answered = 0;
  const here = names.filter(({ person }) => speakers.includes(person));
  turns.slice(0, -1).forEach(({ speaker, text }, i) => {
    const called = calledBy(text, here)
      .map(({ person }) => person)
      .filter((name) => name !== speaker);
    if (called.length === 0) return;
    calls++;
    if (called.includes(turns[i + 1]!.speaker)) answered++;
  });
  return { calls, 'calls answered': answered };
}

/** So many turns of a window of so many make it a loop. */
const loop = { repeats: 2, turns: 8 };

/** Turns with five words in a row that the speaker has said before, or that the turn before had, and windows with two of the first. */
function repeats(turns: readonly MeasuredTurn[], said: readonly (readonly string[])[]): Values {
  const before = new Map<string, RunIndex>();
  const repeated: boolean[] = [];
  let echoed = 0;
  turns.forEach(({ speaker }, i) => {
    const own = before.get(speaker) ?? new RunIndex();
    before.set(speaker, own);
    repeated.push(hasRun(said[i]!, own));
    const previous = turns[i - 1];
    if (previous && previous.speaker !== speaker) {
      const theirs = new RunIndex([{ place: '', text: previous.text }]);
      if (hasRun(said[i]!, theirs)) echoed++;
    }
    own.add({ place: '', text: turns[i]!.text });
  });
  const windows = repeated
    .slice(loop.turns - 1)
    .map((_, at) => repeated.slice(at, at + loop.turns));
  return {
    'turns repeated': repeated.filter(Boolean).length,
    'turns echoed': echoed,
    'windows that loop': windows.filter((one) => one.filter(Boolean).length >= loop.repeats).length,
    'windows of eight': windows.length,
  };
}

/** How much of what a turn is about the turn before was about too: words of meaning in both, of the shorter one's. */
function overlaps(turns: readonly MeasuredTurn[]): Values {
  const content = turns.map(({ text }) => contentWords(text));
  const pairs = content.slice(1).flatMap((here, i) => {
    const before = content[i]!;
    const fewer = Math.min(here.size, before.size);
    if (fewer === 0 || turns[i]!.speaker === turns[i + 1]!.speaker) return [];
    return [[...here].filter((word) => before.has(word)).length / fewer];
  });
  return {
    'overlap in all': pairs.reduce((sum, share) => sum + share, 0),
    'adjacent pairs': pairs.length,
  };
}

const hasRun = (list: readonly string[], index: RunIndex): boolean =>
  index.agreements(list).some(({ length }) => length >= repeatedRun);

/** The turn has another's label in it, as when a model writes on in their place. */
function speaksForOthers({ speaker, text }: MeasuredTurn, speakers: readonly string[]): boolean {
  return speakers.some((name) => name !== speaker && labelOf(name).test(text));
}

const labels = new Map<string, RegExp>();

/** A name that begins a line and ends with a colon or a stop, or stands in capitals before a colon. */
function labelOf(name: string): RegExp {
  let label = labels.get(name);
  if (!label) {
    const printed = name.replaceAll(/[^\p{L}\d ]/gu, '.');
    const titled = printed.toLowerCase().replaceAll(/(?<![\p{L}])\p{L}/gu, (c) => c.toUpperCase());
    label = new RegExp(`(?:^|\\n)\\s*(?:${printed}|${titled})[.:]|(?<!\\p{L})${printed}:`, 'u');
    labels.set(name, label);
  }
  return label;
}

/** How well the turns of the first and the last third fit their speakers, as sums. */
function voices(turns: readonly MeasuredTurn[]): Values {
  const third = Math.floor(turns.length / 3);
  const told = (part: readonly MeasuredTurn[]): number[] =>
    part.flatMap(({ voice }) => (voice === undefined ? [] : [voice]));
  const first = told(turns.slice(0, third));
  const last = told(turns.slice(turns.length - third));
  const sum = (list: readonly number[]): number => list.reduce((total, value) => total + value, 0);
  return {
    'voice at first': sum(first),
    'turns at first': first.length,
    'voice at last': sum(last),
    'turns at last': last.length,
  };
}
