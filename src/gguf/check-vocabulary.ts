import type { GgufHeader } from './header.ts';
import { HeaderFault } from './parse-header.ts';
import { repeatedText } from './repeated-text.ts';

/** The tokens that open and close a text: the loader's own choice of them where the file names none. */
const assumedTokens: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  bert: { bos_token_id: 101, seperator_token_id: 102 },
  llama: { bos_token_id: 1, eos_token_id: 2 },
};

/**
 * Checks that the lists of a vocabulary belong together, that no token is there twice, and that those that
 * are put around a text exist.
 *
 * @throws {HeaderFault} If not.
 */
export function checkVocabulary(header: GgufHeader): void {
  const tokens = header.array('tokenizer.ggml.tokens');
  if (!tokens) return;
  if (tokens.elementType !== 'string') {
    throw new HeaderFault(`the vocabulary is an array of ${tokens.elementType}`);
  }
  for (const key of ['tokenizer.ggml.scores', 'tokenizer.ggml.token_type']) {
    const beside = header.array(key);
    if (beside && beside.length !== tokens.length) {
      throw new HeaderFault(`${key} has ${beside.length} elements for ${tokens.length} tokens`);
    }
  }
  checkSpecialTokens(header, tokens.length);
  const repeated = repeatedText(tokens.bytes, tokens.length);
  if (repeated !== undefined) {
    throw new HeaderFault(`the token ${JSON.stringify(repeated)} is in the vocabulary twice`);
  }
}

function checkSpecialTokens(header: GgufHeader, count: number): void {
  const assumed = assumedTokens[header.text('tokenizer.ggml.model') ?? ''] ?? {};
  for (const [name, otherwise] of Object.entries(assumed)) {
    const named = header.number(`tokenizer.ggml.${name}`);
    const id = named !== undefined && named >= 0 && named < count ? named : otherwise;
    if (id >= count) throw new HeaderFault(`${name} is ${named ?? id}; there are ${count} tokens`);
  }
}
