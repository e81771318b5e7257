import { Adapter } from '../../engine/adapter.ts';
import type { ModelInfo } from '../../engine/model.ts';

/** A tokeniser that takes the longest piece it knows, else one character; tokens are numbered as met. */
class PieceTokenizer {
  readonly #pieces: string[];
  readonly #ids = new Map<string, number>();
  readonly #texts: string[] = [];

  constructor(pieces: readonly string[]) {
    this.#pieces = [...pieces].sort((a, b) => b.length - a.length);
  }

  tokenize(text: string): Int32Array {
    const tokens: number[] = [];
    for (let at = 0; at < text.length; ) {
      const piece = this.#pieces.find((one) => text.startsWith(one, at)) ?? text[at]!;
      tokens.push(this.id(piece));
      at += piece.length;
    }
    return Int32Array.from(tokens);
  }

  detokenize(tokens: Iterable<number>): string {
    return Array.from(tokens, (token) => this.#texts[token]).join('');
  }

  id(piece: string): number {
    const known = this.#ids.get(piece);
    if (known !== undefined) return known;
    this.#ids.set(piece, this.#texts.length);
    return this.#texts.push(piece) - 1;
  }
}

/** A model of nothing but a vocabulary: these pieces, then letters as they are met; `end` ends a reply. */
export function spelledModel(pieces: readonly string[]) {
  const tokenizer = new PieceTokenizer(pieces);
  for (const piece of pieces) tokenizer.id(piece);
  const end = tokenizer.id('<end>');
  const info = {
    ends: Int32Array.of(end),
    vocabulary: pieces.length,
    layers: 4,
    width: 1,
  } as unknown as ModelInfo;
  return {
    end,
    info,
    id: (piece: string) => tokenizer.id(piece),
    tokenize: (text: string) => tokenizer.tokenize(text),
    detokenize: (tokens: Iterable<number>) => tokenizer.detokenize(tokens),
    identity: 'spelled',
    stepTokens: 64,
    /** No states, as it has no layers to speak of; the engine's tests have a model that does. */
    hiddenSums: async () => new Float64Array(3),
    controlVector: async (): Promise<Adapter> =>
      new Adapter('', 'none', { rank: 0, alpha: 0 }, { dispose() {} }),
    piece: (token: number) => new TextEncoder().encode(tokenizer.detokenize([token])),
  };
}
