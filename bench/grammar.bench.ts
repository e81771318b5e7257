import {
  type BenchGrammar,
  benchGrammars,
  measureGrammar,
} from '#dramatis/engine/bench/grammar-speed.js';
import { Model } from '#dramatis/engine/model.js';
import { greedy } from '#dramatis/engine/sampling.js';
import { resolveModel } from '#dramatis/hub/models.js';
import { banLine, lexiconLine } from '#dramatis/steer/grammar/grammar-text.js';
import { bannedPhrases } from '#dramatis/steer/levers/anachronism-ban.js';
import { earlyModernWords } from '#dramatis/steer/levers/lexicon.js';
import { type Row, rowOf } from './record.ts';

const rounds = 5;
const freshRounds = 40;
const repliesTokens = 128;

/**
 * What grammars cost: a token beside llama.cpp's own sampler on the same states, weights beside none, and a whole
 * reply beside one without a grammar.
 */
export async function* run(): AsyncGenerator<Row> {
  const { path } = await resolveModel('smollm2-135m', {});
  using model = await Model.open(path);
  for (const grammar of await benchGrammars([])) {
    yield* compared(model, grammar);
    yield* weighed(model, grammar);
  }
  yield* replies(model);
  yield* onLargeVocabulary();
}

async function* onLargeVocabulary(): AsyncGenerator<Row> {
  const { path } = await resolveModel('gemma3-270m', { acceptLicence: true });
  using model = await Model.open(path, { gpu: 'off' });
  for (const grammar of await benchGrammars([])) {
    const name = `${grammar.name}, ${model.info.vocabulary} tokens in the vocabulary`;
    yield* compared(model, { ...grammar, name });
  }
}

async function* compared(model: Model, grammar: BenchGrammar): AsyncGenerator<Row> {
  const rows = [];
  for (let i = 0; i < rounds; i++) rows.push(await measureGrammar(model, grammar));
  const with_ = { vocabulary: rows[0]!.vocabulary, states: rows[0]!.states };
  const name = (what: string): string => `${grammar.name}: ${what}`;
  for (const quantile of ['p50', 'mean', 'p99'] as const) {
    const ours = rows.map((row) => row.ours_us[quantile]);
    const stock = rows.map((row) => row.stock_us[quantile]);
    yield rowOf('grammar', name(`a token, ${quantile}`), 'µs', ours, with_);
    yield rowOf('grammar', name(`a token by llama.cpp, ${quantile}`), 'µs', stock, with_);
  }
  const times = rows.map((row) => row.stock_us.mean / row.ours_us.mean);
  yield rowOf('grammar', name('times faster, mean'), '×', times, {
    ...with_,
    identical: rows.every((row) => row.identical),
  });
  yield rowOf(
    'grammar',
    name('compile'),
    'µs',
    rows.map((row) => row.compile_us),
    with_,
  );
}

/** The same texts with a weight before each alternative and a lexicon, and without. */
async function* weighed(model: Model, { name, text, texts }: BenchGrammar): AsyncGenerator<Row> {
  const words = earlyModernWords().flatMap((group) => group.words);
  const lines = [lexiconLine('towards', 1.2, words), banLine(bannedPhrases().slice(0, 40))];
  const weights = text.replaceAll(/ \| /g, ' | /2/ ');
  const grammars = {
    'no weights': text,
    'weighted alternatives': weights,
    [`weights and ${words.length} words`]: `${weights}\n${lines.join('\n')}`,
  };
  const names = Object.keys(grammars);
  const [fresh, before] = [names.map((): number[] => []), names.map((): number[] => [])];
  // Each text several times over: what is measured then is the mask at hand, put on.
  const often = Array.from({ length: 20 }, () => texts).flat();
  // In turn, since a machine's speed drifts.
  for (let i = 0; i < freshRounds; i++)
    for (const [g, one] of Object.values(grammars).entries())
      fresh[g]!.push(mean(await model.measureGrammar(one, texts)));
  for (let i = 0; i < rounds; i++)
    for (const [g, one] of Object.values(grammars).entries())
      before[g]!.push(p50(await model.measureGrammar(one, often)));
  for (const [g, weighted] of names.entries()) {
    const times = fresh[g]!.map((us, i) => us / fresh[0]![i]!);
    yield rowOf('grammar', `${name}: a token of a first reply, ${weighted}, mean`, 'µs', fresh[g]!);
    if (g > 0) yield rowOf('grammar', `${name}: that over no weights, ${weighted}`, '×', times);
    yield rowOf('grammar', `${name}: a token met before, ${weighted}`, 'µs', before[g]!);
  }
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function p50(values: Float32Array): number {
  return Float32Array.from(values).sort()[values.length >> 1]!;
}

/** Tokens a second of whole replies with and without. */
async function* replies(model: Model): AsyncGenerator<Row> {
  const words = lexiconLine(
    'towards',
    1.2,
    earlyModernWords().flatMap((group) => group.words),
  );
  const grammars = { 'no grammar': '', 'free text under a lexicon': words };
  using session = await model.session();
  const prompt = model.tokenize('HAMLET: To sleep, perchance to dream. What say you, my lord?\n');
  const rates: Record<string, number[]> = {};
  for (let i = 0; i < rounds; i++) {
    for (const [name, grammar] of Object.entries(grammars)) {
      await session.prefill(prompt);
      const sampling = { ...greedy, temperature: 0.8, minP: 0.05, seed: i, grammar };
      let tokens = 0;
      const start = performance.now();
      const never = new Map(Array.from(model.info.ends, (end) => [end, Number.NEGATIVE_INFINITY]));
      const options = { sampling, maxTokens: repliesTokens, bias: never };
      for await (const { token } of session.generate(prompt, options))
        if (token !== undefined) tokens++;
      rates[name] = [...(rates[name] ?? []), (1000 * tokens) / (performance.now() - start)];
    }
  }
  for (const [name, samples] of Object.entries(rates))
    yield rowOf('grammar', `a reply, ${name}`, 'tokens/s', samples, { tokens: repliesTokens });
}
