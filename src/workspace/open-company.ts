import { Voice } from '../actor/voice.ts';
import type { Cache } from '../engine/session/cache.ts';
import { DramatisError } from '../errors.ts';
import type { OpenedPlay } from '../hub/plays.ts';
import { findCharacter } from '../play/cast/find-character.ts';
import type { Form } from '../prompt/prompt.ts';
import type { OpenEvent, Part } from '../stage/events.ts';
import { labelScorer } from '../stage/label-scorer.ts';
import type { Performer } from '../stage/performer.ts';
import type { LabelScorer } from '../stage/policies/chooser.ts';
import type { LeverName } from '../steer/lever-descriptions.ts';
import { VoiceRatio } from '../steer/levers/voice-ratio.ts';
import { noSteering } from '../steer/steering.ts';
import { openActor } from './open-actor.ts';
import { type OpenedMemory, openMemory, openMemoryOf } from './open-memory.ts';
import { type OpenedModel, openModel } from './open-model.ts';
import type { OpenedActor } from './opened-actor.ts';
import type { Workspace } from './workspace.ts';

/** What the cast speak with. */
export interface CompanyRequest {
  /** Default: the model in use. */
  readonly model?: string | undefined;
  /** By name as a reader gives it: a version of an adapter, a file, "promoted" or "none". Default: what is promoted. */
  readonly adapters?: ReadonlyMap<string, string> | undefined;
  readonly form?: Form | undefined;
  readonly steer?: readonly LeverName[] | undefined;
  /**
   * Whether what the characters witnessed in the play is recalled; or its speeches alone, and no digests; or a memory of the
   * play that is open, which stays its opener's. Default: true.
   */
  readonly memory?: boolean | 'speeches' | OpenedMemory | undefined;
  /** Window in tokens of each of them. Of no effect with `cache`, which has its own. */
  readonly context?: number | undefined;
  /**
   * A cache of the same model that others share: all who are drawn in it at one time take their steps together, see
   * `SharedSteps`. It must have room for a session for each actor. Default: one of the scene's own, in which words do not
   * depend on what else is going on.
   */
  readonly cache?: Cache | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Everybody of a scene whom the model speaks, and what they share. */
export interface Company extends Disposable {
  readonly performers: ReadonlyMap<string, Performer>;
  readonly model: OpenedModel;
  readonly cache: Cache;
  readonly form: Form;
  readonly steer: readonly string[];
  adaptersOf(name: string): readonly string[] | undefined;
  readonly embed: ((text: string) => Promise<Float32Array>) | undefined;
  /** What the model expects as the next label; there if it was asked for. */
  readonly scorer: LabelScorer | undefined;
}

interface CompanyOf extends CompanyRequest {
  readonly play: OpenedPlay;
  readonly cast: readonly Part[];
  readonly at: OpenEvent['at'];
  /** Whether the model chooses who speaks, too. */
  readonly isScoring: boolean;
}

/** Tokens of each actor's window: who they are, a thousand words of the scene, and a turn. */
export const sceneWindow = 3072;
/** Actors that one cache holds, at most. */
const mostActors = 64;

/**
 * Opens everybody of a scene whom the model speaks, on one cache.
 *
 * @throws {DramatisError} USAGE for more actors than a cache holds; MEMORY_SHORT, WINDOW_EXCEEDED, and what opening a model,
 *   a memory, adapters and actors throws.
 */
export async function openCompany(workspace: Workspace, request: CompanyOf): Promise<Company> {
  const { play, cast, at, signal, context = sceneWindow } = request;
  const spoken = cast.filter(({ playedBy }) => playedBy === 'model');
  if (spoken.length > mostActors) throw tooMany(spoken.length);
  const adapters = adaptersByName(play, request.adapters, cast);
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
    const own = Math.min(context, model.model.info.trainedWindow);
    const sessions = Math.max(1, spoken.length + (request.isScoring ? 1 : 0));
    const cache = request.cache ?? keep(await cacheOf(model, own, sessions));
    // With nobody in person among them they wait for those who talk with somebody.
    const isPatient = cast.every(({ playedBy }) => playedBy !== 'human');
    const { window } = cache;
    const memory = await memoryFor(workspace, request, keep);
    const actors: OpenedActor[] = [];
    for (const { name } of spoken)
      actors.push(
        keep(
          await openActor(workspace, name, {
            ...{ play, at, cache, form, memory: memory ?? false, signal },
            ...{ model: request.model, steer: request.steer, adapter: adapters.get(name) },
            ...(request.context !== undefined && { context: window }),
          }),
        ),
      );
    for (const { actor } of actors) actor.voice.session.isPatient = isPatient;
    return {
      performers: new Map(
        actors.map(({ actor }) => [actor.character.name, performerOf(play, actor)]),
      ),
      ...{ model, cache, form },
      steer: actors[0]?.levers.on ?? [],
      adaptersOf: (name) => namesOfAdapters(actors, name),
      embed: embedderOf(memory),
      scorer: request.isScoring ? await scorerOn(cache, isPatient, keep) : undefined,
      [Symbol.dispose]: dispose,
    };
  } catch (error) {
    dispose();
    throw error;
  }
}

