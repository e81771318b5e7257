import type { TextEmbedder } from '../../memory/row-vectors.ts';

/** An exact stand-in for an embedder: words are dimensions, by a hash, so that texts that share words are near. */
export class WordHashEmbedder implements TextEmbedder {
  readonly width = 48;
  calls = 0;

  embed(texts: readonly string[], signal?: AbortSignal): Promise<Float32Array[]> {
    this.calls++;
    if (signal?.aborted) return Promise.reject(signal.reason);
    return Promise.resolve(texts.map((text) => this.vector(text)));
  }

  vector(text: string): Float32Array {
    const row = new Float32Array(this.width);
    for (const word of text.toLowerCase().match(/[a-z']+/g) ?? ['nothing']) {
      let hash = 7;
      for (const letter of word) hash = (hash * 31 + letter.charCodeAt(0)) % 10_007;
      row[hash % this.width]! += 1;
    }
    const norm = Math.hypot(...row);
    return row.map((value) => value / norm);
  }
}
