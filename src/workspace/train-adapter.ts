import { trainPlay } from '../corpus/splits/without-scenes.ts';
import { knownTrainingRate, recordTraining } from '../engine/machine-settings.ts';
import type { ActiveAdapter } from '../engine/session/active-adapters.ts';
import type { Session } from '../engine/session/session.ts';
import type { EvalProgress } from '../eval/run/evaluate.ts';
import { personaOf } from '../prompt/persona/persona.ts';
import type { AdapterVersion } from '../registry/version.ts';
import { Settings } from '../store/settings.ts';
import type { Sequence } from '../train/batches.ts';
import { hasPairs, objectiveOf } from '../train/objectives/all.ts';
import { planOf } from '../train/plan.ts';
import { type Sample, samplesOf } from '../train/samples.ts';
import { sequencesOf } from '../train/sequences.ts';
import { StepRate } from '../train/step-rate.ts';
import { type TrainingEvent, training } from '../train/training.ts';
import { record } from '../train/training-run.ts';
import { openTrainMemory } from './open-train-memory.ts';
import { curveOf, writeCurve } from './runs/learning-curve.ts';
import { openTrainer } from './runs/open-trainer.ts';
import {
  type PreparedTraining,
  prepareTraining,
  type TrainOptions,
} from './runs/prepare-training.ts';
import { measureAndPromote, type PromotionEvent } from './runs/promote-version.ts';
import { registerTrained } from './runs/register-trained.ts';
import { writeOut } from './runs/version-run.ts';
import type { Workspace } from './workspace.ts';

/** An answer of the character before training and after it, at a fixed seed. */
export interface SamplePair {
  readonly question: string;
  readonly before: string | undefined;
  readonly after: string;
}

/** Loss on the dev scenes in nats a token; undefined where nothing was asked. */
export interface DevLoss {
  readonly before: number | undefined;
  /** Loss of the state that became the version. */
  readonly after: number | undefined;
}

/** What a training run reports, in this order; `progress` and `promotion` only with `promote`. */
export type TrainEvent =
  | {
      readonly kind: 'rows';
      readonly title: string;
      readonly character: string | null;
      readonly rows: number;
      /** All of them, and those that are learned. */
      readonly tokens: number;
      readonly learned: number;
      /** Rows asked on the dev scenes; 0: nothing is, and the last step is what is kept. */
      readonly devRows: number;
      /** Train scenes that are dev in this run, because the character says nothing in the play's own. */
      readonly devScenes: readonly string[] | undefined;
    }
  /** Where the run is kept, and whether it goes on with one that was ended. */
  | { readonly kind: 'run'; readonly run: string; readonly isResumed: boolean }
  /** How long all epochs will take, by what was measured on this machine before. */
  | { readonly kind: 'estimate'; readonly seconds: number; readonly tokensPerSecond: number }
  | TrainingEvent
  | {
      readonly kind: 'version';
      readonly version: AdapterVersion;
      readonly run: string;
      readonly devLoss: DevLoss;
      readonly samples: readonly SamplePair[];
    }
  | EvalProgress
  | PromotionEvent;

/**
 * Trains an adapter on the words of a character, or of everybody: rows of the train scenes, steps with checkpoints, answers
 * before and after, and a version in the registry at the end.
 *
 * A signal that aborts ends the run with a checkpoint; `resume` goes on to the figures that it would have had.
 *
 * @throws {DramatisError} USAGE, NO_ITEMS, DATA_REFUSED, ADAPTER_MISMATCH and what opening the parts throws;
 *   `signal.reason`.
 */
