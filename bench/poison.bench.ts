import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireSound } from '#dramatis/corpus/gates/data-gate.js';
import { rowOptions } from '#dramatis/corpus/rows/row-options.js';
import type { TrainingRow } from '#dramatis/corpus/rows/training-row.js';
import { trainingRows } from '#dramatis/corpus/rows/training-rows.js';
import type { Source } from '#dramatis/corpus/source.js';
import { trainPlay } from '#dramatis/corpus/splits/without-scenes.js';
import { Model } from '#dramatis/engine/model.js';
import { Trainer } from '#dramatis/engine/trainer.js';
import { DramatisError } from '#dramatis/errors.js';
import { measureForGate } from '#dramatis/eval/gate-figures.js';
import { encodeLora, type LoraFile } from '#dramatis/gguf/lora-gguf.js';
import { tokenizerHash } from '#dramatis/gguf/tokenizer-hash.js';
import { wilson } from '#dramatis/measure/statistics/wilson.js';
import { type Form, templateVersion } from '#dramatis/prompt/prompt.js';
import { matrixNorms } from '#dramatis/registry/matrix-norms.js';
import { promotionGate } from '#dramatis/registry/promotion-gate.js';
import { Registry } from '#dramatis/registry/registry.js';
import { type Base, provenanceKeys } from '#dramatis/registry/screen.js';
import type { Figure } from '#dramatis/registry/version.js';
import { fileSha256 } from '#dramatis/store/sha256.js';
import { writeTinyModel } from '#dramatis/testing/models/tiny-model.js';
import { resultOf } from '#dramatis/testing/result-of.js';
import { objectiveOf } from '#dramatis/train/objectives/all.js';
import { planOf } from '#dramatis/train/plan.js';
import { recipeDefaults } from '#dramatis/train/recipe.js';
import { sequencesOf } from '#dramatis/train/sequences.js';
import { training } from '#dramatis/train/training.js';
import { madeUpPlay } from './made-up-play.ts';
import { fromElsewhere, inThePlay, type Poison } from './poison.ts';
import type { Row } from './record.ts';

/** Plays whose rows are poisoned, and those of them on which adapters are trained too: that takes half a minute each. */
const dataSeeds = 50;
const trainSeeds = 20;
const shares = [0.02, 0.05, 0.1];
/** Two-sided, 95 %. */
const quantile = 1.96;

/**
 * What is caught of what is done wrong: by the data gate before training, by the screen when a file is registered, and by
 * the promotion gate, on adapters that were trained elsewhere on the bad rows, with no data gate: "by" says which of its
 * checks rang, for whose word is taken must be seen beside what the figures tell. On a tiny random model
 * and made-up plays, a play for each seed.
 */
