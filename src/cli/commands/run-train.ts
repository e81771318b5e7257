import { arch, cpus, platform } from 'node:os';
import { join } from 'node:path';
import {
  type RowOptions,
  type RowRequest,
  rowDefaults,
  rowOptions,
} from '../../corpus/rows/row-options.ts';
import { rowsHash, type TrainingRow } from '../../corpus/rows/training-row.ts';
import { trainingRows } from '../../corpus/rows/training-rows.ts';
import type { Source } from '../../corpus/source.ts';
import { crossFit } from '../../corpus/splits/split.ts';
import { trainPlay } from '../../corpus/splits/without-scenes.ts';
import type { AdapterScope } from '../../engine/adapter.ts';
import { recordTraining, trainerOptionsFrom } from '../../engine/machine-settings.ts';
import type { Model } from '../../engine/model.ts';
import type { ActiveAdapter } from '../../engine/session/active-adapters.ts';
import type { Factors } from '../../engine/trainer.ts';
import { type MatrixName, Trainer } from '../../engine/trainer.ts';
import { DramatisError } from '../../errors.ts';
import { decodeLora, encodeLora } from '../../gguf/lora-gguf.ts';
import { tokenizerHash } from '../../gguf/tokenizer-hash.ts';
import { formFor } from '../../prompt/form.ts';
import { personaOf } from '../../prompt/persona/persona.ts';
import { type Form, templateVersion } from '../../prompt/prompt.ts';
import { type Base, provenanceKeys } from '../../registry/screen.ts';
import type { AdapterVersion, Json } from '../../registry/version.ts';
import { type RunConfig, RunFolder } from '../../store/run-folder.ts';
import { Settings } from '../../store/settings.ts';
import { objectiveOf } from '../../train/objectives/all.ts';
import { formerRecipe, type Recipe, recipeDefaults } from '../../train/recipe.ts';
import { type Sample, samplesOf } from '../../train/samples.ts';
import { sequencesOf } from '../../train/sequences.ts';
import { StepRate } from '../../train/step-rate.ts';
import { type TrainingEvent, training } from '../../train/training.ts';
import {
  checkpointsOf,
  finish,
  type RecordedEvent,
  record,
  type TrainingRun,
} from '../../train/training-run.ts';
import type { Dramatis } from '../../workspace/dramatis.ts';
import { openRegistry } from '../../workspace/open-registry.ts';
import { openRows } from '../../workspace/open-rows.ts';
import { openTrainMemory } from '../../workspace/open-train-memory.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { commit } from '../commit.ts';
import { UsageError } from '../failure.ts';
import { terminationSignal } from '../interrupt.ts';
import { openDramatis, type WorkspaceOptions } from '../open-dramatis.ts';
import { promoteTrained } from '../promote-trained.ts';
import { readBytes, readGivenRows } from '../read-bytes.ts';
import { gateText } from '../terminal/adapters-text.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';
import { TrainProgress } from '../terminal/train-progress.ts';
import { program } from './run-adapters-use.ts';

export interface TrainRequest extends RowRequest, WorkspaceOptions {
  readonly character?: string | undefined;
  readonly play?: string | undefined;
  readonly model?: string | undefined;
  readonly on?: string | undefined;
  readonly from?: string | undefined;
  readonly objective: Recipe['objective'];
  readonly beta: number | undefined;
  readonly form?: Form | undefined;
  readonly memory: boolean;
  readonly rank: number | undefined;
  readonly alpha: number | undefined;
  readonly rslora: boolean;
  readonly scope: AdapterScope;
  readonly dropout: number | undefined;
  readonly layers?: readonly [number, number] | undefined;
  readonly matrices: readonly MatrixName[];
  readonly epochs: number | undefined;
  readonly lr: number | undefined;
  readonly context: number | undefined;
  readonly batch: number | undefined;
  readonly patience: number | undefined;
  readonly precision?: 'bf16' | 'f32' | undefined;
  readonly data?: string | undefined;
  readonly fold?: number | undefined;
  readonly resume: boolean;
  readonly note?: string | undefined;
  readonly promote: boolean;
  readonly device?: string | undefined;
  readonly json: boolean;
}

