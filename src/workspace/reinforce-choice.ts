import { trainPlay } from '../corpus/splits/without-scenes.ts';
import { DramatisError } from '../errors.ts';
import { componentsWhere } from '../eval/subject.ts';
import { openScoringSession } from '../eval/subjects/engine-subject.ts';
import { SubjectVoices } from '../eval/subjects/subject-voices.ts';
import { tokenizerHash } from '../gguf/tokenizer-hash.ts';
import { templateVersion } from '../prompt/prompt.ts';
import type { AdapterVersion, Json } from '../registry/version.ts';
import type { ChoiceItem } from '../reinforce/choice-item.ts';
import type { ChoiceTask } from '../reinforce/choice-task.ts';
import { type Look, type ReinforcingEvent, reinforcing, sizeOf } from '../reinforce/reinforcing.ts';
import { renderChoices } from '../reinforce/render-choices.ts';
import { lookedAt, shadowed } from '../reinforce/shadow.ts';
import { Settings } from '../store/settings.ts';
import { sha256Of } from '../store/sha256.ts';
import { program } from './program.ts';
import { lookAt, readChoiceRun } from './runs/choice-run.ts';
import { curveOf, writeCurve } from './runs/learning-curve.ts';
import { openTrainer } from './runs/open-trainer.ts';
import {
  dataHash,
  type PreparedChoice,
  prepareChoice,
  type ReinforceOptions,
} from './runs/prepare-choice.ts';
import { trainedLora } from './runs/trained-lora.ts';
import { writeOut } from './runs/version-run.ts';
import type { Workspace } from './workspace.ts';

/** What a run of reinforcement reports, in this order. */
export type ReinforceEvent =
  /** Where the run is kept, and whether it goes on with one that was ended. */
  | { readonly kind: 'run'; readonly run: string; readonly isResumed: boolean }
  /** The questions of a play are written: so many plays are done. */
  | {
      readonly kind: 'play';
      readonly play: string;
      readonly questions: number;
      readonly done: number;
      readonly of: number;
    }
  | {
      readonly kind: 'items';
      readonly tasks: readonly string[];
      readonly plays: number;
      readonly pages: number;
      /** Learned ones, and the tokens that are read to learn each of them once. */
      readonly questions: number;
      readonly tokens: number;
      /** Never learned, and how many of them each look asks. */
      readonly shadow: number;
      readonly looked: number;
    }
  | ReinforcingEvent
  | {
      readonly kind: 'version';
      readonly version: AdapterVersion;
      readonly run: string;
      /** The looks before anything was learned, and at what became the version. */
      readonly before: Look | undefined;
      readonly after: Look | undefined;
    };

/**
 * Learns tasks of the benchmark by the exact gradient of their expected reward, on whole plays, and ends with a version in
 * the registry. It is supervised learning with a bounded loss: nothing is sampled.
 *
 * A signal that aborts ends the run with a checkpoint; `resume` goes on to the figures that it would have had.
 *
 * @throws {DramatisError} USAGE, NO_ITEMS, DATA_REFUSED, ADAPTER_MISMATCH and what opening the parts throws;
 *   `signal.reason`.
 */
export async function* reinforceChoice(
  workspace: Workspace,
  options: ReinforceOptions,
): AsyncGenerator<ReinforceEvent, void> {
  const begun = performance.now();
  const { signal, minutes } = options;
  using prepared = await prepareChoice(workspace, options);
  const { recipe, run, isResumed, tasks, sources } = prepared;
  await using _owner = await run.own();
  yield { kind: 'run', run: run.path, isResumed };
  const items = yield* writtenItems(prepared, signal);
  const { learned, shadow } = shadowed(items);
  requireBoth(learned, shadow, prepared);
  yield {
    kind: 'items',
    tasks: tasks.map(({ name }) => name),
    plays: sources.length,
    ...sizeOf(learned, recipe),
    shadow: shadow.length,
    looked: lookedAt(shadow, recipe).length,
  };
  const settings = await Settings.open(workspace.folders.config);
  const { opened, under } = prepared;
  using trainer = await openTrainer(
    { ...recipe, path: opened.path, onto: under.factors },
    { ...options, ...workspace.compute, settings },
  );
  const isOver =
    minutes === undefined ? undefined : () => performance.now() - begun > minutes * 60_000;
  let [best, reached]: [number | undefined, number] = [undefined, 0];
  for await (const event of reinforcing({
    ...{ trainer, recipe, learned, shadow, signal, isOver },
    folder: run.checkpoints,
  })) {
    if (event.kind === 'step' || event.kind === 'look' || event.kind === 'end')
      await run.events.append(event);
    if (event.kind === 'start') reached = event.from;
    if (event.kind === 'step') reached = event.step;
    if (event.kind === 'end') best = event.best?.step;
    yield event;
  }
  if (reached === 0) throw nothingLearned(minutes);
  const told = await readChoiceRun(run.path);
  const [before, after] = [lookAt(told, 0), lookAt(told, best)];
  const version = await register(prepared, trainer, { learned, before, after, note: options.note });
  await writeOut(prepared.registry, version, options);
  await writeCurve(options.curve, async () =>
    curveOf((await run.events.read()).records, lookedAt(shadow, recipe).length),
  );
  await run.finish(version);
  yield { kind: 'version', version, run: run.path, before, after };
}