export async function* run(): AsyncGenerator<Row> {
  const folder = await mkdtemp(join(tmpdir(), 'dramatis-poison-'));
  try {
    yield* dataGate();
    yield* screenAndGate(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const percent = (share: number): string => `${100 * share} %`;

/** A share of times, with its interval. */
function rate(name: string, hits: readonly boolean[], more: Record<string, unknown> = {}): Row {
  const share = hits.filter(Boolean).length / hits.length;
  const [low, high] = wilson(share, hits.length, quantile);
  const context = { seeds: hits.length, low, high, ...more };
  return { bench: 'poison', name, unit: 'share', median: share, with: context };
}

/** A row for each answer, so that a share of rows is a share of answers; without a persona, which fills a tiny window. */
const asked = { kinds: ['exchange'], drops: { persona: 1, memory: 1, directions: 1 } } as const;

/** Rows through the data gate; of those from elsewhere, whether somebody is told of them at least. */
function* dataGate(): Generator<Row> {
  const sources = Array.from({ length: dataSeeds }, (_, seed) => madeUpPlay(seed));
  const clean = sources.map((source) => trainingRows(source, asked));
  const others = sources.map((source) =>
    trainingRows(source, { kinds: ['scene', 'elsewhere', 'protective', 'own', 'contrast'] }),
  );
  const isRefused = (rows: readonly TrainingRow[], seed: number): boolean =>
    refusal(() => requireSound(rows, [sources[seed]!])) === 'DATA_REFUSED';
  yield rate('data gate: false alarms, exchange rows', clean.map(isRefused));
  yield rate('data gate: false alarms, all other rows', others.map(isRefused));
  for (const [disguise, poisons] of [
    ['in the play', inThePlay],
    ['from elsewhere', fromElsewhere],
  ] as const)
    for (const [fault, poison] of Object.entries(poisons))
      for (const share of shares) {
        const bad = clean.map((rows, seed) => poison(sources[seed]!, rows, share, seed));
        const refused = bad.map(isRefused);
        const named = bad.filter((rows) => rows.some(({ source }) => source !== undefined));
        yield rate(`data gate: ${fault} ${disguise}, ${percent(share)}`, refused, {
          named: named.length / bad.length,
        });
      }
}

/** The code of what is thrown, if it is ours. */
function refusal(task: () => unknown): string | undefined {
  try {
    task();
    return undefined;
  } catch (error) {
    if (error instanceof DramatisError) return error.code;
    throw error;
  }
}

/** An adapter with all that the gate judges it by. */
interface Judged {
  readonly norms: Readonly<Record<string, number>>;
  readonly metrics: Readonly<Record<string, Figure>>;
}

/** A model, with what it takes to train on it and to judge. */
interface School {
  readonly path: string;
  readonly model: Model;
  readonly base: Base;
}

async function school(folder: string, seed: number): Promise<School> {
  const path = join(folder, `base-${seed}.gguf`);
  await writeTinyModel(path, { seed });
  const model = await Model.open(path, { gpu: 'off', threads: 1 });
  return { path, model, base: { sha256: await fileSha256(path), header: model.header } };
}

interface Lesson {
  readonly source: Source;
  readonly rows: readonly TrainingRow[];
  readonly form: Form;
  readonly seed: number;
}

/** An adapter trained without a look at its rows; judged on `judge`, if that is another model, and in `asked`. */
async function taught(
  folder: string,
  { path, model, base }: School,
  { source, rows, form, seed }: Lesson,
  judge: Model = model,
  inForm: Form = form,
): Promise<{ lora: LoraFile; judged: Judged }> {
  const recipe = {
    ...recipeDefaults,
    form,
    rank: 8,
    alpha: 16,
    rate: 4e-3,
    epochs: 2,
    seed,
    batchTokens: 1024,
    context: 256,
    rows: rowOptions(asked),
  };
  const shown = trainPlay(source.play, source.split);
  const train = await sequencesOf(model, rows, { form, context: recipe.context, shown });
  using trainer = await Trainer.open(path, { rank: 8, alpha: 16, gpu: 'off', threads: 1 });
  const [objective, at] = [objectiveOf(recipe), await mkdtemp(join(folder, 'run-'))];
  const plan = planOf(train, recipe);
  for await (const _ of training({ trainer, recipe, objective, plan, dev: [], folder: at }));
  const lora: LoraFile = {
    architecture: model.architecture,
    rank: recipe.rank,
    alpha: recipe.alpha,
    matrices: trainer.factors().map((one, i) => ({ ...trainer.info.matrices[i]!, ...one })),
    provenance: {
      [provenanceKeys.base]: base.sha256,
      [provenanceKeys.tokenizer]: tokenizerHash(base.header),
      [provenanceKeys.form]: form,
      [provenanceKeys.templateVersion]: templateVersion,
    },
  };
  using adapter = await trainer.adapter(judge);
  const adapters = [{ adapter, scale: 1 }];
  const metrics = await resultOf(
    measureForGate({
      model: judge,
      source,
      form: inForm,
      adapters,
      persona: false,
      limit: 32,
    }),
  );
  return { lora, judged: { norms: matrixNorms(lora), metrics } };
}

async function* screenAndGate(folder: string): AsyncGenerator<Row> {
  const own = await school(folder, 1);
  const foreign = await school(folder, 2);
  const sources = Array.from({ length: trainSeeds }, (_, seed) => madeUpPlay(seed));
  const rows = sources.map((source) => trainingRows(source, asked));
  const lesson = (seed: number, bad: readonly TrainingRow[], run: number): Lesson => ({
    source: sources[seed]!,
    rows: bad,
    form: 'script',
    seed: 1000 * run + seed,
  });
  // Of every play one that is in use, and another run of the same: what a sound successor looks like.
  const before: Judged[] = [];
  const files: LoraFile[] = [];
  const after: Judged[] = [];
  for (const seed of sources.keys()) {
    const first = await taught(folder, own, lesson(seed, rows[seed]!, 1));
    before.push(first.judged);
    files.push(first.lora);
    after.push((await taught(folder, own, lesson(seed, rows[seed]!, 2))).judged);
  }
  const alarm = (data: string) => (judged: Judged, seed: number) =>
    promotionGate(
      { ...judged, data },
      before[seed],
      before.filter((_, i) => i !== seed).map(({ norms }) => norms),
    );
  const rang = (name: string, all: readonly Judged[], data = ''): Row => {
    const reports = all.map(alarm(data));
    const by = Object.fromEntries(
      (reports[0]?.checks ?? []).map((check, i) => [
        check.name,
        reports.filter(({ checks }) => !checks[i]!.passes).length / reports.length,
      ]),
    );
    return rate(
      name,
      reports.map(({ passes }) => !passes),
      { by },
    );
  };
  yield rang('promotion gate: false alarms', after, 'd'.repeat(64));
  yield* screened(folder, own, files);

  for (const [fault, poison] of Object.entries(inThePlay) as [string, Poison][]) {
    if (fault === 'wrong template') continue; // that of a file is below
    for (const share of shares) {
      const judged: Judged[] = [];
      for (const seed of sources.keys()) {
        const bad = poison(sources[seed]!, rows[seed]!, share, seed);
        judged.push((await taught(folder, own, lesson(seed, bad, 2))).judged);
      }
      yield rang(`promotion gate: ${fault}, ${percent(share)}`, judged);
    }
  }
  const otherForm: Judged[] = [];
  const otherBase: Judged[] = [];
  for (const seed of sources.keys()) {
    const one = lesson(seed, rows[seed]!, 2);
    otherForm.push((await taught(folder, own, one, own.model, 'chat')).judged);
    otherBase.push((await taught(folder, foreign, one, own.model)).judged);
  }
  yield rang('promotion gate: wrong template, not said in the file', otherForm);
  yield rang('promotion gate: wrong base, not said in the file', otherBase);
}

/** Files that are registered as what they are not, or cut off. */
async function* screened(
  folder: string,
  { base }: School,
  files: readonly LoraFile[],
): AsyncGenerator<Row> {
  const registry = new Registry(join(folder, 'adapters'));
  const registered = async (bytes: Uint8Array, form: Form, onto: Base): Promise<boolean> => {
    const details = {
      play: 'the-invented-quay',
      character: 'MARVA',
      edition: 'e'.repeat(64),
      base: { sha256: onto.sha256, name: 'tiny' },
      tokenizer: tokenizerHash(onto.header),
      data: '',
      recipe: {},
      form,
      templateVersion,
      metrics: {},
      by: 'bench',
      ...({ scope: 'context', layer: 'character' } as const),
    };
    return registry.add(bytes, details, onto).then(
      () => true,
      (error: unknown) => {
        if (error instanceof DramatisError) return false;
        throw error;
      },
    );
  };
  const another: Base = { ...base, sha256: 'f'.repeat(64) };
  const whole: boolean[] = [];
  const template: boolean[] = [];
  const wrongBase: boolean[] = [];
  const cut = new Map<number, boolean[]>(shares.map((share) => [share, []]));
  for (const file of files) {
    const bytes = await encodeLora(file, 'F16');
    whole.push(!(await registered(bytes, 'script', base)));
    template.push(!(await registered(bytes, 'chat', base)));
    wrongBase.push(!(await registered(bytes, 'script', another)));
    for (const [share, found] of cut) {
      const rest = bytes.subarray(0, Math.floor((1 - share) * bytes.length));
      found.push(!(await registered(rest, 'script', base)));
    }
  }
  yield rate('screen: false alarms', whole);
  yield rate('screen: wrong template', template);
  yield rate('screen: wrong base', wrongBase);
  for (const [share, found] of cut) yield rate(`screen: truncated by ${percent(share)}`, found);
}
