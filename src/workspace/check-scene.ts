import { DramatisError } from '../errors.ts';
import { embeddingModel } from '../hub/catalogue.ts';
import { lookUpModel } from '../hub/models.ts';
import { findCharacter } from '../play/cast/find-character.ts';
import type { Play } from '../play/play.ts';
import { promptTemplate } from '../prompt/prompt-template.ts';
import { cycle } from '../stage/detectors/cycle.ts';
import { detect } from '../stage/detectors/detect.ts';
import { inForce } from '../stage/detectors/in-force.ts';
import { vectorsOf } from '../stage/detectors/turn-vectors.ts';
import { directorOf } from '../stage/director.ts';
import { rechosenBy } from '../stage/director-context.ts';
import type { OpenEvent, Recorded } from '../stage/events.ts';
import { longestTurn } from '../stage/limits.ts';
import { findScene, type PastScene } from '../stage/past-scenes.ts';
import { type AgainOptions, playAgain, type TakenAgain } from '../stage/play-again.ts';
import { hashOf } from '../stage/prompt-hash.ts';
import { type Derivation, type Derived, derive } from '../stage/replay.ts';
import { scriptOf } from '../stage/script-lines.ts';
import type { StageState } from '../stage/state.ts';
import { Transcript } from '../stage/transcript.ts';
import { shippedTurnModel, turnModelHash } from '../stage/turn-model.ts';
import { VoiceRatio } from '../steer/levers/voice-ratio.ts';
import { openCompany } from './open-company.ts';
import { type OpenedModel, openModel } from './open-model.ts';
import { engineOf, ownCompany, playOfScene } from './open-stage.ts';
import { scenePrompter } from './scene-prompts.ts';
import { hubOptions, type Workspace } from './workspace.ts';

