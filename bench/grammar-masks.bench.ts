import fc from 'fast-check';
import { Model } from '#dramatis/engine/model.js';
import { DramatisError } from '#dramatis/errors.js';
import { resolveModel } from '#dramatis/hub/models.js';
import {
  refusedByOne,
  rules,
  withoutWeights,
} from '#dramatis/steer/grammar/random-grammars.test.support.js';
import { type Row, rowOf } from './record.ts';

const models = ['smollm2-135m', 'gemma3-270m'];
const grammars = 150;

/**
 * Random grammars on the vocabularies of real models: in how many states our mask and llama.cpp's differ, which is to be none,
 * and how many times faster ours is found.
 */
export async function* run(): AsyncGenerator<Row> {
  for (const name of models) {
    const { path } = await resolveModel(name, { acceptLicence: true });
    using model = await Model.open(path, { gpu: 'off' });
    let states = 0;
    let different = 0;
    let compared = 0;
    const times: number[] = [];
    for (const lines of fc.sample(rules, { numRuns: grammars, seed: 11 })) {
      const found = await compare(model, withoutWeights(lines));
      if (!found) continue;
      compared++;
      states += found.states;
      if (found.onlyOurs + found.onlyStock > 0) different++;
      times.push(mean(found.stockUs) / mean(found.oursUs));
    }
    const conditions = { vocabulary: model.info.vocabulary, grammars: compared, states };
    const differing = `${name}: random grammars whose masks differ`;
    yield rowOf('grammar-masks', differing, 'grammars', [different], conditions);
    yield rowOf('grammar-masks', `${name}: times faster, by grammar`, '×', times, conditions);
  }
}

async function compare(model: Model, grammar: string) {
  try {
    return await model.compareGrammar(grammar, { seeds: 2, tokens: 8 });
  } catch (error) {
    if (error instanceof DramatisError && refusedByOne.test(error.message)) return undefined;
    throw error;
  }
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
