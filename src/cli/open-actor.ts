import { join } from 'node:path';
import { Actor } from '../actor/actor.ts';
import type { AdapterSource } from '../actor/adapter-source.ts';
import { splitOf } from '../corpus/splits/split.ts';
import { trainPlay } from '../corpus/splits/without-scenes.ts';
import type { ComputeOptions } from '../engine/compute.ts';
import { Model } from '../engine/model.ts';
import { DramatisError } from '../errors.ts';
import type { HubOptions } from '../hub/events.ts';
import { type ResolvedModel, resolveModel } from '../hub/models.ts';
import { type OpenedPlay, openPlay } from '../hub/plays.ts';
import type { Memory } from '../memory/memory.ts';
import { findCharacter } from '../play/cast/find-character.ts';
import { requirePlace } from '../play/place.ts';
import type { CastMember, Place, Play } from '../play/play.ts';
import { displayName } from '../prompt/display-name.ts';
import { formFor } from '../prompt/form.ts';
import type { Form } from '../prompt/prompt.ts';
import { promptTemplate } from '../prompt/prompt-template.ts';
import type { LeverName } from '../steer/lever-names.ts';
import { type Strengths, strengthsOf } from '../steer/lever-names.ts';
import { SteeringLevers } from '../steer/steering-levers.ts';
import { folders } from '../store/folders.ts';
import { baseSha256 } from './base-sha256.ts';
import { playOf } from './find-play.ts';
import { type AdapterRequest, openAdapterSource } from './open-adapters.ts';
import { openMemory } from './open-memory.ts';
import { showControl } from './show-control.ts';
import { FetchProgress } from './terminal/progress.ts';

/** What a command line says about an actor. */
export interface ActorRequest extends ComputeOptions, AdapterRequest, Strengths {
  readonly character: string;
  /** Default: the one known play that has the character. */
  readonly play?: string | undefined;
  readonly at?: string | undefined;
  readonly model?: string | undefined;
  readonly context?: number | undefined;
  readonly form?: Form | undefined;
  /** Levers that are on at first. */
  readonly steer: readonly LeverName[];
  /** Name of a prompt template. */
  readonly prompt?: string | undefined;
  readonly memory: boolean;
  readonly offline: boolean;
  readonly acceptLicence: boolean;
  readonly signal: AbortSignal;
}

/** An actor, and what it is steered by. */
export interface SteeredActor {
  readonly actor: Actor;
  readonly levers: SteeringLevers;
}

export interface OpenedActor extends SteeredActor {
  readonly play: OpenedPlay;
  /** What the model was asked for by: see `ResolvedModel`. */
  readonly modelName: string;
  /**
   * Somebody else of the play, on the same model and with the same memory, who wears what is promoted for them unless
   * the command line says "none". Whoever asks disposes of it.
   *
   * @throws {DramatisError} CHARACTER_UNKNOWN, CHARACTER_AMBIGUOUS, and what `Actor.open` throws.
   */
  readonly another: (name: string) => Promise<SteeredActor>;
  /** Gives back what only recalling needs: after this the actor recalls nothing more. */
  readonly endRecall: () => void;
  /** When each part stood, in milliseconds since the process started. */
  readonly readyMs: Readonly<Record<'play' | 'model' | 'memory' | 'actor', number>>;
}

/**
 * Opens everything an actor needs. What is here is opened at once, the parts beside one another: the play
 * is parsed while the model loads. What must be fetched waits until the names on the command line are
 * known to be right.
 */
export async function openActor(request: ActorRequest): Promise<OpenedActor> {
  using progress = new FetchProgress();
  const { offline, acceptLicence, signal } = request;
  const hub = { offline, acceptLicence, signal, report: progress.report };
  const readyMs = { play: 0, model: 0, memory: 0, actor: 0 };
  const done = (part: keyof typeof readyMs): void => {
    readyMs[part] = performance.now();
  };
  const casting = openCast(request, hub).finally(() => done('play'));
  const modelling = openModel(request, hub, casting).finally(() => done('model'));
  const embedders: Disposable[] = [];
  const remembering = openMemoryOf(request, hub, casting, embedders).finally(() => done('memory'));
  const dressing = openWardrobeOf(request, hub, casting, modelling);
  const [cast, memory, wardrobe] = await Promise.all([casting, remembering, dressing, modelling]);
  const { play, character, at } = cast;
  const shown = once(() => trainPlay(play.play, splitOf(play.id, play.play)));
  const stage = { request, play, at, memory, modelling, shown };
  const opened = await openOn(stage, character, wardrobe);
  done('actor');
  const another = async (name: string): Promise<SteeredActor> => {
    const who = findCharacter(play.play, name);
    const adapter = request.adapter === 'none' ? 'none' : 'promoted';
    const casting = Promise.resolve({ ...cast, character: who });
    return openOn(
      stage,
      who,
      await openWardrobeOf({ ...request, adapter }, hub, casting, modelling),
    );
  };
  const endRecall = (): void => {
    for (const embedder of embedders) embedder[Symbol.dispose]();
  };
  return {
    ...opened,
    play,
    modelName: (await modelling).resolved.name,
    another,
    endRecall,
    readyMs,
  };
}

