import { describe, expect, it } from 'vitest';
import { playsOfFold } from '../corpus/splits/play-folds.ts';
import { fullStudy, smallStudy, withCpus, withModels } from './ready-studies.ts';
import { askedOf, parseStudy, playedOf } from './study.ts';

describe('The studies that are there', () => {
  it('can be written to a file and read again', () => {
    for (const study of [fullStudy, smallStudy])
      expect(parseStudy(JSON.stringify(study), 'study.json')).toEqual(study);
  });

  it('learn from rewards on no play whose characters they ask, and on none held out with them', () => {
    const heldOut = [...playsOfFold(0), ...playsOfFold(1)];
    for (const { characters, recipes } of [fullStudy, smallStudy]) {
      const asked = characters.map((one) => (typeof one === 'string' ? '' : one.play));
      for (const play of asked) expect(heldOut).toContain(play);
      const learned = String(recipes.reinforced!.plays).split(',');
      expect(learned.filter((play) => heldOut.includes(play))).toEqual([]);
    }
  });
});

describe('A study of other models', () => {
  const of = (...models: string[]) => withModels(smallStudy, models);
  const askedOfModel = (study: typeof smallStudy, model: string) =>
    askedOf(study)
      .filter(({ models }) => models!.includes(model))
      .map(({ tasks, limit }) => `${tasks} ${limit}`);
  const [small, large] = smallStudy.models as [string, string];

  it('gives a new one the part of the one that is left out', () => {
    const study = of(small, 'my.gguf');
    expect(askedOfModel(study, 'my.gguf')).toEqual(askedOfModel(smallStudy, large));
    expect(askedOfModel(study, small)).toEqual(askedOfModel(smallStudy, small));
    expect(study.trained).toEqual([small]);
    expect(playedOf(study).map(({ models }) => models)).toEqual([[small], ['my.gguf']]);
  });

  it('gives further ones the part of the last, and asks nothing for one that is not there', () => {
    const study = of('a.gguf', 'b.gguf', 'c.gguf');
    expect(askedOfModel(study, 'c.gguf')).toEqual(askedOfModel(smallStudy, large));
    expect(study.trained).toEqual(['a.gguf']);
    const alone = of(small);
    expect(askedOf(alone).every(({ models }) => models!.join() === small)).toBe(true);
    expect(playedOf(alone)).toHaveLength(1);
  });
});

describe('A study of so many threads', () => {
  it('has them in each of its tasks, and is the same where none are given', () => {
    expect(withCpus(smallStudy, undefined)).toBe(smallStudy);
    const { train, speed } = withCpus({ ...smallStudy, resources: { train: { minutes: 9 } } }, 4)
      .resources!;
    expect(train).toEqual({ minutes: 9, cpus: 4 });
    expect(speed).toEqual({ cpus: 4 });
  });
});
