import type { Answer, Item, Row, Values } from '../../measure/row.ts';

/** An item whose text is of one of several kinds. */
interface KindItem extends Item {
  readonly kind: string;
}

/** What the first continuation of an answer costs, and how long it is: parts of a sum over items. */
export function codeLength(answer: Answer | undefined, text: string): Values {
  if (answer?.kind !== 'score') throw new RangeError('a score is wanted for each text');
  return { nats: answer.nats[0]!, bytes: Buffer.byteLength(text.trim()) };
}

/**
 * Bits per byte over all texts of one kind: −Σ log p / (ln 2 · Σ bytes), as lm-evaluation-harness has it. Long
 * texts count as long as they are. NaN if there is none.
 */
export function pooledBits(kind: string) {
  const weight = ({ item, values }: Row<KindItem>): number =>
    item.kind === kind && values.nats !== undefined ? values.bytes! : 0;
  const of = (rows: readonly Row<KindItem>[]): number => {
    let nats = 0;
    let bytes = 0;
    for (const row of rows) {
      if (weight(row) === 0) continue;
      nats += row.values.nats!;
      bytes += weight(row);
    }
    return bytes === 0 ? Number.NaN : -nats / Math.LN2 / bytes;
  };
  return { of, weight };
}