export interface CheckRequest {
  /** File of the play, for one that is in no catalogue. */
  readonly play?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What came of working a scene out again. */
export interface SceneCheck extends Derived {
  /** Sentences on what could not be checked here. */
  readonly unchecked: readonly string[];
}

/**
 * Works a scene out again: numbers, who heard what, choices and draws, prompts, alarms and figures. It loads a model for its
 * vocabulary alone, where that is here, and fetches none.
 *
 * @throws {DramatisError} TRANSCRIPT_UNREADABLE if its opening is damaged; what opening its play throws.
 */
export async function deriveScene(
  workspace: Workspace,
  { path, records, state }: PastScene,
  request: CheckRequest = {},
): Promise<SceneCheck> {
  const open = openingOf(path, state);
  const unchecked: string[] = [];
  const parent = await parentOf(workspace, open);
  if (open.parent && !parent)
    unchecked.push(`the scene ${open.parent.id}, which it was forked from, is not here`);
  const opened = await playOfScene(workspace, open, request);
  if (opened.sha256 !== open.play.hash) {
    unchecked.push('choices, prompts and alarms: the text of the play has changed since');
    return { ...(await derive(records, { parent })), unchecked };
  }
  const isRechosen = (open.director.turnModel ?? ourTurnModel()) === ourTurnModel();
  if (!isRechosen) unchecked.push('choices: the turn model has changed since');
  const vectors = await vectorsHere(workspace, records, open, request);
  if (!vectors)
    unchecked.push('alarms of turns that mean the same: the embedding model is not here');
  const model = await modelHere(workspace, open, request);
  if (!model) unchecked.push(`prompts: the model ${open.model.name} of the scene is not here`);
  try {
    const { choose, ...rest } = derivationOf(open, { play: opened.play, model, state, vectors });
    const derivation = { ...rest, parent, ...(isRechosen && choose && { choose }) };
    return { ...(await derive(records, derivation)), unchecked };
  } finally {
    model?.[Symbol.dispose]();
  }
}

const ourTurnModel = (): string => turnModelHash(shippedTurnModel());

interface Tools {
  readonly play: Play;
  readonly model: OpenedModel | undefined;
  /** The scene at its end. */
  readonly state: StageState;
  /** By the words of a turn; undefined where they cannot be made. */
  readonly vectors: ReadonlyMap<string, Float32Array> | undefined;
}

function derivationOf(open: OpenEvent, { play, model, state, vectors }: Tools): Derivation {
  const chosen = rechosenBy(directorFor(open, play, state), inForce);
  // What a fork has copied was drawn by the seed of its parent, whose hash vouches for it.
  const isCopied = ({ n }: StageState): boolean => n < (open.parent?.n ?? 0);
  const voiceOf = voicesOf(open, play);
  return {
    choose: async (at, recorded) => (isCopied(at) ? undefined : chosen(at, recorded)),
    ...(model && { prompt: promptsOf(open, play, model) }),
    detect: (at) => {
      // Who recalls nothing has no embedding model to tell turns by.
      const vectorOf = vectors && open.memory !== false ? vectorsOf(at, vectors) : undefined;
      const tools = { voiceOf, vectorOf, directions: open.directions };
      return detect(at, tools).map(({ event }) => event);
    },
    ...(vectors ? { measured: [cycle.name] } : { unchecked: [cycle.name] }),
  };
}

/** The vectors of all that was said, if the embedding model is here; none are needed where a scene had none. */
async function vectorsHere(
  workspace: Workspace,
  records: readonly Recorded[],
  { memory }: OpenEvent,
  { signal }: CheckRequest,
): Promise<ReadonlyMap<string, Float32Array> | undefined> {
  const vectors = new Map<string, Float32Array>();
  if (memory === false) return vectors;
  if (!(await lookUpModel(embeddingModel, hubOptions(workspace, signal)).catch(ifUnknown)))
    return undefined;
  using opened = await openModel(workspace, embeddingModel, signal);
  using embedder = await opened.model.embedder();
  for (const record of records)
    if ((record.kind === 'turn' || record.kind === 'edit') && !vectors.has(record.text))
      // One by one, as the scene had them made: beside others the last digits differ.
      vectors.set(record.text, (await embedder.embed([record.text], signal))[0]!);
  return vectors;
}

/** Nothing for what is known to be wrong. */
function ifUnknown(error: unknown): undefined {
  if (!(error instanceof DramatisError)) throw error;
}

function directorFor(open: OpenEvent, play: Play, state: StageState) {
  const { policy, isAddressing } = open.director;
  const script = scriptOf(state);
  // What a model chose is not chosen again, and what a person chose any director gives.
  return directorOf(policy === 'model' ? 'turn-model' : policy, { play, isAddressing, script });
}

function voicesOf({ cast }: OpenEvent, play: Play) {
  const ratios = new Map<string, VoiceRatio>();
  const spoken = new Set(
    cast.flatMap(({ name, playedBy }) => (playedBy === 'model' ? [name] : [])),
  );
  return (who: string, text: string): number | undefined => {
    if (!spoken.has(who)) return undefined;
    let ratio = ratios.get(who);
    if (!ratio) {
      ratio = new VoiceRatio(play, findCharacter(play, who));
      ratios.set(who, ratio);
    }
    return ratio.of(text);
  };
}

/** Hash and length of the prompts that views stand for. */
function promptsOf(
  open: OpenEvent,
  play: Play,
  model: OpenedModel,
): NonNullable<Derivation['prompt']> {
  const promptOf = scenePrompter(open, play, model);
  return (state, view) => {
    const tokens = promptOf(state, view);
    return tokens && { hash: hashOf(tokens), tokens: tokens.length };
  };
}

/** The model of a scene if it is here, and is the same file. */
async function modelHere(
  workspace: Workspace,
  { model, template }: OpenEvent,
  { signal }: CheckRequest,
): Promise<OpenedModel | undefined> {
  if (template !== String(promptTemplate().version)) return undefined;
  const here = await lookUpModel(model.name, hubOptions(workspace, signal)).catch(ifUnknown);
  if (!here) return undefined;
  const opened = await openModel(workspace, model.name, signal);
  if ((await opened.sha256()) === model.hash) return opened;
  opened[Symbol.dispose]();
  return undefined;
}

async function parentOf({ folders }: Workspace, { parent }: OpenEvent) {
  if (!parent) return undefined;
  try {
    const { path } = await findScene(folders.conversations, parent.id);
    return (await new Transcript(path).read()).records;
  } catch (error) {
    if (error instanceof DramatisError) return undefined;
    throw error;
  }
}

function openingOf(path: string, { open }: StageState): OpenEvent {
  if (open) return open;
  throw new DramatisError('TRANSCRIPT_UNREADABLE', `the opening of ${path} is damaged`);
}

/** How turns came out when the model took them again, and on what. */
export type AgainEvent =
  /** What differs between the engine of the scene and this one, such as "kernels: CPU, 2 threads, here CPU, 1 thread". */
  | { readonly kind: 'engine'; readonly differences: readonly string[] }
  | ({ readonly kind: 'turn' } & TakenAgain);

/**
 * Lets the model take the turns of a scene again, one after the other.
 *
 * @throws {DramatisError} TRANSCRIPT_UNREADABLE if its opening is damaged; what opening its company throws.
 */
export async function* takeAgain(
  workspace: Workspace,
  { path, records, state }: PastScene,
  request: CheckRequest = {},
): AsyncGenerator<AgainEvent> {
  const open = openingOf(path, state);
  const play = await playOfScene(workspace, open, request);
  using company = await openCompany(workspace, {
    ...{ play, cast: open.cast, at: open.at, isScoring: false, signal: request.signal },
    ...ownCompany(open),
  });
  const here: OpenEvent['engine'] = {
    ...engineOf(workspace, company),
    model: await company.model.sha256(),
    play: play.sha256,
    template: String(promptTemplate().version),
  };
  const then: OpenEvent['engine'] = {
    ...open.engine,
    ...{ model: open.model.hash, play: open.play.hash, template: open.template },
  };
  const differences = Object.keys({ ...then, ...here })
    .filter((name) => then[name] !== here[name])
    .map((name) => `${name}: ${then[name] ?? 'not known'}, here ${here[name] ?? 'not known'}`);
  yield { kind: 'engine', differences };
  const options: AgainOptions = {
    maxTokens: open.maxTokens ?? longestTurn,
    signal: request.signal,
  };
  for await (const taken of playAgain(records, company.performers, options))
    yield { kind: 'turn', ...taken };
}
