import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rowDefaults } from '#dramatis/corpus/rows/row-options.js';
import { trainingRows } from '#dramatis/corpus/rows/training-rows.js';
import { splitOf } from '#dramatis/corpus/splits/split.js';
import { trainPlay } from '#dramatis/corpus/splits/without-scenes.js';
import { Model } from '#dramatis/engine/model.js';
import { Trainer } from '#dramatis/engine/trainer.js';
import { resolveModel } from '#dramatis/hub/models.js';
import { openPlay } from '#dramatis/hub/plays.js';
import { findCharacter } from '#dramatis/play/cast/find-character.js';
import { objectiveOf } from '#dramatis/train/objectives/all.js';
import { planOf } from '#dramatis/train/plan.js';
import { recipeDefaults } from '#dramatis/train/recipe.js';
import { sequencesOf } from '#dramatis/train/sequences.js';
import { type TrainingOptions, training } from '#dramatis/train/training.js';
import { type Row, rowOf } from './record.ts';

/**
 * Through Hamlet's train lines on SmolLM2-135M as `dramatis train hamlet` packs them, without evaluating dev scenes: with an
 * adapter that acts on all that is read, and with one for own turns alone, whose second epoch has read the transcripts.
 */
export async function* run(): AsyncGenerator<Row> {
  const { path } = await resolveModel('smollm2-135m', {});
  const { id, play, sha256 } = await openPlay('hamlet');
  const character = findCharacter(play, 'hamlet');
  const source = { id, play, sha256, split: splitOf(id, play), character };
  using model = await Model.open(path, { gpu: 'off' });
  const folder = await mkdtemp(join(tmpdir(), 'dramatis-epoch-'));
  try {
    for (const form of ['script', 'chat'] as const) {
      const shown = trainPlay(play, source.split);
      const { context } = recipeDefaults;
      const train = await sequencesOf(model, trainingRows(source), { form, context, shown });
      for (const scope of ['context', 'turn'] as const) {
        using trainer = await Trainer.open(path, { rank: 16, alpha: 32, gpu: 'off' });
        const epochs = scope === 'turn' ? 2 : 1;
        const recipe = { ...recipeDefaults, form, scope, epochs, rows: rowDefaults };
        const objective = objectiveOf(recipe);
        const run = join(folder, form, scope);
        const plan = planOf(train, recipe);
        const options = { trainer, recipe, objective, plan, dev: [], folder: run };
        const took = await epochTimes(options);
        // Of the rows as they stand in the play, so that the two may be compared.
        const tokens = train.reduce((sum, one) => sum + one.tokens.length, 0);
        for (const [epoch, { seconds, learned }] of took.entries()) {
          const which = epoch === 0 ? 'once through' : 'once more through';
          const conditions = { tokens, learned, scope };
          const what = `${which} Hamlet's train lines, ${form} form, ${scope} scope`;
          yield rowOf('epoch', what, 's', [seconds], conditions);
          yield rowOf('epoch', what, 'tokens/s', [tokens / seconds], conditions);
        }
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Of each epoch of a training. */
async function epochTimes(
  options: TrainingOptions,
): Promise<{ seconds: number; learned: number }[]> {
  const took: { seconds: number; learned: number }[] = [];
  for await (const event of training(options)) {
    if (event.kind !== 'step') continue;
    took[event.epoch] ??= { seconds: 0, learned: 0 };
    took[event.epoch]!.seconds += event.seconds;
    took[event.epoch]!.learned += event.learned;
  }
  return took;
}