export async function* trainAdapter(
  workspace: Workspace,
  options: TrainOptions,
): AsyncGenerator<TrainEvent, void> {
  const { signal } = options;
  using prepared = await prepareTraining(workspace, options);
  const { registry, recipe, run, isResumed, parent, slot } = prepared;
  await using _owner = await run.own();
  const { model } = prepared.opened;
  const lessons = await lessonsOf(workspace, options, prepared);
  const [{ source, devScenes }] = prepared.lessons as [PreparedTraining['lessons'][number]];
  const sum = (part: 'rows' | 'dev') =>
    prepared.lessons.reduce((all, one) => all + one[part].length, 0);
  yield {
    kind: 'rows',
    title: slot.plays ? `${slot.plays.length} plays` : source.play.title,
    character: slot.character,
    rows: sum('rows'),
    ...countsOf(lessons.train),
    devRows: sum('dev'),
    devScenes,
  };
  yield { kind: 'run', run: run.path, isResumed };

  const settings = await Settings.open(workspace.folders.config);
  const machine = { ...workspace.compute, device: options.device };
  const shape = { ...recipe, path: prepared.opened.path, onto: prepared.under?.factors ?? [] };
  using trainer = await openTrainer(shape, { ...options, ...machine, settings });
  const known = knownTrainingRate(settings, model, trainer, machine);
  if (known !== undefined && !isResumed) {
    const seconds = tokensOf(prepared, lessons) / known;
    yield { kind: 'estimate', seconds, tokensPerSecond: known };
  }
  const rate = new StepRate();
  using session = await model.session();
  using lower = prepared.under && (await model.adapter(prepared.under.path));
  const beneath = lower ? [{ adapter: lower, scale: 1 }] : [];
  const before = await answers(session, beneath, prepared, signal);
  let devLoss: DevLoss = { before: undefined, after: undefined };
  const checkpoints = run.checkpoints;
  const from = parent?.factors;
  for await (const event of training({
    trainer,
    recipe,
    objective: objectiveOf(recipe),
    plan: planOf(lessons.train, recipe),
    dev: lessons.dev,
    from,
    folder: checkpoints,
    signal,
  })) {
    await record(run, event);
    rate.add(event);
    if (event.kind === 'dev' && event.step === 0) devLoss = { ...devLoss, before: event.nll };
    if (event.kind === 'end') devLoss = { ...devLoss, after: event.best?.nll };
    yield event;
  }
  await recordTraining(settings, model, trainer, rate.tokensPerSecond, machine);
  using adapter = await trainer.adapter(model);
  const active = [...beneath, { adapter, scale: 1, scope: recipe.scope }];
  const after = await answers(session, active, prepared, signal);
  await run.write('samples.json', { before, after });
  const version = await registerTrained(registry, {
    ...prepared,
    trainer,
    fold: options.fold,
    note: options.note,
  });
  await writeOut(registry, version, options);
  await writeCurve(options.curve, async () =>
    curveOf((await run.events.read()).records, lessons.dev.length),
  );
  await run.finish(version);
  const samples = after.map(({ question, answer }, i) => ({
    question,
    before: before[i]?.answer,
    after: answer,
  }));
  yield { kind: 'version', version, run: run.path, devLoss, samples };
  if (options.promote) yield* measureAndPromote(version, { registry, model, source, signal });
}

/** What is learned, and what is asked on the dev scenes. */
interface Lessons {
  readonly train: readonly Sequence[];
  readonly dev: readonly Sequence[];
}

/** The rows of a run as tokens, shown with what the character remembers unless that is turned off. */
async function lessonsOf(
  workspace: Workspace,
  { memory = true, signal }: TrainOptions,
  { opened, recipe, lessons }: PreparedTraining,
): Promise<Lessons> {
  const train: Sequence[] = [];
  const asked: Sequence[] = [];
  for (const { source, rows, dev } of lessons) {
    const isShown = memory && [...rows, ...dev].some(({ shows }) => shows.memory);
    using remembered = isShown ? await openTrainMemory(workspace, source, signal) : undefined;
    const written = {
      form: recipe.form,
      context: recipe.context,
      pairs: hasPairs(recipe.objective),
      shown: trainPlay(source.play, source.split),
      memory: remembered?.memory,
      signal,
    };
    train.push(...(await sequencesOf(opened.model, rows, written)));
    asked.push(...(await sequencesOf(opened.model, dev, written)));
  }
  return { train, dev: asked };
}

/** What the character of a run says to a few questions; nothing where the run is of everybody. */
async function answers(
  session: Session,
  adapters: readonly ActiveAdapter[],
  { lessons, recipe: { form, seed } }: PreparedTraining,
  signal: AbortSignal | undefined,
): Promise<readonly Sample[]> {
  const { play, split, character } = lessons[0]!.source;
  if (!character) return [];
  const persona = personaOf(trainPlay(play, split), character);
  return samplesOf(session, { form, persona, adapters, seed, signal });
}

/** Tokens that a run computes with; asking about one takes about a third of the time of learning from it. */
function tokensOf(
  { recipe: { epochs, evalsPerEpoch } }: PreparedTraining,
  { train, dev }: Lessons,
): number {
  return epochs * (countsOf(train).tokens + (evalsPerEpoch * countsOf(dev).tokens) / 3);
}

function countsOf(sequences: readonly Sequence[]): { tokens: number; learned: number } {
  let [tokens, learned] = [0, 0];
  for (const { tokens: all, weights } of sequences) {
    tokens += all.length;
    learned += weights.filter((weight) => weight > 0).length;
  }
  return { tokens, learned };
}
