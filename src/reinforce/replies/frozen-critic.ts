import { batchOf, packed, type Sequence } from '../../train/batches.ts';
import { branching } from '../../train/branching.ts';
import type { Measure } from '../../train/objectives/objective.ts';
import type { Criticism } from '../reward/reply.ts';

/** Prompts that a reply is judged after: pages of the play with nothing told of anybody. */
export interface CriticPages {
  /** Page with the question, up to the label of who replies. */
  readonly own: Int32Array;
  /** Page with the question, up to another's label. */
  readonly other: Int32Array;
  /** Pages with other questions, up to the label of who replies. */
  readonly elsewhere: readonly Int32Array[];
}

/** A text to be judged, and the pages that it is judged after. */
export interface Judgeable {
  /** Texts with the same key are judged after the same pages. */
  readonly key: string;
  readonly pages: CriticPages;
  readonly tokens: Int32Array;
  readonly bytes: number;
}

/**
 * What a frozen model makes of texts: see `Criticism`.
 *
 * @param measure A pass of the model with nothing in it that is trained.
 * @param batchTokens Most tokens of a pass.
 */
export async function criticise(
  judged: readonly Judgeable[],
  measure: Measure,
  batchTokens: number,
): Promise<Criticism[]> {
  const texts = judged.flatMap(({ key, pages, tokens }, which) =>
    [pages.own, pages.other, ...pages.elsewhere].map((page, i) => ({
      which,
      group: `${key} ${i}`,
      text: after(page, tokens, String(which)),
    })),
  );
  const groups = new Map<string, typeof texts>();
  for (const one of texts) {
    // An empty text has nothing to be judged by.
    if (judged[one.which]!.tokens.length === 0) continue;
    groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
  }
  const sums = judged.map(() => [] as number[]);
  const trunks = Array.from(groups, ([id, all]) => ({
    ...branching(
      id,
      all.map(({ text }) => text),
    ),
    members: all.map(({ which }) => which),
  }));
  const measured = new Map<string, readonly number[]>();
  for (const sequences of packed(trunks, batchTokens)) {
    const nll = await measure(batchOf(sequences));
    let from = 0;
    for (const { id } of sequences) {
      const { members } = trunks.find((one) => one.id === id)!;
      const found = members.map((which) => {
        const { length } = judged[which]!.tokens;
        const sum = nll.subarray(from, from + length).reduce((total, one) => total + one, 0);
        from += length;
        return sum;
      });
      measured.set(id, found);
    }
  }
  for (const { which, group } of texts) {
    const all = groups.get(group);
    if (!all) continue;
    const at = all.findIndex((one) => one.which === which);
    if (at >= 0) sums[which]!.push(measured.get(group)![at]!);
  }
  return judged.map(({ tokens, bytes }, i) => criticismOf(sums[i]!, tokens.length, bytes));
}

function criticismOf(sums: readonly number[], tokens: number, bytes: number): Criticism {
  const [own, other, ...elsewhere] = sums;
  if (own === undefined || other === undefined) return { label: 0, apt: 0, surprise: 0 };
  const mean = elsewhere.reduce((sum, one) => sum + one, 0) / Math.max(1, elsewhere.length);
  return {
    label: (other - own) / tokens,
    apt: elsewhere.length === 0 ? 0 : (mean - own) / tokens,
    surprise: own / bytes,
  };
}

function after(page: Int32Array, text: Int32Array, id: string): Sequence {
  const tokens = new Int32Array(page.length + text.length);
  tokens.set(page);
  tokens.set(text, page.length);
  return { id, tokens, weights: new Float32Array(tokens.length).fill(1, page.length) };
}
