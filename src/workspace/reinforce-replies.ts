import { adaptersOf } from '../actor/version-adapters.ts';
import { isShadow } from '../corpus/splits/split.ts';
import { trainPlay } from '../corpus/splits/without-scenes.ts';
import type { ActiveAdapter } from '../engine/session/active-adapters.ts';
import type { Trainer } from '../engine/trainer.ts';
import { DramatisError } from '../errors.ts';
import { neutralProse } from '../eval/neutral-prose.ts';
import { componentsWhere } from '../eval/subject.ts';
import { openScoringSession } from '../eval/subjects/engine-subject.ts';
import { tokenizerHash } from '../gguf/tokenizer-hash.ts';
import { trainTextOf } from '../measure/text/train-text.ts';
import { personaOf } from '../prompt/persona/persona.ts';
import { templateVersion } from '../prompt/prompt.ts';
import { rewardGain } from '../registry/promotion-gate.ts';
import type { AdapterVersion, Figure, Json } from '../registry/version.ts';
import { inDrawnOrder } from '../reinforce/drawn-order.ts';
import { criticise } from '../reinforce/replies/frozen-critic.ts';
import { type LearningEvent, learningReplies } from '../reinforce/replies/learning-replies.ts';
import { QuestionWriter, type WrittenQuestion } from '../reinforce/replies/render-questions.ts';
import { type Probe, ReplyObjective } from '../reinforce/replies/reply-objective.ts';
import {
  cuesOf,
  knownAsked,
  maskAsked,
  type PrintedReply,
  type ReplyQuestion,
} from '../reinforce/replies/reply-questions.ts';
import { measureRewardGain } from '../reinforce/replies/reward-gain.ts';
import { Rollouts } from '../reinforce/replies/rollouts.ts';
import { RewardedCharacter } from '../reinforce/reward/character.ts';
import { rewardReplies } from '../reinforce/reward/reply-reward.ts';
import { Settings } from '../store/settings.ts';
import { sha256Of } from '../store/sha256.ts';
import { samplesOf } from '../train/samples.ts';
import { program } from './program.ts';
import { curveOf, writeCurve } from './runs/learning-curve.ts';
import { openTrainer } from './runs/open-trainer.ts';
import { type PreparedReplies, prepareReplies, type ReplyOptions } from './runs/prepare-replies.ts';
import { trainedLora } from './runs/trained-lora.ts';
import { writeOut } from './runs/version-run.ts';
import type { Workspace } from './workspace.ts';

/** What a run of learning from replies reports, in this order. */
export type ReplyRunEvent =
  | { readonly kind: 'run'; readonly run: string; readonly isResumed: boolean }
  | {
      readonly kind: 'items';
      readonly character: string;
      readonly title: string;
      /** Questions that are learned from, by kind. */
      readonly learned: Readonly<Record<string, number>>;
      /** Never learned, and how many of them each look asks. */
      readonly shadow: number;
      readonly looked: number;
      readonly originals: number;
    }
  | LearningEvent
  | {
      readonly kind: 'version';
      readonly version: AdapterVersion;
      readonly run: string;
      readonly before: Figures | undefined;
      readonly after: Figures | undefined;
      readonly samples: readonly SamplePair[];
    };

/** What the character says to a question before and after, at one seed. */
export interface SamplePair {
  readonly question: string;
  readonly before: string;
  readonly after: string;
}

/**
 * Learns a character's replies by what they are worth (see `rewardReplies`), by drawing some, and ends with a version in the
 * registry. Chat goes on beside it.
 *
 * A signal that aborts ends the run with a checkpoint; `resume` goes on to the figures that it would have had.
 *
 * @throws {DramatisError} USAGE, NO_ITEMS, ADAPTER_MISMATCH, NATIVE_FAILED and what opening the parts throws;
 *   `signal.reason`.
 */
