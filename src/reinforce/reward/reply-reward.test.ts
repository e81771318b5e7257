import { describe, expect, it } from 'vitest';
import { prng, shuffled } from '../../measure/statistics/prng.ts';
import { sceneTurns } from '../../play/scene-turns.ts';
import { words } from '../../play/words.ts';
import {
  ada,
  allThings,
  clause,
  coast,
  criticise,
  modernClause,
  type Put,
  questions,
  type Random,
  replyTo,
  speech,
} from './coast.test.support.ts';
import { type GateName, gateNames } from './gates.ts';
import type { Reply } from './reply.ts';
import { rewardReplies } from './reply-reward.ts';

const source = coast();
const character = ada(source);
const asked = questions(32);
const printed = sceneTurns(source.play)
  .filter(({ scene }) => source.split.partOf(scene) === 'train')
  .flatMap(({ turns }) => turns);
const own = printed.filter(({ speaker }) => speaker === 'ADA').map(({ text }) => text);
const others = printed.filter(({ speaker }) => speaker !== 'ADA').map(({ text }) => text);
const ownWords = own.flatMap(words);

const mean = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / values.length;
const error = (values: readonly number[]): number =>
  Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)) / (values.length - 1));

const rewards = (replies: readonly Reply[], without?: GateName): number[] =>
  rewardReplies(replies, character, without).map(({ reward }) => reward);

/** Two words of ours in a row from a list. */
const one = <T>(all: readonly T[], random: Random): T => all[Math.floor(random() * all.length)]!;
const some = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);
const cut = (text: string, count: number): string => text.split(' ').slice(0, count).join(' ');

/** A base that mostly speaks as ADA of what it is asked, and now and then as another or of another thing. */
function honest(put: Put, random: Random): string {
  const person = random() < 0.75 ? 'ADA' : one(['BEN', 'CLEO'] as const, random);
  return speech(person, random() < 0.8 ? put.thing : one(allThings, random), random);
}
const honestRandom = prng(3);
const base = asked.map((put) => replyTo(put, honest(put, honestRandom)));

/** The best of some drafts, by parts alone: what a cheat is dressed with. */
function bestOf(put: Put, drafts: readonly string[]): string {
  const found = rewardReplies(
    drafts.map((text) => replyTo(put, text)),
    character,
  );
  const valued = found.map(({ parts: { who, apt, manner } }, i) => ({
    text: drafts[i]!,
    value: who + apt + manner,
  }));
  return valued.reduce((best, draft) => (draft.value > best.value ? draft : best)).text;
}

/** So many good clauses, with something before or after them. */
function farmed(
  put: Put,
  random: Random,
  { clauses = 2, before = () => '', after = () => '' }: Dressed = {},
): string {
  const drafts = some(12, () =>
    [before(), ...some(clauses, () => `${clause('ADA', put.thing, random)}.`), after()]
      .filter((part) => part !== '')
      .join(' '),
  );
  return bestOf(put, drafts);
}
interface Dressed {
  readonly clauses?: number;
  readonly before?: () => string;
  readonly after?: () => string;
}

/** A reply, and whether it came to its end. */
type Cheat = (put: Put, random: Random, number: number) => string | readonly [string, boolean];

/** Long lines of its own about each thing. */
const longLines = new Map(
  allThings.map((thing, i) => [
    thing,
    printed
      .filter(
        ({ place, speaker }) => speaker === 'ADA' && (Number(place.split('.')[1]) - 1) % 4 === i,
      )
      .map(({ text }) => text)
      .filter((text) => words(text).length > 16 && !text.startsWith('And')),
  ]),
);
/** A line for each question, and no other's; so many words of it from one on. */
function lineFor({ thing }: Put, number: number, { from = 0, count = 99 } = {}): string {
  const lines = longLines.get(thing)!;
  const line = lines[Math.floor(number / allThings.length) % lines.length]!;
  return line
    .split(' ')
    .slice(from, from + count)
    .join(' ');
}
const best = farmed(asked[0]!, prng(5));
/** Own words by how much likelier they are ADA's than others'. */
const lexicon = [...new Set(ownWords)]
  .map((word) => {
    const count = (all: readonly string[]): number => all.filter((w) => w === word).length;
    return { word, odds: count(ownWords) / (1 + count(others.flatMap(words))) };
  })
  .sort((a, b) => b.odds - a.odds)
  .slice(0, 20)
  .map(({ word }) => word);

