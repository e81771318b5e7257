import { describe, expect, it } from 'vitest';
import { DramatisError } from '../../errors.ts';
import { ownWords, playOf, type SceneTable } from '../../testing/plays/scene-table.ts';
import type { SceneSplit, SplitPart } from '../splits/scene-split.ts';
import {
  findLeaks,
  heldOutIndex,
  leaksInto,
  requireNoLeaks,
  requirePart,
  requireUnseen,
} from './leaks.ts';

/** A split by hand. */
function parted(parts: Readonly<Record<string, SplitPart>>): SceneSplit {
  return { folds: 5, partOf: (scene) => parts[scene]!, foldOf: () => 0 };
}

const split = parted({ '1.1': 'train', '1.2': 'dev', '1.3': 'holdout' });
const divided = (table: SceneTable) => ({ play: playOf(table), split });

const oath = 'by lamp and rope and bell I keep this harbour';
const clean: SceneTable = {
  '1.1': [['NELL', `I swore it: ${oath}, until I die.`]],
  '1.2': [['TOM', 'The nets are torn and someone tore them.']],
  '1.3': [['NELL', 'Then mend the nets, and ask no more of me.']],
};

function codeAndMessage(run: () => void): [string, string] {
  try {
    run();
  } catch (error) {
    if (error instanceof DramatisError) return [error.code, error.message];
    throw error;
  }
  return ['', ''];
}

describe('findLeaks', () => {
  it('finds nothing in a play whose parts have nothing in common', () => {
    expect(findLeaks([divided(clean)])).toEqual({ leaks: [], rare: { shared: 0, all: 8 } });
  });

  it('finds eight words of train in holdout, with both places', () => {
    const said = {
      ...clean,
      '1.3': [['TOM', 'Hm.'] as const, ['TOM', `${oath}, says he`] as const],
    };
    const { leaks, rare } = findLeaks([divided(said)]);
    expect(leaks).toEqual([
      {
        part: 'holdout',
        place: '1.3.2',
        run: { length: 10, words: oath.toLowerCase(), at: 0, place: '1.1.1' },
      },
    ]);
    expect(rare.shared).toBe(5);
  });

  it('lets seven words pass, but counts the runs of six in them', () => {
    const seven = oath.split(' ').slice(0, 7).join(' ');
    const { leaks, rare } = findLeaks([divided({ ...clean, '1.2': [['TOM', seven]] })]);
    expect(leaks).toEqual([]);
    expect(rare.shared).toBe(2);
  });

  it('compares holdout with dev too, and dev with train', () => {
    const { leaks } = findLeaks([
      divided({
        '1.1': [['NELL', 'Nothing of the kind.']],
        '1.2': [['NELL', oath]],
        '1.3': [['TOM', oath]],
      }),
    ]);
    expect(leaks).toMatchObject([{ part: 'holdout', place: '1.3.1', run: { place: '1.2.1' } }]);
    const { leaks: ofDev } = findLeaks([divided({ ...clean, '1.2': [['TOM', oath]] })]);
    expect(ofDev).toMatchObject([{ part: 'dev', place: '1.2.1', run: { place: '1.1.1' } }]);
  });

  it('compares plays that are trained on together', () => {
    const other = divided({ ...clean, '1.1': [['TOM', 'Good day.']], '1.3': [['TOM', oath]] });
    expect(findLeaks([other]).leaks).toEqual([]);
    expect(findLeaks([other, divided(clean)]).leaks).toHaveLength(1);
  });

  it('leaves out what is allowed', () => {
    const eight = oath.split(' ').slice(0, 8).join(' ').toLowerCase();
    const said = divided({ ...clean, '1.3': [['TOM', eight]] });
    expect(findLeaks([said], (words) => words === eight).leaks).toEqual([]);
  });
});

describe('requireNoLeaks', () => {
  it('is silent about a play that has none', () => {
    expect(() => requireNoLeaks([divided(clean)])).not.toThrow();
  });

  it('says what stands where', () => {
    const said = divided({ ...clean, '1.3': [['TOM', `Ay, ${oath}`]] });
    expect(codeAndMessage(() => requireNoLeaks([said]))).toEqual([
      'LEAK',
      '1 run of 8 words or more stands in two parts: "by lamp and rope and bell i keep this harbour" (holdout 1.3.1, also 1.1.1)',
    ]);
  });

  it('lets six words alike pass in a long play, and not in a short one', () => {
    const six = oath.split(' ').slice(0, 6).join(' ');
    const long = { ...clean, '1.3': [['TOM', `${six} ${ownWords('x', 2500)}`] as const] };
    expect(() => requireNoLeaks([divided(long)])).not.toThrow();
    const [code, message] = codeAndMessage(() =>
      requireNoLeaks([divided({ ...clean, '1.3': [['TOM', six]] })]),
    );
    expect(code).toBe('LEAK');
    expect(message).toBe('1 run of 6 words stands in two parts, of 4: more than 0.05 %');
  });
});

describe('what a model is shown', () => {
  const heldOut = heldOutIndex(
    divided({ ...clean, '1.3': [['NELL', 'There were nine lamps on the quay when I was born.']] }),
  );

  it('may be words of train, and a few of any', () => {
    expect(leaksInto(`She swore ${oath}`, heldOut)).toEqual([]);
    expect(leaksInto('There were nine lamps on the quay, they say.', heldOut)).toEqual([]);
  });

  it('may not be words of dev or holdout', () => {
    expect(leaksInto('Of course the nets are torn and someone tore them!', heldOut)).toMatchObject([
      { at: 2, length: 8, place: '1.2.1' },
    ]);
    const shown = [
      { name: 'the persona of TOM', text: 'You are Tom.' },
      { name: 'a passage', text: 'Nine lamps on the quay when I was born: nine.' },
    ];
    expect(codeAndMessage(() => requireUnseen(shown, heldOut))).toEqual([
      'LEAK',
      'a passage says "nine lamps on the quay when i was born", which is held out (1.3.1)',
    ]);
    expect(() => requireUnseen(shown.slice(0, 1), heldOut)).not.toThrow();
  });
});

describe('requirePart', () => {
  const item = { id: 'aa', scene: '1.3', place: '1.3.1' };

  it('lets items of the part pass', () => {
    const whole = { id: 'bb', scene: '1.3', place: '1.3' };
    expect(() => requirePart([item, whole], 'holdout', split)).not.toThrow();
  });

  it('refuses an item of another part', () => {
    expect(codeAndMessage(() => requirePart([item], 'train', split))).toEqual([
      'LEAK',
      'item aa is taken for train, but 1.3 is holdout',
    ]);
  });

  it('refuses an item about another scene than its own', () => {
    const astray = { ...item, place: '1.30.1' };
    expect(codeAndMessage(() => requirePart([astray], 'holdout', split))).toEqual([
      'LEAK',
      'item aa of scene 1.3 is about 1.30.1',
    ]);
  });
});
