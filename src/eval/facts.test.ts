import { describe, expect, it } from 'vitest';
import { mill, sourceOf } from '../testing/plays/mill.ts';
import { factsOf, meetingsOf } from './facts.ts';

const [first, second, third] = factsOf(mill.play);

describe('factsOf', () => {
  it('has every scene in the order of the story, with those who were in it', () => {
    expect(factsOf(mill.play).map(({ scene }) => scene)).toEqual(['1.1', '1.2', '2.1', '2.2']);
    expect([...first!.present].sort()).toEqual(['OSWIN', 'ROLF', 'TILDA']);
    expect([...second!.present].sort()).toEqual(['BERTA', 'OSWIN']);
  });

  it('knows who dies, and who sees it', () => {
    expect(third!.deaths).toEqual([{ who: 'ROLF', place: '2.1.3', witnesses: ['OSWIN', 'TILDA'] }]);
    expect(first!.deaths).toEqual([]);
  });

  it('tells who dies from who only leaves by the same direction', () => {
    const { play } = sourceOf(
      '# X\n\n## ACT I\n\n### SCENE I. A road.\n\n_Enter ANNA, PIET and JORIS_\n\n**ANNA**\nRun, Piet!\n\n_Dies. PIET escapes_\n\n**JORIS**\nShe is gone.\n',
      {},
    );
    const [scene] = factsOf(play);
    expect(scene!.deaths.map(({ who }) => who)).toEqual(['ANNA']);
  });

  it('knows who reads a letter to whom', () => {
    expect(first!.letters).toEqual([
      { reader: 'ROLF', place: '1.1.9', audience: ['OSWIN', 'ROLF', 'TILDA'] },
    ]);
  });

  it('has only those hear a saying who were there when it began, and marks what is said aside', () => {
    const before = first!.sayings.find(({ text }) => text.startsWith('I said'))!;
    expect(before.present).toEqual(['ROLF', 'TILDA']);
    expect(first!.sayings.filter(({ aside }) => aside).map(({ place }) => place)).toEqual([
      '1.1.4',
    ]);
  });
});

describe('meetingsOf', () => {
  it('has each two persons once, where they first share the stage', () => {
    const met = meetingsOf(mill.play).map(({ persons, scene }) => `${persons.join(' ')} ${scene}`);
    expect(met).toEqual([
      'ROLF TILDA 1.1',
      'OSWIN ROLF 1.1',
      'OSWIN TILDA 1.1',
      'BERTA OSWIN 1.2',
      'BERTA TILDA 2.2',
    ]);
  });
});
