import type { Trainer } from '../../engine/trainer.ts';
import { tokenizerHash } from '../../gguf/tokenizer-hash.ts';
import { templateVersion } from '../../prompt/prompt.ts';
import type { Registry } from '../../registry/registry.ts';
import type { AdapterVersion, Json } from '../../registry/version.ts';
import { program } from '../program.ts';
import type { PreparedTraining, TrainOptions } from './prepare-training.ts';
import { trainedLora } from './trained-lora.ts';

/** A run that has ended, as far as its version records it. */
type TrainedRun = Pick<
  PreparedTraining,
  'opened' | 'base' | 'lessons' | 'recipe' | 'slot' | 'data' | 'under' | 'parent'
> &
  Pick<TrainOptions, 'fold' | 'note'> & { readonly trainer: Trainer };

/** Makes a version of what the trainer holds, and keeps it. */
export async function registerTrained(
  registry: Registry,
  run: TrainedRun,
): Promise<AdapterVersion> {
  const { opened, base, slot, recipe, data, trainer, under, parent, note } = run;
  const { play, character, edition, plays } = slot;
  const tokenizer = tokenizerHash(base.header);
  return registry.add(
    await trainedLora(trainer, opened.model.architecture, {
      ...{ base: base.sha256, tokenizer, form: recipe.form, scope: recipe.scope },
      ...{ character, play, edition, data },
    }),
    {
      ...{ play, character, edition },
      base: { sha256: base.sha256, name: base.name },
      tokenizer,
      data,
      recipe: recipeJson(run),
      form: recipe.form,
      templateVersion,
      scope: recipe.scope,
      layer: character === null ? 'play' : 'character',
      ...(plays && { plays }),
      ...(under && { on: under.version.id }),
      ...(parent && { parent: parent.version.id }),
      metrics: {},
      by: program(),
      ...(note !== undefined && { note }),
    },
    base,
  );
}

/** The recipe as it is kept, with the parts of the play that were in force. */
function recipeJson({ recipe, fold, lessons }: TrainedRun): Json {
  const [{ devScenes }] = lessons as [TrainedRun['lessons'][number]];
  const plain = JSON.parse(JSON.stringify(recipe)) as Record<string, Json>;
  return { ...plain, fold: fold ?? null, ...(devScenes && { devScenes }) };
}