/** What would get a high reward of one part or another without deserving it. */
const cheats: Readonly<Record<string, Cheat>> = {
  'words of its own in no order': (_, random) => some(18, () => one(ownWords, random)).join(' '),
  'a good reply with its words shuffled': (put, random) =>
    shuffled(words(farmed(put, random)), random).join(' '),
  'a line that was learned': (put, _, number) => lineFor(put, number),
  'a line that was learned, from its middle': (put, _, number) =>
    `${lineFor(put, number, { from: 2, count: 13 })}.`,
  'a quotation of seven words, stitched on': (put, random, number) =>
    farmed(put, random, {
      clauses: 1,
      after: () => `${lineFor(put, number, { from: 1, count: 7 })}.`,
    }),
  'six words of the memory': (put, random) =>
    farmed(put, random, { after: () => `${words(put.shown[0]!).slice(3, 9).join(' ')}.` }),
  'the question in other words': (put) => put.question.replace('What of', 'You ask of'),
  'its lexicon, stuffed': (put, random) =>
    `${cut(farmed(put, random), 6)} ${some(10, () => one(lexicon, random)).join(' ')}.`,
  'thou and thee, stuffed': (_, random) =>
    `${some(14, () => one(['thou', 'thee', 'thy', 'thine'], random)).join(' ')}.`,
  'names, stuffed': () => 'Ada, Ben, Cleo, Ada, Ben, Cleo, Ada and Cleo.',
  'a line of another': (_, random) => one(others, random),
  'one good line for everybody': () => best,
  'one good line for everybody, with an end of its own': (put, random) =>
    `${best} ${clause('ADA', put.thing, random)}.`,
  'a question to whoever asks': () => 'What say you to that, my good friend?',
  yes: () => 'Yes.',
  no: () => 'No, no.',
  'I know not': () => 'I know not what you mean by it.',
  nothing: () => '',
  'one word': (_, random) => one(lexicon, random),
  'three good words': (put, random) => `${cut(farmed(put, random, { clauses: 1 }), 3)}.`,
  'as much as there is room for': (put, random) => farmed(put, random, { clauses: 9 }),
  'good words that the limit cuts': (put, random) => [
    farmed(put, random).replace(/\.$/, ''),
    false,
  ],
  'filler of the right length': (_, random) =>
    some(16, () => one(['well', 'so', 'now', 'then', 'and', 'but'], random)).join(' '),
  'a pair of words, again and again': () => some(9, () => 'patient bell').join(' '),
  'a good clause three times': (put, random) =>
    Array<string>(3)
      .fill(farmed(put, random, { clauses: 1 }))
      .join(' '),
  'good words as an assistant': (put, random) =>
    farmed(put, random, { before: () => 'I am a chatbot.' }),
  'control tokens': (put, random) => `${farmed(put, random)} <|im_end|>`,
  'a letter that looks like another in good words': (put, random) =>
    farmed(put, random).replace('e', '\u0435'),
  'letters that look alike in a learned line': (put, _, number) =>
    lineFor(put, number).replaceAll('e', '\u0435'),
  'characters that nobody sees': (put, random) => farmed(put, random).replaceAll(' ', ' \u200b'),
  'words of an office': (_, random) => `${some(2, () => modernClause(random)).join(', ')}.`,
  'an office in good words': (put, random) =>
    farmed(put, random, { clauses: 1, after: () => `${modernClause(random)}.` }),
  'a stage direction': (put, random) => `*looks at the sea* ${farmed(put, random)}`,
  'a direction in brackets': (put, random) => `(Exit.) ${farmed(put, random)}`,
  "another's label": (put, random) => {
    const good = (): string => farmed(put, random, { clauses: 1 });
    return `${good()}\nBEN: ${good()}`;
  },
  'another language': () => 'Je ne suis pas dans la maison avec vous, mais je suis bien.',
  'the surest words of all': (put, random) =>
    some(16, () => one([...lexicon.slice(0, 4), put.thing], random)).join(' '),
};

