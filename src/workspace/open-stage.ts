import { kernelsFor } from '../engine/machine-settings.ts';
import { freshSeed } from '../engine/sampling.ts';
import { DramatisError } from '../errors.ts';
import { type OpenedPlay, openPlay } from '../hub/plays.ts';
import { findCharacter } from '../play/cast/find-character.ts';
import { promptTemplate } from '../prompt/prompt-template.ts';
import { beginScene } from '../stage/begin-scene.ts';
import { stageThresholds } from '../stage/detectors/thresholds.ts';
import { directorOf } from '../stage/director.ts';
import { policySet } from '../stage/director-context.ts';
import type { Limits, OpenEvent, Part, Policy, StageEvent } from '../stage/events.ts';
import { sceneTurns } from '../stage/limits.ts';
import { scriptOf } from '../stage/script-lines.ts';
import { type Situation, situationAt } from '../stage/situation.ts';
import { Stage } from '../stage/stage.ts';
import { stateOf } from '../stage/state.ts';
import { Transcript } from '../stage/transcript.ts';
import { shippedTurnModel, turnModelHash } from '../stage/turn-model.ts';
import { leverNames } from '../steer/lever-names.ts';
import { processorKind } from '../store/processor-kind.ts';
import { playOf } from './find-play.ts';
import { type Company, type CompanyRequest, openCompany } from './open-company.ts';
import { type OpenedScript, openScript } from './open-script.ts';
import { version } from './program.ts';
import { hubOptions, type Workspace } from './workspace.ts';

/** What a new scene is to be; everything but the names has a default. */
export interface SceneRequest {
  /** Names as a reader gives them; none: all who are there at the place, or who speak in the script. */
  readonly names: readonly string[];
  /** Id of a play or a file of one. Default: the one known play that has the first who is known. */
  readonly play?: string | undefined;
  /** Such as "3.1" or "3.1.56". Default: where all of them are together first. */
  readonly at?: string | undefined;
  /** What is going on, in words. */
  readonly situation?: string | undefined;
  /** Brings on also who cannot be there by the play. */
  readonly force?: boolean | undefined;
  /** File of a play or a transcript from which those speak who have turns in it. */
  readonly script?: string | undefined;
  /** Those whom a person speaks, as a reader names them. */
  readonly humans?: readonly string[] | undefined;
  /** Default: the turn model; where all parts are a script's, its order. */
  readonly policy?: Policy | undefined;
  /** Whether it is chosen, too, whom a turn is meant for. */
  readonly isAddressing?: boolean | undefined;
  /** Default: `sceneTurns` turns. */
  readonly limits?: Limits | undefined;
  /** Tokens of a turn, at most. */
  readonly maxTokens?: number | undefined;
  /** How many drafts are drawn for each turn, of which the best is said. Default: one. */
  readonly drafts?: number | undefined;
  /** Turns of others that repetition penalties see. Default: the last two. */
  readonly othersHeld?: number | undefined;
  readonly seed?: number | undefined;
}

/**
 * A scene that can be played by this process alone; disposing of it frees all that it was opened with, and lets others go on
 * with it.
 */
export interface OpenedStage extends AsyncDisposable {
  readonly stage: Stage;
  readonly play: OpenedPlay;
  readonly modelName: string;
  /** Where the scene begins, for a reader; undefined for one that is gone on with. */
  readonly about: string | undefined;
}

/**
 * Opens a new scene and everybody who speaks in it.
 *
 * @throws {DramatisError} What `situationAt`, opening a play, a model, a memory, adapters and actors throw; USAGE for a
 *   person who is not in the scene; what `readTranscript` throws of a script; MEMORY_SHORT; `signal.reason`.
 */