/** `dramatis train`: rows, steps, and a version in the registry at the end. */
export async function runTrain(request: TrainRequest): Promise<void> {
  const signal = terminationSignal();
  using progress = new OpeningProgress();
  const { json } = request;
  const dramatis = await openDramatis(request, progress.report);
  const { compute } = dramatis;
  const source = await sourceOf(dramatis, request, signal);
  using opened = await dramatis.model(request.model, { signal });
  const { model, path, name } = opened;
  const base: Base = { sha256: await opened.sha256(), header: model.header };
  const recipe = recipeOf(request, model);
  const { rows, dev } = await rowsOf({ ...request, ...recipe.rows }, source);
  const under =
    request.on === undefined ? undefined : await playAdapter(dramatis, request.on, base, source);
  const parent =
    request.from === undefined ? undefined : await parentOf(dramatis, request, base, source);
  const config = {
    play: source.id,
    edition: source.sha256,
    character: characterOf(source, recipe.rows),
    fold: request.fold ?? null,
    base: base.sha256,
    on: under?.version.id ?? null,
    from: parent?.version.id ?? null,
    data: rowsHash(rows),
    templateVersion,
    memory: request.memory,
    recipe,
  };
  const run = await runOf(dramatis, request, config);
  const shown = trainPlay(source.play, source.split);
  using remembered = request.memory ? await openTrainMemory(dramatis, source, signal) : undefined;
  const memory = remembered?.memory;
  const pairs = recipe.objective === 'preference';
  const written = { form: recipe.form, context: recipe.context, shown, pairs, memory, signal };
  const sequences = await sequencesOf(model, rows, written);
  const devSequences = await sequencesOf(model, dev, written);
  if (!json) console.error(heading(config.character, source, rows, sequences));
  progress[Symbol.dispose]();

  const settings = await Settings.open(dramatis.folders.config);
  using trainer = await Trainer.open(path, {
    ...compute,
    ...trainerOptionsFrom(settings),
    rank: recipe.rank,
    alpha: recipe.alpha,
    rankStabilised: recipe.rankStabilised,
    dropout: recipe.dropout,
    ...(recipe.layers && { layers: recipe.layers }),
    matrices: recipe.matrices,
    ...(request.precision && { precision: request.precision }),
    ...(request.device && { device: request.device }),
    onto: under?.factors ?? [],
    signal,
  });
  const persona = source.character && personaOf(shown, source.character);
  const ask = async (adapters: readonly ActiveAdapter[]): Promise<Sample[]> => {
    if (!persona) return [];
    return samplesOf(session, { form: recipe.form, persona, adapters, seed: recipe.seed, signal });
  };
  using session = await model.session();
  using lower = under && (await model.adapter(under.path));
  const beneath = lower ? [{ adapter: lower, scale: 1 }] : [];
  const before = await ask(beneath);
  {
    using display = new TrainProgress(json);
    const events = training({
      trainer,
      recipe,
      objective: objectiveOf(recipe),
      train: sequences,
      dev: devSequences,
      from: parent?.factors,
      folder: checkpointsOf(run),
      signal,
    });
    const rate = new StepRate();
    for await (const event of events) {
      await record(run, event);
      report(event, json, display);
      rate.add(event);
    }
    const machine = { ...compute, device: request.device };
    await recordTraining(settings, model, trainer, rate.tokensPerSecond, machine);
  }
  using adapter = await trainer.adapter(model);
  const after = await ask([...beneath, { adapter, scale: 1, scope: recipe.scope }]);
  await run.write('samples.json', { before, after });

  const version = await register(dramatis, request, {
    model,
    name,
    base,
    source,
    recipe,
    data: config.data,
    trainer,
    under,
    parent,
  });
  await finish(run, version);
  if (json) console.log(JSON.stringify({ kind: 'version', version, run: run.path }));
  else console.log(closing(version, before, after, run.path));
  if (request.promote) await putInUse(dramatis, version, json, { model, source, signal });
}

/** @throws {DramatisError} GATE_REFUSED once it has been told what the gate says. */
async function putInUse(
  workspace: Workspace,
  version: AdapterVersion,
  json: boolean,
  opened: { readonly model: Model; readonly source: Source; readonly signal: AbortSignal },
): Promise<void> {
  const registry = openRegistry(workspace);
  const { gate, refusal } = await promoteTrained(version, { registry, ...opened });
  if (json) console.log(JSON.stringify({ kind: 'promotion', gate, isInUse: !refusal }));
  else console.log(`${gateText(gate)}\n${version.id} is ${refusal ? 'not ' : ''}in use`);
  if (refusal) throw refusal;
}

interface Trained {
  readonly model: Model;
  readonly name: string;
  readonly base: Base;
  readonly source: Source;
  readonly recipe: Recipe;
  readonly data: string;
  readonly trainer: Trainer;
  readonly under: { readonly version: AdapterVersion } | undefined;
  readonly parent: { readonly version: AdapterVersion } | undefined;
}

