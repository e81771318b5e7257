import { describe, expect, it } from 'vitest';
import { castMember, lantern, spelledModel } from './invented-play.test.support.ts';
import { defaultAlpha, parseSteerNames, type SteerName, steerNames } from './lever-names.ts';
import { simpleSteering } from './simple.ts';
import { Switchboard } from './switchboard.ts';

const model = spelledModel([' lantern', ' thou', ' computer', ' [', ']', '\n', '\n\n']);
const character = castMember('MARTA');
const board = (on: readonly SteerName[], more: { strength?: number } = {}) =>
  Switchboard.open({ model, play: lantern, shown: () => lantern, character, on, ...more });

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

  it('adds up what its levers push, and takes back what is turned off', async () => {
    const steering = await board(['lexicon', 'ban']);
    const own = steering.after('The', 1)!;
    expect(own.get(model.id(' lantern'))).toBeGreaterThan(0);
    expect(own.get(model.id(' computer'))).toBe(Number.NEGATIVE_INFINITY);
    await steering.turn('ban', false);
    expect(steering.after('The', 1)!.has(model.id(' computer'))).toBe(false);
    await steering.turn('simple', true);
    const both = steering.after('The', 1)!.get(model.id(' lantern'))!;
    expect(both).toBeGreaterThan(own.get(model.id(' lantern'))!);
  });

  it('pushes as strongly as it is told, from the next token on', async () => {
    const steering = await board(['lexicon'], { strength: 2 });
    const twice = steering.after('The', 1)!.get(model.id(' lantern'))!;
    steering.strength = 1;
    expect(steering.after('The', 1)!.get(model.id(' lantern'))).toBeCloseTo(twice / 2);
  });

  it('tells of every lever that is on what it does and what it cost', async () => {
    const steering = await board(steerNames);
    steering.after('The', 1);
    const { levers = [] } = steering.explain();
    expect(levers.map((line) => line.split(':')[0])).toEqual(
      steerNames.filter((name) => name !== 'simple'),
    );
    for (const { ms, count, per } of steering.costs()) {
      expect(ms).toBeGreaterThanOrEqual(0);
      expect([count, per]).toEqual([1, 'token']);
    }
    expect(steering.costs().length).toBe(6);
    expect(steering.contrast).toBe(defaultAlpha);
    expect(steering.reflection?.drafts).toBeGreaterThan(1);
  });

  it('shows its pushes as a grammar', async () => {
    expect(await (await board(['lexicon', 'tags'])).recipe()).toContain('%lexicon own');
  });
});

describe('Names of levers', () => {
  it('are read in any order and case, with on and off for the usual ones and none', () => {
    expect(parseSteerNames('on')).toEqual(['simple']);
    expect(parseSteerNames('off')).toEqual([]);
    expect(parseSteerNames('Verse, lexicon')).toEqual(['lexicon', 'verse']);
    expect(() => parseSteerNames('verse,nope')).toThrow('there is no lever "nope"');
  });
});