export async function openStage(
  workspace: Workspace,
  request: SceneRequest & CompanyRequest,
): Promise<OpenedStage> {
  const play = await openPlay(playFor(request), hubOptions(workspace, request.signal));
  const script =
    request.script === undefined
      ? undefined
      : await openScript(request.script, play.play, request.names);
  const situation = situationAt(play.play, {
    cast: request.names.length > 0 ? request.names : (script?.speakers ?? []),
    at: request.at,
    text: request.situation,
    force: request.force,
  });
  const cast = partsOf(play, situation, { humans: request.humans ?? [], script });
  const isAllScript = cast.every(({ playedBy }) => playedBy === 'script');
  const at = situation.at && `${situation.at.act}.${situation.at.scene}.${situation.at.line ?? 1}`;
  const policy = request.policy ?? (isAllScript ? 'script' : 'turn-model');
  if (policy === 'script' && !script) throw withoutScript();
  const isScoring = policy === 'model';
  const company = await openCompany(workspace, { ...request, play, cast, at, isScoring });
  try {
    const transcript = await beginScene(workspace.folders.conversations, situation, {
      program: version(),
      play: { id: play.id, title: play.play.title, hash: play.sha256 },
      seed: request.seed ?? freshSeed(),
      model: { name: company.model.name, hash: await company.model.sha256() },
      engine: {
        ...engineOf(workspace, company),
        ...(request.cache && { steps: 'shared' }),
      },
      form: company.form,
      template: String(promptTemplate().version),
      cast: cast.map((part) => ({ ...part, adapters: company.adaptersOf(part.name) })),
      script: script?.turns,
      ...((request.memory === false || request.memory === 'speeches') && {
        memory: request.memory,
      }),
      steer: company.steer,
      director: {
        policy,
        turnModel: turnModelHash(shippedTurnModel()),
        isAddressing: request.isAddressing ?? false,
      },
      thresholds: stageThresholds().limits,
      limits: { turns: sceneTurns, ...request.limits },
      maxTokens: request.maxTokens,
      drafts: request.drafts,
      othersHeld: request.othersHeld,
    });
    return await owned(transcript, () =>
      staged(transcript, { play, company, about: situation.about }),
    );
  } catch (error) {
    company[Symbol.dispose]();
    throw error;
  }
}

/** Opens a scene as its owner; if that fails anybody may own it again. */
async function owned(
  transcript: Transcript,
  open: () => Promise<OpenedStage>,
): Promise<OpenedStage> {
  await transcript.own();
  try {
    return await open();
  } catch (error) {
    await transcript.release();
    throw error;
  }
}

const withoutScript = (): DramatisError =>
  new DramatisError('USAGE', 'the director "script" goes by a script, and none is given', {
    remedy: 'Give one with --script FILE, or choose another --director.',
  });

/** What must be equal for the same tokens to be drawn again, beside steps that were taken together with other scenes. */
export function engineOf(
  { compute }: Workspace,
  { cache }: Pick<Company, 'cache'>,
): OpenEvent['engine'] {
  return { processor: processorKind(), kernels: kernelsFor(compute), window: cache.window };
}

type ResumeRequest = CompanyRequest & Pick<SceneRequest, 'play' | 'policy'>;

/**
 * Opens a scene again that was paused, or has ended.
 *
 * @param path Of its transcript.
 * @throws {DramatisError} LOCKED, naming the process that plays it at this moment; what reading the transcript and
 *   `openStage` throw; USAGE for a play that is not in the catalogue and not named.
 */
export async function resumeStage(
  workspace: Workspace,
  path: string,
  request: ResumeRequest = {},
): Promise<OpenedStage> {
  const transcript = new Transcript(path);
  return owned(transcript, () => goneOnWith(workspace, transcript, request));
}

async function goneOnWith(
  workspace: Workspace,
  transcript: Transcript,
  request: ResumeRequest,
): Promise<OpenedStage> {
  const { path } = transcript;
  const state = stateOf((await transcript.read()).records);
  const { open } = state;
  if (!open) throw new DramatisError('TRANSCRIPT_UNREADABLE', `the opening of ${path} is damaged`);
  const play = await playOfScene(workspace, open, request);
  const { adapters, ...asked } = request;
  const before = policySet(state) ?? open.director.policy;
  const policy = request.policy ?? before;
  if (policy === 'script' && !scriptOf(state)) throw withoutScript();
  const own = ownCompany(open);
  const company = await openCompany(workspace, {
    ...{ play, cast: open.cast, at: open.at, isScoring: policy === 'model' },
    model: asked.model ?? own.model,
    form: asked.form ?? own.form,
    steer: asked.steer ?? own.steer,
    memory: asked.memory ?? own.memory,
    context: asked.context ?? own.context,
    cache: asked.cache,
    adapters: new Map([...own.adapters, ...(adapters ?? [])]),
    signal: asked.signal,
  });
  try {
    await noteChanges(transcript, open, company);
    if (policy !== before) await transcript.append(policyChange(before, policy));
    return await staged(transcript, { play, company, about: undefined });
  } catch (error) {
    company[Symbol.dispose]();
    throw error;
  }
}

const policyChange = (from: Policy, to: Policy): StageEvent => ({
  ...{ kind: 'lever', name: 'policy', from, to, by: 'human' },
});