/** What the trainer holds becomes a version. */
async function register(
  workspace: Workspace,
  request: TrainRequest,
  { model, name, base, source, recipe, data, trainer, under, parent }: Trained,
): Promise<AdapterVersion> {
  const character = characterOf(source, recipe.rows);
  const lora = {
    architecture: model.architecture,
    rank: recipe.rank,
    alpha: trainer.scale * recipe.rank,
    matrices: trainer.factors().map((factors, i) => ({ ...trainer.info.matrices[i]!, ...factors })),
    provenance: {
      [provenanceKeys.base]: base.sha256,
      [provenanceKeys.tokenizer]: tokenizerHash(base.header),
      [provenanceKeys.form]: recipe.form,
      [provenanceKeys.templateVersion]: templateVersion,
      [provenanceKeys.scope]: recipe.scope,
      character: character ?? '',
      play: source.id,
      edition: source.sha256,
      data: data,
    },
  };
  return openRegistry(workspace).add(
    await encodeLora(lora, 'F16'),
    {
      play: source.id,
      character: character,
      edition: source.sha256,
      base: { sha256: base.sha256, name },
      tokenizer: tokenizerHash(base.header),
      data: data,
      recipe: { ...(recipe as unknown as Record<string, Json>), fold: request.fold ?? null },
      form: recipe.form,
      templateVersion,
      scope: recipe.scope,
      layer: character === null ? 'play' : 'character',
      ...(under && { on: under.version.id }),
      ...(parent && { parent: parent.version.id }),
      metrics: {},
      by: program(),
      ...(request.note !== undefined && { note: request.note }),
    },
    base,
  );
}

/** A new run, or one that was cut to go on with. */
async function runOf(
  { folders }: Workspace,
  { resume }: TrainRequest,
  config: RunConfig & {
    readonly play: string;
    readonly character: string | null;
    readonly recipe: Recipe;
  },
): Promise<TrainingRun> {
  const parent = join(folders.runs, 'train');
  const configs = resume ? [config, { ...config, recipe: formerRecipe(config.recipe) }] : [];
  for (const one of configs) {
    const unfinished = await RunFolder.unfinished<RecordedEvent>(parent, one);
    if (unfinished) return unfinished;
  }
  if (resume) console.error('No run of these options is unfinished: a new one.');
  const label = `${config.play}-${config.character ?? 'everyone'}`;
  return RunFolder.create(parent, label, config, environment());
}

async function sourceOf(
  dramatis: Dramatis,
  { character, play, everyone, fold }: TrainRequest,
  signal: AbortSignal,
) {
  if (everyone && character !== undefined)
    throw new UsageError('--everyone is for a whole play: leave the character out, give --play');
  if (!everyone && character === undefined)
    throw new UsageError('no character was given; --everyone trains an adapter of a whole play');
  const source = await dramatis.source({ character, play }, { signal });
  return fold === undefined ? source : { ...source, split: crossFit(source.split, fold) };
}

function characterOf({ character }: Source, rows: RowOptions): string | null {
  return rows.everyone ? null : character!.name;
}

function recipeOf(request: TrainRequest, model: Model): Recipe {
  if (request.scope === 'turn' && request.objective === 'preference')
    throw new UsageError('--objective preference is for --scope context alone');
  const rank = request.rank ?? recipeDefaults.rank;
  return {
    ...recipeDefaults,
    form: request.form ?? formFor(model),
    rank,
    alpha: request.alpha ?? 2 * rank,
    rankStabilised: request.rslora,
    scope: request.scope,
    dropout: request.dropout ?? recipeDefaults.dropout,
    layers: request.layers ?? null,
    matrices: request.matrices,
    rate: request.lr ?? recipeDefaults.rate,
    epochs: request.epochs ?? recipeDefaults.epochs,
    context: request.context ?? recipeDefaults.context,
    batchTokens: request.batch ?? recipeDefaults.batchTokens,
    patience: request.patience ?? recipeDefaults.patience,
    objective: request.objective,
    beta: request.beta ?? recipeDefaults.beta,
    seed: request.seed ?? recipeDefaults.seed,
    rows: rowOptions(
      request.objective === 'preference' ? { ...request, drops: pairDrops } : request,
    ),
  };
}

/** A pair is a row by itself, and a persona has more tokens than its other parts together. */
const pairDrops = { ...rowDefaults.drops, persona: 0.75 };

