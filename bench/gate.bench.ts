import { isAmong } from '#dramatis/eval/span.js';
import { know } from '#dramatis/eval/tasks/know.js';
import type { KnowItem } from '#dramatis/eval/tasks/know-items.js';
import { type GateFigures, oddsOfNotKnowing } from '#dramatis/memory/gate.js';
import type { Memory } from '#dramatis/memory/memory.js';
import { recollect } from '#dramatis/memory/recollect.js';
import { parsePlace } from '#dramatis/play/place.js';
import { Dramatis } from '#dramatis/workspace/dramatis.js';
import { logisticRegression } from './logistic-regression.ts';
import { type Row, rowOf } from './record.ts';

/** A question that the gate judges, and what it goes by. */
interface Judged extends GateFigures {
  readonly part: 'train' | 'dev' | 'holdout';
  readonly isUnknown: boolean;
}

/**
 * The gate of not knowing and the search behind it, over data/questions: shares caught, refused and found, by part; and the
 * weights that fitting on the train questions gives, which are to be written into src/memory/gate.ts when they change.
 */
export async function* run(): AsyncGenerator<Row> {
  const asked = await askAll();
  const ranks = asked.flatMap(({ rank }) => rank ?? []);
  const of = ranks.length;
  for (const depth of [1, 3, 10]) {
    const found = ranks.filter((rank) => rank < depth).length;
    yield rowOf('gate', `a fact of the right lines among ${depth}`, 'share', [found / of], { of });
  }
  const judged = asked.flatMap((one) => one.judged ?? []);
  for (const part of ['train', 'dev', 'holdout'] as const)
    for (const isUnknown of [true, false]) {
      const those = judged.filter((one) => one.part === part && one.isUnknown === isUnknown);
      const taken = those.filter((one) => oddsOfNotKnowing(one) > 0).length;
      const name = isUnknown ? 'cannot be known, caught' : 'can be known, refused';
      const share = taken / those.length;
      yield rowOf('gate', `${part}: ${name}`, 'share', [share], { of: those.length });
    }
  const train = judged.filter(({ part }) => part === 'train');
  const rows = train.map(({ known, unknown, isStrange, isUnknown }) => ({
    values: [known, unknown - known, Number(isStrange)],
    isTrue: isUnknown,
  }));
  const { constant, weights } = logisticRegression(rows);
  const [known, margin, strange] = weights;
  for (const [name, weight] of Object.entries({ constant, known, margin, strange }))
    yield rowOf('gate', `weight "${name}", fitted`, 'log-odds', [weight!]);
}

/** Every question put to memory: what the gate goes by, if it judges it, and where the first fact of the right lines stands. */
async function askAll() {
  using dramatis = await Dramatis.open();
  const asked = [];
  for (const id of ['hamlet', 'macbeth']) {
    const source = await dramatis.source({ play: id });
    using opened = await dramatis.memory(id);
    for (const item of know.items(source)) {
      const { figures, rank } = await ask(opened.memory, item);
      const isUnknown = item.asked.kind !== 'known';
      const part = source.split.partOf(item.scene);
      asked.push({
        judged: figures && ({ ...figures, part, isUnknown } satisfies Judged),
        rank: isUnknown ? undefined : rank,
      });
    }
  }
  return asked;
}

/** What the gate goes by, for a question of fact, and the rank from 0 of the first fact of the right lines. */
async function ask(memory: Memory, { speaker, asked }: KnowItem) {
  const before = asked.at === undefined ? undefined : parsePlace(asked.at);
  const { items, knowing } = await recollect(memory, asked.question, {
    character: speaker,
    before,
    budget: { digests: 10, words: 10_000 },
    isGated: false,
  });
  const gold = asked.kind === 'known' ? asked.gold : [];
  const at = items.findIndex((item) => isAmong(item, gold));
  const figures = knowing && {
    known: knowing.known?.score ?? 0,
    unknown: knowing.unknown?.score ?? 0,
    isStrange: knowing.isStrange,
  };
  return { figures, rank: at < 0 ? Infinity : at };
}
