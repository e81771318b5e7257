import { describe, expect, it } from 'vitest';
import { processorKind } from '../store/processor-kind.ts';
import type { MeasuredRate } from '../store/settings.ts';
import { defaultModel, findEntry, models } from './catalogue.ts';
import { chooseModel, modelsWithin, rateModels } from './choose-model.ts';
import { memoryNeededBy } from './model-memory.ts';

const large = 'qwen2.5-coder-1.5b';
const base = 'gemma3-270m';
const plenty = 64e9;
const entryOf = (id: string) => findEntry(models(), id)!;

const measured = (id: string, tokensPerSecond: number): MeasuredRate => ({
  what: 'generation',
  file: entryOf(id).file,
  bytes: entryOf(id).bytes,
  tokensPerSecond,
  processor: processorKind(),
  kernels: 'CPU, 2 threads',
  date: '2026-01-01T00:00:00.000Z',
});

/** An hour after the measurements. */
const soon = Date.parse('2026-01-01T01:00:00.000Z');

const choose = (here: string[], rates: MeasuredRate[] = [], memoryBytes = plenty, now = soon) =>
  chooseModel({ here: new Set(here), memoryBytes, rates, now });

describe('chooseModel', () => {
  it('begins with the small model where none is here', () => {
    expect(choose([])).toMatchObject({ entry: { id: defaultModel }, reason: 'none-here' });
  });

  it('takes the best of those here, an instruct model before a base one', () => {
    expect(choose([base, defaultModel, large])).toMatchObject({
      entry: { id: large },
      reason: 'best-here',
    });
    expect(choose([base, defaultModel]).entry.id).toBe(defaultModel);
    expect(choose([base]).entry.id).toBe(base);
  });

  it('never takes what embeds', () => {
    expect(choose(['minilm']).entry.id).toBe(defaultModel);
  });

  it('passes over one that was measured to be slower than is wanted', () => {
    const here = [defaultModel, large];
    expect(choose(here, [measured(large, 8)]).entry.id).toBe(large);
    expect(choose(here, [measured(large, 7.9)]).entry.id).toBe(defaultModel);
  });

  it('gives one of unknown speed a trial unless it is estimated to be hopeless', () => {
    const here = [defaultModel, large];
    const share = (entryOf(large).bytes / entryOf(defaultModel).bytes) ** 0.8;
    const trial = choose(here, [measured(defaultModel, 5 * share)]);
    expect(trial).toMatchObject({ entry: { id: large }, reason: 'best-here' });
    expect(trial.rate?.estimatedFrom).toBe(entryOf(defaultModel).file);
    expect(choose(here, [measured(defaultModel, 3 * share)]).entry.id).toBe(defaultModel);
  });

  it('tries one again that was somewhat slow, after a week', () => {
    const here = [defaultModel, large];
    const later = soon + 8 * 24 * 3_600_000;
    const again = choose(here, [measured(large, 6)], plenty, later);
    expect(again).toMatchObject({ entry: { id: large }, isOnTrial: true });
    expect(choose(here, [measured(large, 3)], plenty, later).entry.id).toBe(defaultModel);
    const known = choose(here, [measured(large, 12)], plenty, later);
    expect(known).toMatchObject({ entry: { id: large }, isOnTrial: false });
  });

  it('takes the fastest where all are slow', () => {
    const rates = [measured(large, 2), measured(defaultModel, 6)];
    const choice = choose([large, defaultModel], rates);
    expect(choice).toMatchObject({ entry: { id: defaultModel }, reason: 'least-slow' });
  });

  it('takes none that does not fit into memory, and uses just as much as there is', () => {
    const needed = memoryNeededBy(entryOf(large).bytes);
    expect(choose([defaultModel, large], [], needed).entry.id).toBe(large);
    expect(choose([defaultModel, large], [], needed - 1).entry.id).toBe(defaultModel);
  });
});

describe('The better model that a choice names', () => {
  const rates = [measured(large, 12), measured(defaultModel, 130)];

  it('is the best that is not here, fits, and is expected to be fast enough', () => {
    const { better } = choose([defaultModel], rates);
    expect(better?.entry.id).toBe(large);
    expect(better?.isHere).toBe(false);
  });

  it('is none where a better one is in use, nothing was measured, or memory is short', () => {
    expect(choose([large], rates).better).toBeUndefined();
    expect(choose([defaultModel]).better).toBeUndefined();
    expect(choose([defaultModel], rates, 600e6).better).toBeUndefined();
  });

  it('is one whose answers were measured, under terms that nobody has to accept', () => {
    const fast = models().map(({ id }) => measured(id, 100));
    expect(choose([defaultModel], fast).better?.entry.id).toBe(large);
    for (const { isAdvised, licence } of models())
      if (isAdvised) expect(licence.mustAccept).toBeUndefined();
  });
});

describe('rateModels', () => {
  it('gives every model of the catalogue, those for embedding without a speed', () => {
    const rated = rateModels({ here: new Set([base]), memoryBytes: plenty, rates: [] });
    expect(rated.map(({ entry }) => entry)).toEqual(models());
    expect(rated.filter(({ isHere }) => isHere).map(({ entry }) => entry.id)).toEqual([base]);
  });
});

describe('modelsWithin', () => {
  it('has the models that speak and fit, the best first', () => {
    const ids = modelsWithin(1.5e9).map(({ id }) => id);
    expect(ids.slice(0, 2)).toEqual([large, 'qwen2.5-coder-0.5b']);
    expect(ids.at(-1)).toBe(base);
    expect(modelsWithin(1e6)).toEqual([]);
  });
});
