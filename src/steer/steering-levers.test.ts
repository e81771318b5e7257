import { describe, expect, it } from 'vitest';
import { spelledModel } from '../testing/models/piece-model.ts';
import { castMember, lantern } from '../testing/plays/lantern.ts';
import { defaultAlpha, type LeverName, parseSteerNames, steerNames } from './lever-names.ts';
import { simpleSteering } from './levers/simple.ts';
import { SteeringLevers } from './steering-levers.ts';

const model = spelledModel([' lantern', ' thou', ' computer', ' [', ']', '\n', '\n\n']);
const character = castMember('MARTA');
const board = (on: readonly LeverName[], more: { strength?: number } = {}) =>
  SteeringLevers.open({ model, play: lantern, shown: () => lantern, character, on, ...more });

describe('A switchboard', () => {
  it('pushes with the simple lever alone as that does by itself', async () => {
    const alone = simpleSteering(model, lantern, character);
    const steering = await board(['simple']);
    expect(steering.bias).toEqual(alone.bias);
    expect(steering.stop).toEqual(alone.stop);
    expect(steering.maxTokens).toBe(alone.maxTokens);
    let now = alone.bias;
    let mine = steering.bias;
    for (const [i, text] of ['The', 'The lantern', `${'word '.repeat(40)}end.`].entries()) {
      now = alone.after(text, i + 1) ?? now;
      mine = steering.after(text, i + 1) ?? mine;
      expect(mine).toEqual(now);
    }
  });

  it('pushes nothing with all levers off', async () => {
    const steering = await board([]);
    expect(steering.bias.size).toBe(0);
    expect(steering.after('The lantern', 2)).toBeUndefined();
    expect(steering.explain()).toEqual({ towards: [], away: [] });
    expect([steering.contrast, steering.reflection, steering.sampling]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('has a grammar for each push that is on, and those of the others stay as they are', async () => {
    const steering = await board(['lexicon', 'ban', 'brackets']);
    const [lexicon, ban, brackets] = steering.grammars;
    expect(steering.grammars.length).toBe(3);
    expect(steering.after('The lantern', 2)).toBeUndefined();
    await steering.turn('ban', false);
    expect(steering.grammars).toEqual([lexicon, brackets]);
    await steering.turn('length', true);
    expect(steering.grammars.slice(0, 2)).toEqual([lexicon, brackets]);
    await steering.turn('ban', true);
    expect(steering.grammars.slice(0, 3)).toEqual([lexicon, ban, brackets]);
  });

  it('pushes tokens as strongly as it is told, and leaves the grammars to the session', async () => {
    const steering = await board(['simple', 'lexicon'], { strength: 2 });
    const alone = simpleSteering(model, lantern, character);
    const [token, nats] = [...alone.bias].find(([, bias]) => Number.isFinite(bias))!;
    expect(steering.bias.get(token)).toBeCloseTo(2 * nats);
    const [grammar] = steering.grammars;
    steering.strength = 0;
    expect(steering.bias.has(token)).toBe(false);
    expect(steering.grammars).toEqual([grammar]);
  });

  it('tells of every lever that is on what it does and what it cost', async () => {
    const steering = await board(steerNames);
    const { levers = [] } = steering.explain();
    expect(levers.map((line) => line.split(':')[0])).toEqual(
      steerNames.filter((name) => name !== 'simple'),
    );
    const spent = steering.grammars.map((_, i) => i);
    steering.charge(spent, 0.5);
    steering.charge(spent, 0.5);
    expect(steering.costs().map(({ ms, count, per }) => [ms, count, per])).toEqual([
      ...spent.map((ms) => [2 * ms, 2, 'token']),
      [1, 2, 'token'],
    ]);
    expect(steering.contrast).toBe(defaultAlpha);
    expect(steering.reflection?.drafts).toBeGreaterThan(1);
  });

  it('shows its pushes as grammars, apart from each other', async () => {
    const recipe = (await board(['lexicon', 'tags'])).recipe();
    expect(recipe.split('\n---\n').map((part) => part.split('\n')[1]?.split(' ')[0])).toEqual([
      '%lexicon',
      '%ban',
    ]);
    expect((await board([])).recipe()).toContain('nothing');
  });
});

describe('Names of levers', () => {
  it('are read in any order and case, with on and off for the usual ones and none', () => {
    expect(parseSteerNames('on')).toEqual(['ban', 'brackets']);
    expect(parseSteerNames('off')).toEqual([]);
    expect(parseSteerNames('Verse, lexicon')).toEqual(['lexicon', 'verse']);
    expect(() => parseSteerNames('verse,nope')).toThrow('there is no lever "nope"');
  });
});
