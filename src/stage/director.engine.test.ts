import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Voice } from '../actor/voice.ts';
import { Model } from '../engine/model.ts';
import type { Session } from '../engine/session/session.ts';
import { prng, shuffled } from '../measure/statistics/prng.ts';
import { noSteering } from '../steer/steering.ts';
import { writeTinyModel } from '../testing/models/tiny-model.ts';
import { saltRoad } from '../testing/plays/salt-road.ts';
import { directorOf, type SaidTurn } from './director.ts';
import { labelScorer } from './label-scorer.ts';

const names = ['IVO', 'MAGDA', 'OSWIN', 'PETRA', 'SIR OSWIN'];
let folder: string;
let session: Session;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-director-'));
  await writeTinyModel(join(folder, 'tiny.gguf'));
  const model = await Model.open(join(folder, 'tiny.gguf'), { gpu: 'off' });
  session = await model.session({ scoreRows: 64 });
});
afterAll(() => rm(folder, { recursive: true }));

describe('A director that goes by the labels of a model', () => {
  it('never chooses anybody who may not speak, however little the model knows', async () => {
    const voice = new Voice({ session, form: 'script', steering: noSteering(), policy: 'exact' });
    const director = directorOf('model', { play: saltRoad, scorer: labelScorer(voice) });
    const random = prng(5);
    const turns: SaidTurn[] = [];
    for (let turn = 0; turn < 40; turn++) {
      const onStage = shuffled(names, random).slice(0, 2 + Math.floor(random() * 3));
      const given = { turns, onStage, entered: new Map(), nudges: new Map(), seed: 3, turn };
      const choice = await director.next(given);
      const again = await director.next(given);
      if (choice.kind !== 'next') throw new Error(`the scene ended after ${turn} turns`);
      const last = turns.at(-1)?.who;
      expect(choice.candidates).toEqual(onStage.filter((name) => name !== last).sort());
      expect(choice.candidates).toContain(choice.chosen);
      expect(choice.features!.flat().every(Number.isFinite)).toBe(true);
      expect(again).toEqual(choice);
      turns.push({ who: choice.chosen, text: 'The river is up.' });
    }
  });
});
