import { freshSeed } from '../engine/sampling.ts';
import type { Cache } from '../engine/session/cache.ts';
import { DramatisError } from '../errors.ts';
import { type OpenedPlay, openPlay } from '../hub/plays.ts';
import { findCharacter } from '../play/cast/find-character.ts';
import type { Form } from '../prompt/prompt.ts';
import { promptTemplate } from '../prompt/prompt-template.ts';
import { beginScene } from '../stage/begin-scene.ts';
import { stageThresholds } from '../stage/detectors/thresholds.ts';
import { directorOf } from '../stage/director.ts';
import type { Limits, OpenEvent, Part, Policy } from '../stage/events.ts';
import type { Performer } from '../stage/performer.ts';
import { scriptOf } from '../stage/script-lines.ts';
import { type Situation, situationAt } from '../stage/situation.ts';
import { Stage } from '../stage/stage.ts';
import { stateOf } from '../stage/state.ts';
import { Transcript } from '../stage/transcript.ts';
import type { LeverName } from '../steer/lever-names.ts';
import { VoiceRatio } from '../steer/levers/voice-ratio.ts';
import { processorKind } from '../store/processor-kind.ts';
import { playOf } from './find-play.ts';
import { openActor } from './open-actor.ts';
import { type OpenedMemory, openMemory } from './open-memory.ts';
import { type OpenedModel, openModel } from './open-model.ts';
import { openScript } from './open-script.ts';
import type { OpenedActor } from './opened-actor.ts';
import { program } from './program.ts';
import { hubOptions, type Workspace } from './workspace.ts';

/** What a new scene is to be; everything but the names has a default. */
export interface SceneRequest {
  /** Names as a reader gives them; none: all who are there at the place. */
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
  readonly policy?: Policy | undefined;
  /** Whether it is chosen, too, whom a turn is meant for. */
  readonly isAddressing?: boolean | undefined;
  readonly limits?: Limits | undefined;
  /** Tokens of a turn, at most. */
  readonly maxTokens?: number | undefined;
  readonly seed?: number | undefined;
}