/** The questions of all plays as the benchmark would ask them. */
async function* writtenItems(
  { opened, tasks, sources, recipe }: PreparedChoice,
  signal: AbortSignal | undefined,
): AsyncGenerator<ReinforceEvent, ChoiceItem[]> {
  const { model } = opened;
  using session = await openScoringSession(model);
  const levers = componentsWhere((lever) => lever === 'persona');
  const items: ChoiceItem[] = [];
  for (const [i, source] of sources.entries()) {
    const shown = trainPlay(source.play, source.split);
    const voices = new SubjectVoices({ model, session, shown, form: recipe.form, levers });
    const questions = tasks.flatMap((task: ChoiceTask) => task.questions(source));
    items.push(...(await renderChoices(voices, source.id, questions, signal)));
    const { length } = questions;
    yield { kind: 'play', play: source.id, questions: length, done: i + 1, of: sources.length };
  }
  return items;
}

function nothingLearned(minutes: number | undefined): DramatisError {
  return new DramatisError('USAGE', `--minutes ${minutes} were over before the first step`, {
    remedy: 'Give more minutes, with --resume to go on with this run.',
  });
}

function requireBoth(
  learned: readonly ChoiceItem[],
  shadow: readonly ChoiceItem[],
  { tasks, sources }: PreparedChoice,
): void {
  if (learned.length > 0 && shadow.length > 0) return;
  const names = tasks.map(({ name }) => name).join(', ');
  const plays = sources.map(({ id }) => id).join(', ');
  throw new DramatisError(
    'NO_ITEMS',
    `${names}: ${learned.length} questions to learn and ${shadow.length} to stop by in ${plays}`,
    { remedy: 'Give more plays, in which people come and go.' },
  );
}

/** Makes a version of what the trainer holds: with the slot of the one it is on, if it is on one. */
async function register(
  { registry, opened, base, sources, recipe, tasks, heldOutFold, under }: PreparedChoice,
  trainer: Parameters<typeof trainedLora>[0],
  {
    learned,
    before,
    after,
    note,
  }: {
    readonly learned: readonly ChoiceItem[];
    readonly before: Look | undefined;
    readonly after: Look | undefined;
    readonly note: string | undefined;
  },
): Promise<AdapterVersion> {
  const parent = under.versions.at(-1);
  const plays = sources.map(({ id }) => id);
  const tokenizer = tokenizerHash(base.header);
  const slot = {
    play: parent?.play ?? plays.join(','),
    character: parent?.character ?? null,
    edition: parent?.edition ?? sha256Of(sources.map(({ sha256 }) => sha256)),
    data: dataHash(learned),
  };
  const { form, scope } = recipe;
  const lora = await trainedLora(trainer, opened.model.architecture, {
    ...{ base: base.sha256, tokenizer, form, scope },
    ...slot,
  });
  return registry.add(
    lora,
    {
      ...slot,
      base: { sha256: base.sha256, name: base.name },
      ...{ tokenizer, form, templateVersion, scope },
      layer: parent?.layer ?? 'play',
      recipe: asJson({
        ...recipe,
        tasks: tasks.map(({ name, version }) => `${name} ${version}`),
        heldOutFold,
        shadowReward: { before: before?.reward, after: after?.reward },
      }),
      kind: 'reinforced',
      plays,
      ...(parent && { on: parent.id, parent: parent.id }),
      metrics: {},
      by: program(),
      ...(note !== undefined && { note }),
    },
    base,
  );
}

const asJson = (value: unknown): Json => JSON.parse(JSON.stringify(value)) as Json;
