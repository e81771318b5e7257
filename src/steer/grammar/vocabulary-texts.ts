import type { Model } from '../../engine/model.ts';

/** What pushes that look at spellings need of a model. */
export type SpelledModel = Pick<Model, 'piece' | 'info'>;

const read = new WeakMap<SpelledModel, readonly string[]>();
const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * The text of every token of a vocabulary, empty for one that is no whole characters. Read once a model: 30 ms for 49,000
 * tokens.
 */
export function vocabularyTexts(model: SpelledModel): readonly string[] {
  const known = read.get(model);
  if (known) return known;
  const texts = Array.from({ length: model.info.vocabulary }, (_, token) => {
    try {
      return decoder.decode(model.piece(token));
    } catch {
      return '';
    }
  });
  read.set(model, texts);
  return texts;
}
