import { describe, expect, it } from 'vitest';
import { spelledModel } from '../testing/models/piece-model.ts';
import { castMember, lantern } from '../testing/plays/lantern.ts';
import type { LeverName } from './lever-descriptions.ts';
import { defaultAlpha, leverNames, parseLeverNames } from './lever-names.ts';
import { SteeringLevers } from './steering-levers.ts';

const model = spelledModel([' lantern', ' thou', ' computer', ' [', ']', '\n', '\n\n']);
const character = castMember('MARTA');
const open = (on: readonly LeverName[], more: { strength?: number } = {}) =>
  SteeringLevers.open({ model, shown: () => lantern, character, on, ...more });

describe('The levers of a character', () => {
  it('push nothing while all of them are off', async () => {
    const steering = await open([]);
    expect(steering.bias.size).toBe(0);
    expect(steering.after('The lantern')).toBeUndefined();
    expect(steering.explain()).toEqual([]);
    expect([steering.contrast, steering.reflection, steering.sampling]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('have a grammar for each push that is on, and those of the others stay as they are', async () => {
    const steering = await open(['lexicon', 'ban', 'brackets']);
    const [lexicon, ban, brackets] = steering.grammars;
    expect(steering.grammars.length).toBe(3);
    expect(steering.after('The lantern')).toBeUndefined();
    await steering.turn('ban', false);
    expect(steering.grammars).toEqual([lexicon, brackets]);
    await steering.turn('length', true);
    expect(steering.grammars.slice(0, 2)).toEqual([lexicon, brackets]);
    await steering.turn('ban', true);
    expect(steering.grammars.slice(0, 3)).toEqual([lexicon, ban, brackets]);
  });

  it('step aside for a grammar that they cannot stand beside, and come back', async () => {
    const steering = await open(['ban', 'brackets', 'length']);
    const all = steering.grammars;
    steering.standBeside(['root ::= "(" [a-z]* ")"']);
    expect(steering.grammars).toEqual([all[0], all[2]]);
    expect(steering.grammarLevers).toEqual(['ban', 'length']);
    steering.standBeside(['root ::= "{" [a-z]* "}"']);
    expect([steering.grammars, steering.on]).toEqual([[], ['ban', 'brackets', 'length']]);
    steering.standBeside([]);
    expect(steering.grammars).toEqual(all);
  });

  it('leave it to the session to raise their grammars to the power of λ', async () => {
    const steering = await open(['lexicon'], { strength: 2 });
    const { grammars } = steering;
    steering.strength = 0;
    expect(steering.grammars).toEqual(grammars);
  });

  it('end a reply when the shortest of their limits is reached, or a text that one of them ends it at', async () => {
    const [free, bound] = [await open([]), await open(['length', 'tags'])];
    expect(bound.maxTokens).toBeLessThan(free.maxTokens);
    expect([free.stop, bound.stop.includes('\nBRUNO:')]).toEqual([[], true]);
  });

  it('say of each that is on what it does and what it cost', async () => {
    const steering = await open(leverNames);
    expect(steering.explain().map((line) => line.split(':')[0])).toEqual(leverNames);
    const spent = steering.grammars.map((_, i) => i);
    steering.charge(spent, 0.5, 0.25);
    steering.charge(spent, 0.5, 0.25);
    expect(steering.costs().map(({ ms, count, per }) => [ms, count, per])).toEqual([
      ...spent.map((ms) => [2 * ms, 2, 'token']),
      [0.5, 2, 'token'],
      [1, 2, 'token'],
    ]);
    expect(steering.costs().at(-2)?.lever).toBe('echo');
    // What a reply is asked to match is no lever's.
    steering.standBeside(['root ::= "ay"']);
    steering.charge(spent, 0.5, 0.25);
    expect(steering.costs().at(-2)).toMatchObject({ lever: 'echo', count: 2 });
    expect(steering.contrast).toBe(defaultAlpha);
    expect(steering.reflection?.drafts).toBeGreaterThan(1);
  });

  it('show their pushes as grammars, apart from each other', async () => {
    const recipe = (await open(['lexicon', 'tags'])).recipe();
    expect(recipe.split('\n---\n').map((part) => part.split('\n')[1]?.split(' ')[0])).toEqual([
      '%lexicon',
      '%ban',
    ]);
    expect((await open([])).recipe()).toContain('nothing');
  });
});

describe('Names of levers', () => {
  it('with a sign change those that are on by default, or those that are on', () => {
    expect(parseLeverNames('+reflection,-ban')).toEqual([
      'brackets',
      'echo',
      'facts',
      'tags',
      'reflection',
    ]);
    expect(parseLeverNames('-Ban', ['verse', 'ban'])).toEqual(['verse']);
    expect(() => parseLeverNames('+nope')).toThrow('there is no lever "nope"');
    expect(() => parseLeverNames('verse,-ban')).toThrow('both with and without a sign');
  });

  it('are read in any order and case, with on and off for the usual ones and none', () => {
    expect(parseLeverNames('on')).toEqual(['ban', 'brackets', 'echo', 'facts', 'tags']);
    expect(parseLeverNames('off')).toEqual([]);
    expect(parseLeverNames('on,reflection')).toEqual([
      'ban',
      'brackets',
      'echo',
      'facts',
      'tags',
      'reflection',
    ]);
    expect(parseLeverNames('Verse, lexicon')).toEqual(['lexicon', 'verse']);
    expect(() => parseLeverNames('verse,nope')).toThrow('there is no lever "nope"');
  });

  it('that were removed are refused, with those that do their work', () => {
    for (const name of ['simple', 'verse, Simple', 'steering']) {
      expect(() => parseLeverNames(name)).toThrow('was removed');
      try {
        parseLeverNames(name);
      } catch (error) {
        expect(error).toMatchObject({ remedy: expect.stringContaining('lexicon,tags,length') });
      }
    }
  });
});