/** What the cast of a scene speak with, as it was opened. */
export function ownCompany({ model, form, steer, memory, engine, cast }: OpenEvent) {
  const { window } = engine;
  return {
    model: model.name,
    form: form === 'chat' ? 'chat' : 'script',
    steer: leverNames.filter((name) => steer.includes(name)),
    memory: memory ?? true,
    context: typeof window === 'number' ? window : undefined,
    adapters: new Map(cast.map(({ name, adapters }) => [name, adapters?.join() || 'none'])),
  } as const satisfies CompanyRequest;
}

/** Writes down what a scene is gone on with that it was not opened with. */
async function noteChanges(
  transcript: Transcript,
  { model, engine }: OpenEvent,
  company: Company,
): Promise<void> {
  const { levers } = stateOf((await transcript.read()).records);
  const changes = [
    { name: 'model', from: levers.model ?? model.name, to: company.model.name },
    { name: 'window', from: levers.window ?? engine.window ?? 0, to: company.cache.window },
  ];
  for (const change of changes)
    if (change.from !== change.to)
      await transcript.append({ kind: 'lever', ...change, by: 'human' });
}

/**
 * The play of a scene that is kept.
 *
 * @throws {DramatisError} USAGE if it is in no catalogue, and `request.play` does not name its file.
 */
export async function playOfScene(
  workspace: Workspace,
  { play }: Pick<OpenEvent, 'play'>,
  request: Pick<SceneRequest, 'play'> & Pick<CompanyRequest, 'signal'>,
): Promise<OpenedPlay> {
  const named = request.play;
  try {
    return await openPlay(named ?? play.id, hubOptions(workspace, request.signal));
  } catch (error) {
    if (named !== undefined || !(error instanceof DramatisError)) throw error;
    if (error.code !== 'PLAY_UNKNOWN' && error.code !== 'FILE_MISSING') throw error;
    const message = `"${play.title}", the play of this scene, is not in the catalogue`;
    throw new DramatisError('USAGE', message, { remedy: 'Give its file with --play FILE.' });
  }
}

interface Staged {
  readonly play: OpenedPlay;
  readonly company: Company;
  readonly about: string | undefined;
}

async function staged(
  transcript: Transcript,
  { play, company, about }: Staged,
): Promise<OpenedStage> {
  const state = stateOf((await transcript.read()).records);
  const { open } = state;
  const script = scriptOf(state);
  const opened = open?.director.policy ?? 'turn-model';
  // One that was set since is read off the events; without a scorer there is none for the one before it.
  const isGone = opened === 'model' && !company.scorer;
  const policy = isGone ? (policySet(state) ?? opened) : opened;
  const isAddressing = open?.director.isAddressing ?? false;
  const stage = await Stage.open({
    transcript,
    play: play.play,
    performers: company.performers,
    director: directorOf(policy, {
      ...{ play: play.play, isAddressing, script },
      scorer: company.scorer,
    }),
    scripted: script?.lines,
    tools: {
      voiceOf: (who, text) => company.performers.get(who)?.voiceOf?.(text),
    },
    embed: company.embed,
  });
  return {
    ...{ stage, play, about, modelName: company.model.name },
    async [Symbol.asyncDispose]() {
      company[Symbol.dispose]();
      await transcript.release();
    },
  };
}

function playFor({ play, names }: SceneRequest): string {
  if (play !== undefined) return play;
  let first: unknown;
  for (const name of names)
    try {
      return playOf(name);
    } catch (error) {
      first ??= error;
    }
  throw (
    first ??
    new DramatisError('USAGE', 'nobody is named, and no play', {
      remedy: 'Name one character or more, or give a play with --play and a place with --at.',
    })
  );
}

interface Parts {
  readonly humans: readonly string[];
  readonly script: OpenedScript | undefined;
}

/** @throws {DramatisError} USAGE if a person is not in the scene. */
function partsOf(
  { play }: OpenedPlay,
  { cast }: Situation,
  { humans, script }: Parts,
): readonly Part[] {
  const named = humans.map((given) => findCharacter(play, given).name);
  const stranger = named.find((name) => !cast.includes(name));
  if (stranger !== undefined)
    throw new DramatisError(
      'USAGE',
      `${stranger} is not one of this scene, so nobody can be ${stranger}`,
      { remedy: 'Name them among the cast, too.' },
    );
  return cast.map((name): Part => {
    if (named.includes(name)) return { name, playedBy: 'human' };
    return { name, playedBy: script?.speakers.includes(name) ? 'script' : 'model' };
  });
}
