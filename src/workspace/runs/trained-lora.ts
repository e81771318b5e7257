import type { Trainer } from '../../engine/trainer.ts';
import { encodeLora } from '../../gguf/lora-gguf.ts';
import { templateVersion } from '../../prompt/prompt.ts';
import { provenanceKeys } from '../../registry/screen.ts';
import type { Recipe } from '../../train/recipe.ts';

/** What the file of an adapter says of itself. */
export interface LoraProvenance extends Pick<Recipe, 'form' | 'scope'> {
  /** sha256 of the base model's file, in hex. */
  readonly base: string;
  readonly tokenizer: string;
  readonly character: string | null;
  readonly play: string;
  readonly edition: string;
  /** sha256 of what was learned, in hex. */
  readonly data: string;
}

/** The adapter file of what a trainer holds. */
export function trainedLora(
  trainer: Trainer,
  architecture: string,
  { base, tokenizer, form, scope, character, ...from }: LoraProvenance,
): Promise<Uint8Array> {
  const matrices = trainer
    .factors()
    .map((factors, i) => ({ ...trainer.info.matrices[i]!, ...factors }));
  const { rank } = trainer.info.matrices[0]!;
  const provenance = {
    [provenanceKeys.base]: base,
    [provenanceKeys.tokenizer]: tokenizer,
    [provenanceKeys.form]: form,
    [provenanceKeys.templateVersion]: templateVersion,
    [provenanceKeys.scope]: scope,
    character: character ?? '',
    ...from,
  };
  return encodeLora(
    { architecture, rank, alpha: trainer.scale * rank, matrices, provenance },
    'F16',
  );
}
