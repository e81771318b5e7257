import type { Model } from './model.ts';
import { maxEmbedTexts, maxEmbedTokens, type NativeEmbedder } from './native.ts';
import { settle } from './settle.ts';

/** Sentence vectors of a BERT-type model. */
export class Embedder implements Disposable {
  readonly model: Model;
  /** Numbers in a vector. */
  readonly width: number;
  readonly #native: NativeEmbedder;

  /** @internal */
  constructor(model: Model, native: NativeEmbedder) {
    this.model = model;
    this.width = model.info.width;
    this.#native = native;
  }

  /**
   * One vector of L2 norm 1 a text, in order. A text longer than the model's window is cut at its end.
   *
   * @throws {DramatisError} DISPOSED, NATIVE_FAILED
   */
  async embed(texts: readonly string[], signal?: AbortSignal): Promise<Float32Array[]> {
    const rows: Float32Array[] = [];
    for (const batch of batches(texts.map((text) => this.#tokens(text)))) {
      signal?.throwIfAborted();
      rows.push(...(await settle(this.#native.embed(batch))));
    }
    return rows;
  }

  /** [CLS] text [SEP], within the window. */
  #tokens(text: string): Int32Array {
    const { start, separator, trainedWindow } = this.model.info;
    const room = Math.min(trainedWindow, maxEmbedTokens) - 2;
    const words = this.model.tokenize(text).subarray(0, room);
    return Int32Array.of(
      ...(start < 0 ? [] : [start]),
      ...words,
      ...(separator < 0 ? [] : [separator]),
    );
  }

  [Symbol.dispose](): void {
    this.#native.dispose();
  }
}

/** Consecutive rows that fit one native step each. */
function* batches(rows: readonly Int32Array[]): Generator<Int32Array[]> {
  let batch: Int32Array[] = [];
  let tokens = 0;
  for (const row of rows) {
    if (batch.length === maxEmbedTexts || tokens + row.length > maxEmbedTokens) {
      yield batch;
      batch = [];
      tokens = 0;
    }
    batch.push(row);
    tokens += row.length;
  }
  if (batch.length > 0) yield batch;
}