export async function* reinforceReplies(
  workspace: Workspace,
  options: ReplyOptions,
): AsyncGenerator<ReplyRunEvent, void> {
  const begun = performance.now();
  const { signal, minutes } = options;
  using prepared = await prepareReplies(workspace, options);
  const { recipe, run, isResumed, source, character, opened, registry, under } = prepared;
  const { model } = opened;
  await using _owner = await run.own();
  yield { kind: 'run', run: run.path, isResumed };

  using session = await openScoringSession(model);
  const written = await writtenQuestions(prepared, session, signal);
  const { learned, shadow, originals, setAside } = written;
  const kinds = (['cue', 'mask', 'known'] as const).map(
    (kind) => [kind, learned.filter((one) => one.kind === kind).length] as const,
  );
  yield {
    ...{ kind: 'items', character: character.name, title: source.play.title },
    ...{ learned: Object.fromEntries(kinds), shadow: setAside },
    ...{ looked: shadow.length, originals: originals.length },
  };
  const settings = await Settings.open(workspace.folders.config);
  using trainer = await openTrainer(
    { ...recipe, path: opened.path, onto: under.factors },
    { ...options, ...workspace.compute, settings },
  );
  trainer.reset(recipe.seed);
  const measure = (batch: Parameters<Trainer['pass']>[0]) => trainer.pass(batch, { signal });
  const criticisms = await criticise(
    await Promise.all(
      originals.filter(({ isCriticised }) => isCriticised).map(written.judgeableOriginal),
    ),
    measure,
    recipe.batchTokens,
  );
  const rewarded = new RewardedCharacter(
    source,
    character,
    originals.map(({ scene, text, question, isCriticised }) => ({
      ...{ scene, text, addressee: question.addressee },
      criticism: isCriticised ? criticisms.shift() : undefined,
    })),
  );
  using rollouts = await Rollouts.open(model, recipe, {
    questions: Math.max(recipe.questions + 1, recipe.lookQuestions, recipe.heldOut),
    replies: Math.max(recipe.replies, recipe.lookReplies),
  });
  const beneath = await beneathOf(prepared);
  try {
    const objective = new ReplyObjective({
      ...{ model, trainer, beneath, rollouts, recipe, signal, lengths: rewarded.lengths },
      reward: (replies) => rewardReplies(replies, rewarded),
      judgeable: (question, text) =>
        written.writer.judgeable(question.asked.id, (question as WrittenQuestion).pages, text),
      probes: written.probes,
    });
    const { form, seed } = recipe;
    const persona = personaOf(trainPlay(source.play, source.split), character);
    const sampled = (adapters: readonly ActiveAdapter[]) =>
      samplesOf(session, { form, persona, adapters, seed, signal });
    const samplesBefore = await sampled(beneath);
    const isOver =
      minutes === undefined ? undefined : () => performance.now() - begun > minutes * 60_000;
    const events = learningReplies({
      ...{ trainer, recipe, objective, learned, shadow, isOver, signal },
      folder: run.checkpoints,
    });
    const { reached, before, after } = yield* recorded(events, run, isResumed);
    if (reached === 0)
      throw new DramatisError('USAGE', `--minutes ${minutes} were over before the first step`, {
        remedy: 'Give more minutes, with --resume to go on with this run.',
      });
    using newest = await trainer.adapter(model);
    const samplesAfter = await sampled([
      ...beneath,
      { adapter: newest, scale: 1, scope: recipe.scope },
    ]);
    const samples = samplesAfter.map(({ question, answer }, i) => ({
      ...{ question, before: samplesBefore[i]!.answer, after: answer },
    }));
    await run.write('samples.json', samples);
    const gain = await measureRewardGain(objective, written.heldOut, {
      replies: recipe.lookReplies,
      seed,
    });
    const version = await register(prepared, trainer, {
      ...{ learned, gain },
      note: options.note,
      reward: { before: before?.reward, after: after?.reward },
    });
    await writeOut(registry, version, options);
    await writeCurve(options.curve, async () =>
      curveOf((await run.events.read()).records, Math.min(recipe.lookQuestions, shadow.length)),
    );
    await run.finish(version);
    yield { kind: 'version', version, run: run.path, before, after, samples };
  } finally {
    for (const { adapter } of beneath) adapter[Symbol.dispose]();
  }
}

/** Keeps what is reported, and says how far the run came and what its first and its best look said. */
async function* recorded(
  events: AsyncIterable<LearningEvent>,
  run: PreparedReplies['run'],
  isResumed: boolean,
) {
  const looks = new Map<number, Figures>();
  let [best, reached]: [number | undefined, number] = [undefined, 0];
  const note = (event: LearningEvent): void => {
    if (event.kind === 'start') reached = event.from;
    if (event.kind === 'step') reached = event.step;
    if (event.kind === 'look') looks.set(event.step, event.figures);
    if (event.kind === 'end') best = event.best?.step;
  };
  if (isResumed) for (const event of (await run.events.read()).records) note(event);
  for await (const event of events) {
    if (event.kind !== 'start' && event.kind !== 'checkpoint') await run.events.append(event);
    note(event);
    yield event;
  }
  return { reached, before: looks.get(0), after: looks.get(best ?? Number.NaN) };
}

type Figures = Readonly<Record<string, number>>;

/** The adapters beneath what is learned, on the model that speaks. */
async function beneathOf({ registry, opened, under }: PreparedReplies): Promise<ActiveAdapter[]> {
  const top = under.versions.at(-1);
  return top ? adaptersOf(await registry.open(top.id), opened.model, 1) : [];
}