/** What the cast speak with. */
export interface CompanyRequest {
  /** Default: the model in use. */
  readonly model?: string | undefined;
  /** By name as a reader gives it: a version of an adapter, a file, "promoted" or "none". Default: what is promoted. */
  readonly adapters?: ReadonlyMap<string, string> | undefined;
  readonly form?: Form | undefined;
  readonly steer?: readonly LeverName[] | undefined;
  /** Whether what the characters witnessed in the play is recalled. Default: true. */
  readonly memory?: boolean | undefined;
  /** Window in tokens of each of them. */
  readonly context?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A scene that can be played; disposing of it frees all that it was opened with. */
export interface OpenedStage extends Disposable {
  readonly stage: Stage;
  readonly play: OpenedPlay;
  readonly modelName: string;
  /** Where the scene begins, for a reader; undefined for one that is gone on with. */
  readonly about: string | undefined;
}

/** Tokens of each actor's window: who they are, a thousand words of the scene, and a turn. */
const sceneWindow = 3072;

/**
 * Opens a new scene and everybody who speaks in it.
 *
 * @throws {DramatisError} What `situationAt`, opening a play, a model, a memory, adapters and actors throw; USAGE for a
 *   person who is not in the scene; MEMORY_SHORT; `signal.reason`.
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
  const humans = humansOf(play, situation, request.humans ?? []);
  const cast = situation.cast.map(
    (name): Part => ({
      name,
      playedBy: humans.has(name) ? 'human' : script?.speakers.includes(name) ? 'script' : 'model',
    }),
  );
  const isAllScript = cast.every(({ playedBy }) => playedBy === 'script');
  const at = situation.at && `${situation.at.act}.${situation.at.scene}.${situation.at.line ?? 1}`;
  const company = await openCompany(workspace, { ...request, play, cast, at });
  try {
    const transcript = await beginScene(workspace.folders.conversations, situation, {
      program: program(),
      play: { id: play.id, title: play.play.title, hash: play.sha256 },
      seed: request.seed ?? freshSeed(),
      model: { name: company.model.name, hash: await company.model.sha256() },
      engine: { processor: processorKind(), window: company.cache.window },
      form: company.form,
      template: String(promptTemplate().version),
      cast: cast.map((part) => ({ ...part, adapters: company.adaptersOf(part.name) })),
      script: script?.turns,
      steer: company.steer,
      director: {
        policy: request.policy ?? (isAllScript ? 'script' : 'turn-model'),
        isAddressing: request.isAddressing ?? false,
      },
      thresholds: stageThresholds().limits,
      limits: request.limits ?? {},
      maxTokens: request.maxTokens,
    });
    return await staged(transcript, { play, company, about: situation.about });
  } catch (error) {
    company[Symbol.dispose]();
    throw error;
  }
}

/**
 * Opens a scene again that was paused, or has ended.
 *
 * @param path Of its transcript.
 * @throws {DramatisError} What reading the transcript and `openStage` throw.
 */
export async function resumeStage(
  workspace: Workspace,
  path: string,
  request: CompanyRequest = {},
): Promise<OpenedStage> {
  const transcript = new Transcript(path);
  const { open } = stateOf((await transcript.read()).records);
  if (!open) throw new DramatisError('TRANSCRIPT_UNREADABLE', `the opening of ${path} is damaged`);
  const play = await openPlay(open.play.id, hubOptions(workspace, request.signal));
  const company = await openCompany(workspace, {
    model: open.model.name,
    form: open.form === 'script' ? 'script' : 'chat',
    adapters: new Map(
      open.cast.flatMap(({ name, adapters }) =>
        adapters?.length ? [[name, adapters.join()]] : [],
      ),
    ),
    ...request,
    ...{ play, cast: open.cast, at: open.at },
  });
  return staged(transcript, { play, company, about: undefined });
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
  const policy = open?.director.policy ?? 'turn-model';
  const isAddressing = open?.director.isAddressing ?? false;
  const stage = await Stage.open({
    transcript,
    play: play.play,
    performers: company.performers,
    director: directorOf(policy, { play: play.play, isAddressing, script }),
    scripted: script?.lines,
    tools: {
      voiceOf: (who, text) => company.performers.get(who)?.voiceOf?.(text),
    },
    embed: company.embed,
  });
  return {
    ...{ stage, play, about, modelName: company.model.name },
    [Symbol.dispose]: () => company[Symbol.dispose](),
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

function humansOf(
  { play }: OpenedPlay,
  { cast }: Situation,
  names: readonly string[],
): ReadonlySet<string> {
  return new Set(
    names.map((given) => {
      const { name } = findCharacter(play, given);
      if (cast.includes(name)) return name;
      throw new DramatisError(
        'USAGE',
        `${name} is not one of this scene, so nobody can be ${name}`,
        {
          remedy: 'Name them among the cast, too.',
        },
      );
    }),
  );
}

/** Everybody of a scene whom the model speaks, and what they share. */
interface Company extends Disposable {
  readonly performers: ReadonlyMap<string, Performer>;
  readonly model: OpenedModel;
  readonly cache: Cache;
  readonly form: Form;
  readonly steer: readonly string[];
  adaptersOf(name: string): readonly string[] | undefined;
  readonly embed: ((text: string) => Promise<Float32Array>) | undefined;
}

interface CompanyOf extends CompanyRequest {
  readonly play: OpenedPlay;
  readonly cast: readonly Part[];
  readonly at: OpenEvent['at'];
}

async function openCompany(workspace: Workspace, request: CompanyOf): Promise<Company> {
  const { play, cast, at, signal, context = sceneWindow } = request;
  const spoken = cast.filter(({ playedBy }) => playedBy === 'model');
  /** What must be disposed of, the last one first. */
  const held: Disposable[] = [];
  const dispose = (): void => {
    for (const one of held.splice(0).reverse()) one[Symbol.dispose]();
  };
  const keep = <T extends Disposable>(one: T): T => {
    held.push(one);
    return one;
  };
  try {
    const model = keep(await openModel(workspace, request.model, signal));
    // On the page of a play models keep to short turns in the play's own manner, more than in a chat.
    const form = request.form ?? 'script';
    const window = Math.min(context, model.model.info.trainedWindow);
    const cache = keep(await model.model.cache({ window, sessions: Math.max(1, spoken.length) }));
    const memory =
      request.memory === false ? undefined : keep(await openMemory(workspace, play, signal));
    const adapters = adaptersByName(play, request.adapters);
    const actors: OpenedActor[] = [];
    for (const { name } of spoken)
      actors.push(
        keep(
          await openActor(workspace, name, {
            ...{ play, at, cache, form, memory: memory ?? false, signal },
            ...{ model: request.model, steer: request.steer, adapter: adapters.get(name) },
          }),
        ),
      );
    return {
      performers: new Map(
        actors.map(({ actor }) => [actor.character.name, performerOf(play, actor)]),
      ),
      ...{ model, cache, form },
      steer: actors[0]?.levers.on ?? [],
      adaptersOf: (name) => namesOfAdapters(actors, name),
      embed: embedderOf(memory),
      [Symbol.dispose]: dispose,
    };
  } catch (error) {
    dispose();
    throw error;
  }
}

function performerOf({ play }: OpenedPlay, actor: OpenedActor['actor']): Performer {
  let ratio: VoiceRatio | undefined;
  return {
    actor,
    voiceOf: (text) => {
      ratio ??= new VoiceRatio(play, actor.character);
      return ratio.of(text);
    },
  };
}

function adaptersByName(
  { play }: OpenedPlay,
  adapters: CompanyRequest['adapters'],
): ReadonlyMap<string, string> {
  return new Map(
    Array.from(adapters ?? [], ([name, adapter]) => [findCharacter(play, name).name, adapter]),
  );
}

function namesOfAdapters(actors: readonly OpenedActor[], name: string) {
  const adapters = actors.find(({ actor }) => actor.character.name === name)?.actor.adapters ?? [];
  return adapters.length === 0 ? undefined : adapters.map(({ id }) => id);
}

function embedderOf(memory: OpenedMemory | undefined): Company['embed'] {
  return memory && (async (text) => (await memory.memory.phrase([text]))[0]!.vector);
}