/** What is learned, and what is asked on the dev scenes: rows of the plainest kind, with all that may be shown. */
async function rowsOf(
  request: TrainRequest,
  source: Source,
): Promise<{ rows: TrainingRow[]; dev: TrainingRow[] }> {
  const { rows } = openRows({ ...request, data: await readGivenRows(request.data) }, source);
  const isPair = ({ preferred }: TrainingRow): boolean =>
    preferred !== undefined && request.objective === 'preference';
  if (!rows.some((row) => isPair(row) || row.turns.some(({ lossWeight }) => lossWeight > 0))) {
    throw new DramatisError(
      'NO_ITEMS',
      `${source.character?.name ?? 'nobody'} says nothing there`,
      {
        remedy: 'Choose another character or other --kinds: the scenes held out teach nothing.',
      },
    );
  }
  const { split } = source;
  const asTrain = {
    ...source,
    split: {
      ...split,
      partOf: (scene: string) => (split.partOf(scene) === 'dev' ? 'train' : 'holdout') as 'train',
    },
  };
  const drops = { persona: 0, memory: 1, directions: 1 };
  const asked =
    request.objective === 'preference'
      ? ({ kinds: ['contrast'], drops } as const)
      : ({ kinds: ['scene'], drops, contrast: 0 } as const);
  return { rows, dev: trainingRows(asTrain, { ...request, ...asked }) };
}

interface Known {
  readonly version: AdapterVersion;
  readonly path: string;
  readonly factors: Factors[];
}

/** The version to train on top of, and its factors. */
async function playAdapter(
  workspace: Workspace,
  id: string,
  base: Base,
  { id: play }: Source,
): Promise<Known> {
  const known = await knownFrom(workspace, id);
  const { version } = known;
  if (version.base.sha256 !== base.sha256 || version.play !== play || version.layer !== 'play')
    throw mismatch(
      version,
      'Give --on a version that was trained with --everyone for this play and model.',
    );
  return known;
}

/** The version to begin with, and its factors. */
async function parentOf(
  workspace: Workspace,
  { from, on }: TrainRequest,
  base: Base,
  source: Source,
): Promise<Known> {
  const known = await knownFrom(workspace, from!);
  const { version } = known;
  const isOwn =
    version.play === source.id && version.character === (source.character?.name ?? null);
  if (version.base.sha256 !== base.sha256 || !isOwn || version.on !== on)
    throw mismatch(
      version,
      'Give --from a version of the same character and model, and the --on it was trained with.',
    );
  return known;
}

async function knownFrom(workspace: Workspace, id: string): Promise<Known> {
  const { version, path } = await openRegistry(workspace).open(id);
  const { rank, alpha, matrices } = decodeLora(await readBytes(path), path);
  const factors = matrices.map(({ name, a, b }) => ({ name, rank, scale: alpha / rank, a, b }));
  return { version, path, factors };
}

function mismatch(version: AdapterVersion, remedy: string): DramatisError {
  const whose = `${version.character ?? 'everybody'} in ${version.play}`;
  return new DramatisError(
    'ADAPTER_MISMATCH',
    `${version.id} is of ${whose} on ${version.base.name}`,
    {
      remedy,
    },
  );
}

function environment(): Record<string, string | number> {
  return {
    program: program(),
    commit: commit(),
    node: process.version,
    platform: `${platform()}-${arch()}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    processors: cpus().length,
    started: new Date().toISOString(),
  };
}

const n = (value: number): string => value.toLocaleString('en');

function heading(
  character: string | null,
  { play }: Source,
  rows: readonly TrainingRow[],
  sequences: readonly { readonly tokens: Int32Array; readonly weights: Float32Array }[],
): string {
  const tokens = sequences.reduce((sum, one) => sum + one.tokens.length, 0);
  const learned = sequences.reduce(
    (sum, { weights }) => sum + weights.filter((w) => w > 0).length,
    0,
  );
  return `${character ?? 'Everybody'} in ${play.title}: ${n(rows.length)} rows, ${n(tokens)} tokens, ${n(learned)} of them learned`;
}

function report(event: TrainingEvent, json: boolean, display: TrainProgress): void {
  if (json) console.log(JSON.stringify(event));
  display.show(event);
}

function closing(
  { id, bytes }: AdapterVersion,
  before: readonly Sample[],
  after: readonly Sample[],
  run: string,
): string {
  const lines = after.map(({ question, answer }, i) =>
    [`${question}`, `  before: ${before[i]?.answer}`, `  after:  ${answer}`].join('\n'),
  );
  const said = lines.length > 0 ? `${lines.join('\n')}\n\n` : '';
  return `${said}Version ${id} (${(bytes / 2 ** 20).toFixed(1)} MiB); the run is in ${run}`;
}