/** What the actors of one command have in common. */
interface Stage {
  readonly request: ActorRequest;
  readonly play: OpenedPlay;
  readonly at: Place | undefined;
  readonly memory: Memory | undefined;
  readonly modelling: Promise<OpenedModel>;
  /** The play without the scenes that are held out. */
  readonly shown: () => Play;
}

async function openOn(
  { request, play, at, memory, modelling, shown }: Stage,
  character: CastMember,
  wardrobe: AdapterSource,
): Promise<SteeredActor> {
  const { model, form } = await modelling;
  const levers = await SteeringLevers.open({
    ...{ model, character, shown },
    ...{ on: request.steer, ...strengthsOf(request) },
    making: {
      folder: join(folders().cache, 'control'),
      signal: request.signal,
      onProgress: showControl(displayName(character.name)),
    },
  });
  const actor = await Actor.open({
    ...{ play: play.play, shown, character, model, memory, at, wardrobe, form },
    steering: levers,
    template: promptTemplate(request.prompt),
    window: request.context,
    stateFolder: join(folders().cache, 'prefixes'),
  });
  return { actor, levers };
}

/** Found when it is first asked for: no lever that is on may need it. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

interface Cast {
  readonly play: OpenedPlay;
  readonly character: CastMember;
  readonly at: Place | undefined;
}

async function openCast(
  { character, play: named, at }: ActorRequest,
  hub: HubOptions,
): Promise<Cast> {
  const play = await openPlay(named ?? playOf(character), hub);
  return {
    play,
    character: findCharacter(play.play, character),
    at: at === undefined ? undefined : requirePlace(play.play, at),
  };
}

interface OpenedModel {
  readonly resolved: ResolvedModel;
  readonly model: Model;
  readonly form: Form;
}

async function openModel(
  request: ActorRequest,
  hub: HubOptions,
  casting: Promise<Cast>,
): Promise<OpenedModel> {
  const { threads, gpu, signal } = request;
  const resolved =
    (await findHere(request.model, hub)) ?? (await fetchAfter(casting, request.model, hub));
  const model = await Model.open(resolved.path, {
    ...(threads && { threads }),
    ...(gpu !== undefined && { gpu }),
    signal,
  });
  return { resolved, model, form: request.form ?? formFor(model) };
}

async function openWardrobeOf(
  request: ActorRequest,
  hub: HubOptions,
  casting: Promise<Cast>,
  modelling: Promise<OpenedModel>,
): Promise<AdapterSource> {
  const [{ play, character }, { resolved, model, form }] = await Promise.all([casting, modelling]);
  const base = (): Promise<string> => baseSha256(resolved, hub);
  const { version: templateVersion } = promptTemplate(request.prompt);
  const whom = { play: play.id, character: character.name };
  return openAdapterSource(request, { model, base, form, templateVersion, ...whom });
}

async function findHere(
  model: string | undefined,
  hub: HubOptions,
): Promise<ResolvedModel | undefined> {
  try {
    return await resolveModel(model, { ...hub, offline: true });
  } catch (error) {
    const isElsewhere =
      error instanceof DramatisError && ['OFFLINE', 'LICENCE_NEEDED'].includes(error.code);
    if (isElsewhere) return undefined;
    throw error;
  }
}

async function fetchAfter(
  casting: Promise<Cast>,
  model: string | undefined,
  hub: HubOptions,
): Promise<ResolvedModel> {
  await casting;
  return resolveModel(model, hub);
}

async function openMemoryOf(
  request: ActorRequest,
  hub: HubOptions,
  casting: Promise<Cast>,
  opened: Disposable[],
): Promise<Memory | undefined> {
  if (!request.memory) return undefined;
  const { play } = await casting;
  const { signal, threads, gpu } = request;
  return openMemory({
    play,
    hub,
    signal,
    opened,
    ...(threads && { threads }),
    ...(gpu !== undefined && { gpu }),
  });
}