async function memoryFor(
  workspace: Workspace,
  { memory = true, play, signal }: CompanyOf,
  keep: <T extends Disposable>(one: T) => T,
): Promise<OpenedMemory | undefined> {
  if (memory === false) return undefined;
  if (memory === true) return keep(await openMemory(workspace, play, signal));
  if (memory !== 'speeches') return memory;
  return keep(await openMemoryOf(workspace, { ...play, digests: undefined }, signal));
}

const tooMany = (asked: number): DramatisError =>
  new DramatisError(
    'USAGE',
    `${asked} actors are more than one cache holds: there may be ${mostActors}`,
    { remedy: 'Name fewer, or give some of them to people or a script: --human NAME, --script.' },
  );

/** @throws {DramatisError} MEMORY_SHORT, with the option that makes the windows smaller. */
async function cacheOf({ model }: OpenedModel, window: number, sessions: number): Promise<Cache> {
  try {
    return await model.cache({ window, sessions });
  } catch (error) {
    if (!(error instanceof DramatisError && error.code === 'MEMORY_SHORT')) throw error;
    const message = `a cache of ${sessions} actors with ${window} tokens each does not fit: ${error.message}`;
    throw new DramatisError(error.code, message, {
      cause: error,
      remedy: `Name fewer actors, or give each a smaller window with --context ${window >> 1}.`,
    });
  }
}

/** A voice of nobody, that reads the page and says whose label comes next. */
async function scorerOn(
  cache: Cache,
  isPatient: boolean,
  keep: <T extends Disposable>(one: T) => T,
) {
  const session = keep(await cache.session());
  session.isPatient = isPatient;
  return labelScorer(
    new Voice({ session, form: 'script', steering: noSteering(1), policy: 'warm' }),
  );
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

/** @throws {DramatisError} USAGE for an adapter of somebody whom the model does not speak. */
function adaptersByName(
  { play }: OpenedPlay,
  adapters: CompanyRequest['adapters'],
  cast: readonly Part[],
): ReadonlyMap<string, string> {
  const named = Array.from(adapters ?? [], ([given, adapter]) => {
    const { name } = findCharacter(play, given);
    if (cast.some((part) => part.name === name)) return [name, adapter] as const;
    throw new DramatisError('USAGE', `${name} has an adapter, but no part in this scene`, {
      remedy: 'Name them among the cast, too, or leave their adapter out.',
    });
  });
  return new Map(named);
}

function namesOfAdapters(actors: readonly OpenedActor[], name: string) {
  const adapters = actors.find(({ actor }) => actor.character.name === name)?.actor.adapters ?? [];
  return adapters.length === 0 ? undefined : adapters.map(({ id }) => id);
}

function embedderOf(memory: OpenedMemory | undefined): Company['embed'] {
  return memory && (async (text) => (await memory.memory.phrase([text]))[0]!.vector);
}