/** All questions as the model is asked them, those never learned apart, and what replies are held against. */
async function writtenQuestions(
  { opened: { model }, source, character, recipe }: PreparedReplies,
  session: Awaited<ReturnType<typeof openScoringSession>>,
  signal: AbortSignal | undefined,
) {
  const printed = cuesOf(source, character, 'train');
  const all = [
    ...printed.map(({ question }) => question),
    ...maskAsked(source, character),
    ...knownAsked(source, character),
  ];
  requireBoth(printed, character.name, source.play.title);
  const writer = new QuestionWriter(
    {
      ...{ model, session, shown: trainPlay(source.play, source.split), form: recipe.form },
      levers: componentsWhere((lever) => lever === 'persona'),
    },
    {
      speaker: character.name,
      others: trainTextOf(source).speakers.filter((name) => name !== character.name),
      all,
    },
  );
  const write = async (questions: readonly ReplyQuestion[]): Promise<WrittenQuestion[]> => {
    const done: WrittenQuestion[] = [];
    for (const question of questions)
      done.push(await writer.write(question, recipe.replyTokens, signal));
    return done;
  };
  const byId = new Map(all.map((question) => [question.id, question]));
  // Twins are learned, or asked by looks, together.
  const isLookedAt = ({ id, twin }: ReplyQuestion): boolean =>
    isShadow(twin !== undefined && twin < id ? twin : id);
  const shadowIds = inDrawnOrder(
    all.filter(isLookedAt).map(({ id }) => id),
    recipe.seed,
    'look',
  );
  const shadow = await write(shadowIds.slice(0, recipe.lookQuestions).map((id) => byId.get(id)!));
  const learned = await write(all.filter((question) => !isLookedAt(question)));
  const drawn = new Set(
    inDrawnOrder(
      printed.map(({ question }) => question.id),
      recipe.seed,
      'originals',
    ).slice(0, recipe.originals),
  );
  const held = new Map(
    cuesOf(source, character, 'holdout').map(({ question }) => [question.id, question]),
  );
  const heldOut = await write(
    inDrawnOrder([...held.keys()], recipe.seed, 'held out')
      .slice(0, recipe.heldOut)
      .map((id) => held.get(id)!),
  );
  return {
    heldOut,
    ...{ writer, learned, shadow, setAside: shadowIds.length },
    originals: printed.map((one) => ({ ...one, isCriticised: drawn.has(one.question.id) })),
    judgeableOriginal: (one: PrintedReply) => writer.original(one, signal),
    probes: [
      ...proseProbes(model),
      ...(await ownProbes(writer, cuesOf(source, character, 'dev'), signal)),
    ],
  };
}

function proseProbes(model: PreparedReplies['opened']['model']): Probe[] {
  return neutralProse.map((text, i) => {
    const tokens = model.tokenize(text);
    const sequence = { id: `prose ${i}`, tokens, weights: new Float32Array(tokens.length).fill(1) };
    return { kind: 'prose', sequence, bytes: Buffer.byteLength(text) };
  });
}

/** Own speeches of dev scenes that looks ask about, at most. */
const mostOwn = 24;

async function ownProbes(
  writer: QuestionWriter,
  printed: readonly PrintedReply[],
  signal: AbortSignal | undefined,
): Promise<Probe[]> {
  const probes: Probe[] = [];
  for (const one of printed.slice(0, mostOwn)) {
    const { pages, tokens: text, bytes } = await writer.original(one, signal);
    const tokens = Int32Array.from([...pages.own, ...text]);
    const weights = new Float32Array(tokens.length).fill(1, pages.own.length);
    probes.push({ kind: 'own', sequence: { id: one.question.id, tokens, weights }, bytes });
  }
  return probes;
}

/** Speeches that a character must have for replies to be held against. */
const leastOriginals = 8;

function requireBoth(printed: readonly PrintedReply[], name: string, title: string): void {
  if (printed.length >= leastOriginals) return;
  throw new DramatisError(
    'NO_ITEMS',
    `${name} replies to ${printed.length} speeches in the scenes of "${title}" for training; ${leastOriginals} at least are wanted to tell what a reply is worth`,
    { remedy: 'Choose a character that says more; "dramatis cast PLAY" counts their speeches.' },
  );
}

async function register(
  { registry, opened, base, source, character, recipe, under }: PreparedReplies,
  trainer: Trainer,
  {
    learned,
    gain,
    note,
    reward,
  }: {
    readonly gain: Figure | undefined;
    readonly learned: readonly WrittenQuestion[];
    readonly note: string | undefined;
    readonly reward: { readonly before: number | undefined; readonly after: number | undefined };
  },
): Promise<AdapterVersion> {
  const parent = under.versions.at(-1);
  const tokenizer = tokenizerHash(base.header);
  const slot = {
    play: source.id,
    character: character.name,
    edition: source.sha256,
    data: sha256Of(learned.map(({ asked }) => `${asked.id}\n`)),
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
      layer: 'character',
      recipe: asJson({ ...recipe, shadowReward: reward }),
      kind: 'reinforced',
      ...(parent && { on: parent.id, parent: parent.id }),
      metrics: gain ? { [rewardGain]: gain } : {},
      by: program(),
      ...(note !== undefined && { note }),
    },
    base,
  );
}

const asJson = (value: unknown): Json => JSON.parse(JSON.stringify(value)) as Json;