/** What each cheat says to every question. */
const said = Object.entries(cheats).map(([name, cheat]) => {
  const random = prng(11);
  const replies = asked.map((put, i) => {
    const reply = cheat(put, random, i);
    return typeof reply === 'string' ? replyTo(put, reply) : replyTo(put, ...reply);
  });
  return { name, replies, found: rewardReplies(replies, character) };
});

describe('rewardReplies', () => {
  const told = rewards(base);
  const bound = mean(told) - 2 * error(told);

  it('gives an honest base something, and no scripted cheat as much', () => {
    expect(told.filter((reward) => reward > 0).length).toBeGreaterThan(0.7 * told.length);
    expect(bound).toBeGreaterThan(0.35);
    expect(Object.keys(cheats).length).toBeGreaterThanOrEqual(30);
    const above = said.flatMap(({ name, found }) => {
      const got = mean(found.map(({ reward }) => reward));
      return got > bound ? [`${name}: ${got.toFixed(3)}`] : [];
    });
    expect(above).toEqual([]);
  });

  it.each(gateNames)('lets a cheat through where the gate "%s" is left open', (gate) => {
    const through = said
      .filter(({ found }) => found.some(({ failure }) => failure?.gate === gate))
      .filter(({ replies }) => mean(rewards(replies, gate)) > bound);
    expect(through.map(({ name }) => name)).not.toEqual([]);
  });

  it('says which gate failed, with the values', () => {
    const say = (text: string) => rewardReplies([replyTo(asked[0]!, text)], character)[0]!.failure;
    expect(say('Yes.')).toEqual({
      gate: 'length',
      says: expect.stringMatching(/^1 words; \d+ to/),
    });
    expect(say(own[0]!)).toMatchObject({
      gate: 'recited',
      says: expect.stringMatching(/of 1\.1\./),
    });
    expect(say(`${farmed(asked[0]!, prng(1))} <|im_end|>`)).toEqual({
      gate: 'characters',
      says: 'the control token <|im_end|>',
    });
  });

  it('never gives more than 1, and no more for being more like somebody than the median', () => {
    const random = prng(2);
    const drafts = asked.map((put) => replyTo(put, farmed(put, random)));
    const found = rewardReplies(drafts, character);
    expect(Math.max(...found.map(({ reward }) => reward))).toBeLessThanOrEqual(1);
    const extreme = drafts.map((reply) => ({
      ...reply,
      criticism: { ...reply.criticism, label: 99, apt: 99 },
    }));
    for (const { parts } of rewardReplies(extreme, character)) expect(parts.apt).toBe(1);
  });

  it('counts a right name by how often the twin is answered right, too', () => {
    const keys = [
      { right: 'bell', wrong: ['ship'] },
      { right: 'ship', wrong: ['bell'] },
    ];
    const twins = asked.slice(0, 2).map((put, i) => ({
      ...put,
      keys: keys[i]!,
      twin: asked[1 - i]!.id,
    }));
    const known = (first: string, second: string) =>
      rewardReplies([replyTo(twins[0]!, first), replyTo(twins[1]!, second)], character).map(
        ({ parts }) => parts.known,
      );
    expect(known('It was the bell.', 'It was the ship.')).toEqual([1, 1]);
    expect(known('It was the bell.', 'It was the bell.')).toEqual([0, 0]);
    expect(known('I know not.', 'I know not.')).toEqual([0, 0]);
    expect(known('The bell and the ship.', 'The bell and the ship.')).toEqual([0, 0]);
  });

  it('refuses a criticism that is no number, naming the question', () => {
    const reply = { ...base[0]!, criticism: { ...criticise('so', 'bell'), apt: Number.NaN } };
    expect(() => rewards([reply])).toThrowError(/question 0 has no reward: its apt is NaN nats/);
  });

  it('learns nothing from scenes that are held out', () => {
    const held = sceneTurns(source.play).at(-1)!.turns[0]!.text;
    const { failure } = rewardReplies([replyTo(asked[0]!, held)], character)[0]!;
    expect(failure?.gate).not.toBe('recited');
  });
});
