import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rowDefaults } from '#dramatis/corpus/row-options.js';
import { splitOf } from '#dramatis/corpus/split.js';
import { trainingRows } from '#dramatis/corpus/training-rows.js';
import { trainPlay } from '#dramatis/corpus/without-scenes.js';
import { Model } from '#dramatis/engine/model.js';
import { Trainer } from '#dramatis/engine/trainer.js';
import { resolveModel } from '#dramatis/hub/models.js';
import { openPlay } from '#dramatis/hub/plays.js';
import { findCharacter } from '#dramatis/play/find-character.js';
import { recipeDefaults } from '#dramatis/train/recipe.js';
import { sequencesOf } from '#dramatis/train/sequences.js';
import { training } from '#dramatis/train/training.js';
import { type Row, rowOf } from './record.ts';

/** Once through Hamlet's train lines on SmolLM2-135M as `dramatis train hamlet` packs them, without looks at dev scenes. */
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
      using trainer = await Trainer.open(path, { rank: 16, alpha: 32, gpu: 'off' });
      const recipe = { ...recipeDefaults, form, epochs: 1, rows: rowDefaults };
      const start = performance.now();
      let [tokens, learned] = [0, 0];
      const options = { trainer, recipe, train, dev: [], folder: join(folder, form) };
      for await (const event of training(options)) {
        if (event.kind !== 'step') continue;
        tokens += event.tokens;
        learned += event.learned;
      }
      const seconds = (performance.now() - start) / 1000;
      const conditions = { tokens, learned };
      yield rowOf(
        'epoch',
        `once through Hamlet's train lines, ${form} form`,
        's',
        [seconds],
        conditions,
      );
      yield rowOf('epoch', `the same, ${form} form`, 'tokens/s', [tokens / seconds], conditions);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
