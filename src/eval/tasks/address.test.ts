import { describe, expect, it } from 'vitest';
import type { Source } from '../../corpus/source.ts';
import type { Row } from '../../measure/row.ts';
import { parsePlay } from '../../play/parse.ts';
import { answersBy, sourceOf } from '../../testing/plays/salt-road.ts';
import { type AddressItem, address } from './address.ts';
import { anchorRows, figure } from './anchor-rows.test.support.ts';

/** Said by one to the other in each of the scenes: she is "my lady" to him, he "sirrah" and thou to her, and often "sir". */
const said = [
  ['WAT', 'The geese are in, my lady.'],
  ['DAME', 'Then bar the gate, sirrah, and mind thy feet.'],
  ['WAT', 'So I did, my lady, and your feet are muddier than mine.'],
  ['DAME', 'I think thou art a rogue.'],
  ['WAT', 'Do you say so?'],
  ['DAME', 'Art thou deaf?'],
] as const;
const guests = [
  ['GUEST', 'Good even, sir.'],
  ['HOST', 'And to you, sir.'],
  ['GUEST', 'Is there a bed, good master?'],
  ['HOST', 'There is, madam, and a cat in it.'],
  ['GUEST', 'Cousin, put out the cat.'],
  ['HOST', 'Cousin, I shall.'],
  ['GUEST', 'Well said, good master.'],
  ['HOST', 'My best, madam.'],
] as const;

const scene = (number: string, lines: readonly (readonly [string, string])[]): string => {
  const names = [...new Set(lines.map(([name]) => name))].join(' and ');
  const speeches = lines.map(([name, text]) => `**${name}**  \n${text}\n`).join('\n');
  return `### SCENE ${number}. A yard.\n\n_Enter ${names}_\n\n${speeches}\n_Exeunt_\n`;
};
const play = parsePlay(
  new TextEncoder().encode(
    `# The Geese\n\n## ACT I\n\n${scene('I', said)}\n${scene('II', guests)}\n${scene('III', said)}`,
  ),
);
const source: Source = {
  ...sourceOf(play),
  split: { folds: 5, partOf: () => 'train', foldOf: (one) => Number(one.at(-1)) - 1 },
};
const items = address.items(source);
const asked = (before: string): AddressItem => items.find((item) => item.before === before)!;

describe('address', () => {
  it('asks about the first title and the first thou or you of a speech to one person', () => {
    const first = items.filter(({ scene: where }) => where === '1.1');
    expect(first.map(({ speaker, kind, before }) => [speaker, kind, before])).toEqual([
      ['WAT', 'title', 'The geese are in,'],
      ['DAME', 'title', 'Then bar the gate,'],
      ['DAME', 'thou', 'Then bar the gate, sirrah, and mind'],
      ['WAT', 'title', 'So I did,'],
      ['WAT', 'you', 'So I did, my lady, and'],
      ['DAME', 'thou', 'I think'],
      ['WAT', 'you', 'Do'],
    ]);
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
  });

  it('holds the title against others that are never used to this person, the commonest among them', () => {
    const { options, right, stop } = asked('The geese are in,');
    expect(options).toHaveLength(4);
    expect(options[right]).toEqual(['my lady']);
    expect(stop).toBe('.');
    expect(options.flat()).toContain('sirrah');
    expect(asked('There is,').options.flat()).not.toContain('cousin');
    expect(
      items
        .find(({ place, kind }) => place === asked('').place && kind === 'title')!
        .options.flat(),
    ).toContain('Cousin');
  });

  it('has each form of thou or you after the same words, and no verb that gives it away', () => {
    expect(asked('Then bar the gate, sirrah, and mind').options).toEqual([
      ['thy', 'thine'],
      ['your', 'yours'],
    ]);
    expect(items.some(({ before }) => before.endsWith('Art'))).toBe(false);
  });

  it('asks after the scene in the speaker’s mouth, after the words that stand before', () => {
    const [request, ...more] = address.requests(asked('So I did,'));
    expect(more).toEqual([]);
    expect(request!.context).toMatchObject({ kind: 'scene', speaker: 'WAT' });
    if (request?.kind !== 'score') throw new Error('scores are wanted');
    expect(request.continuations).toContain('So I did, my lady,');
  });

  it('has anchors in order: who is always right, who knows the habit, who says what is frequent', () => {
    const by = (anchor: string, metric = 'accuracy'): number =>
      figure(address, metric, anchorRows(address, items, anchor));
    expect(by('original')).toBe(1);
    expect(by('habit')).toBeLessThan(1);
    expect(by('habit')).toBeGreaterThan(by('most frequent'));
    for (const metric of ['accuracy', 'title', 'pronoun']) expect(by('chance', metric)).toBe(0.5);
    for (const [better, worse] of address.invariants)
      if (worse !== 'empty') expect(by(better)).toBeGreaterThan(by(worse));
  });

  it('gives nothing to who always says you, or always the commonest title', () => {
    const always = items.map((item): Row<AddressItem> => {
      const scores = item.options.flatMap((forms, i) => forms.map(() => item.frequency[i]!));
      const [request] = address.requests(item);
      const { continuations } = request as Extract<typeof request, { kind: 'score' }>;
      const answers = answersBy([request!], (text) =>
        item.kind === 'title'
          ? scores[continuations.indexOf(text)]!
          : /you/i.test(text.slice(item.before.length))
            ? -1
            : -9,
      );
      return { item, answers, values: address.measure(item, answers) };
    });
    expect(figure(address, 'pronoun', always)).toBe(0.5);
    expect(Math.abs(figure(address, 'title', always) - 0.5)).toBeLessThan(0.15);
  });

  it('takes thou and thee together, whichever fits', () => {
    const item = asked('I think');
    const saying = (word: string) =>
      address.measure(
        item,
        answersBy(address.requests(item), (text) => (text.endsWith(` ${word}`) ? -1 : -9)),
      );
    expect([saying('thou'), saying('thee'), saying('you')]).toEqual([
      { thou: 1 },
      { thou: 1 },
      { thou: 0 },
    ]);
  });

  it('keeps to the speeches of the character', () => {
    const { cast } = play;
    const own = address.items({ ...source, character: cast.find(({ name }) => name === 'DAME')! });
    expect(new Set(own.map(({ speaker }) => speaker))).toEqual(new Set(['DAME']));
  });
});
