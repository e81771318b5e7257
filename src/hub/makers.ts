import { bertToGguf } from '../gguf/bert-to-gguf.ts';
import { encodeGguf } from '../gguf/encode-gguf.ts';
import type { Source } from './catalogue.ts';

type Maker = (files: ReadonlyMap<string, string>) => Promise<AsyncIterable<Uint8Array>>;

/** How one file is made of several, by the name the catalogue has for it; `files` are paths by name. */
export const makers: Readonly<Record<NonNullable<Source['make']>, Maker>> = {
  'bert-gguf': async (files) =>
    encodeGguf(
      await bertToGguf({
        weights: files.get('model.safetensors')!,
        vocabulary: files.get('vocab.txt')!,
        config: files.get('config.json')!,
      }),
    ),
};
