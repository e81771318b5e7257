import { join } from 'node:path';
import { Actor } from '../actor/actor.ts';
import type { AdapterSource } from '../actor/adapter-source.ts';
import { splitOf } from '../corpus/splits/split.ts';
import { trainPlay } from '../corpus/splits/without-scenes.ts';
import type { Cache } from '../engine/session/cache.ts';
import { embeddingModel } from '../hub/catalogue.ts';
import { lookUpModel } from '../hub/models.ts';
import { displayName } from '../play/cast/display-name.ts';
import { formFor } from '../prompt/form.ts';
import { personaOf } from '../prompt/persona/persona.ts';
import type { Form } from '../prompt/prompt.ts';
import { promptTemplate } from '../prompt/prompt-template.ts';
import { scenePrompt } from '../prompt/scene-prompt.ts';
import type { LeverName } from '../steer/lever-descriptions.ts';
import { parseLeverNames, type Strengths, strengthsOf } from '../steer/lever-names.ts';
import { SteeringLevers } from '../steer/steering-levers.ts';
import { type AdapterRequest, lookUpAdapters, openAdapterSource } from './open-adapters.ts';
import { type CastRequest, lookUpCast, type OpenedCast, openCast } from './open-cast.ts';
import { type OpenedMemory, openMemory } from './open-memory.ts';
import { type OpenedModel, openModel } from './open-model.ts';
import { openRegistry } from './open-registry.ts';
import { openTogether } from './open-together.ts';
import { OpenedActor } from './opened-actor.ts';
import { windowFor } from './window-for.ts';
import { hubOptions, type Workspace } from './workspace.ts';

/** Who an actor is and what it is made of; everything has a default. */
export interface ActorRequest
  extends Omit<CastRequest, 'character'>,
    Partial<AdapterRequest>,
    Strengths {
  /** Id of the catalogue, path of a .gguf file or Hugging Face URI. Default: the model in use. */
  readonly model?: string | undefined;
  /** Window in tokens: persona, memories and conversation must fit. Of no effect with `cache`, which has its own. */
  readonly context?: number | undefined;
  /** Whether a single answer is wanted, for which the engine's own window is enough where none is asked for. */
  readonly isSingle?: boolean | undefined;
  /** A cache of the same model that other actors share, so that they can take their tokens in one step. Default: its own. */
  readonly cache?: Cache | undefined;
  /** Default: what the model is made for. */
  readonly form?: Form | undefined;
  /** Levers that are on at first. Default: those that helped in every scene measured. */
  readonly steer?: readonly LeverName[] | undefined;
  /** Name of a prompt template. */
  readonly prompt?: string | undefined;
  /** Whether what the character witnessed is recalled, or a memory of the play that is open. Default: true. */
  readonly memory?: boolean | OpenedMemory | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** One opening: who is opened, of what, and where. */
interface Opening {
  readonly workspace: Workspace;
  readonly request: ActorRequest & CastRequest;
}

/**
 * Opens everything an actor needs, once all names that can be checked are known to be right. The parts are opened beside
 * one another: the play is parsed while the model loads. When one fails, the others have ended before this throws.
 *
 * @throws {DramatisError} What opening a play, a model, a memory, adapters and an actor throws; `signal.reason`.
 */
export async function openActor(
  workspace: Workspace,
  character: string,
  request: ActorRequest = {},
): Promise<OpenedActor> {
  const opening = { workspace, request: { ...request, character } };
  const isModelHere = await lookUp(opening);
  const readyMs = { play: 0, model: 0, memory: 0, actor: 0 };
  const done = (part: keyof typeof readyMs): void => {
    readyMs[part] = performance.now();
  };
  const parts = await openTogether(request.signal, (signal) => {
    const cast = openCast(workspace, opening.request, signal).finally(() => done('play'));
    // What must be fetched waits until the character and the place are known to be there.
    const ready = isModelHere ? Promise.resolve() : cast;
    const model = ready
      .then(() => openModel(workspace, request.model, signal))
      .finally(() => done('model'));
    const adapters = openAdaptersOf(opening, cast, model);
    // Making an index takes so long that what does not fit the model is refused before.
    const fits = async (): Promise<void> => {
      await adapters;
      requireRoom(opening, await cast, await model);
    };
    const memory = openMemoryOf(opening, cast, fits, signal).finally(() => done('memory'));
    return { cast, model, memory, adapters, room: fits() }; // where nothing is embedded, too
  });
  try {
    const opened = await openSpeaker(opening, parts);
    done('actor');
    const { cast, model, memory } = parts;
    return new OpenedActor({ ...opened, play: cast.play, model, memory, readyMs });
  } catch (error) {
    parts.memory?.[Symbol.dispose]();
    parts.model[Symbol.dispose]();
    throw error;
  }
}

/**
 * Refuses what can be refused without opening anything.
 *
 * @returns Whether the model is here, and need not be fetched.
 */
async function lookUp({ workspace, request }: Opening): Promise<boolean> {
  const { prompt, model, adapter, memory = true, signal } = request;
  const hub = hubOptions(workspace, signal);
  promptTemplate(prompt);
  await lookUpCast(workspace, request);
  const here = await lookUpModel(model, hub);
  if (memory === true) await lookUpModel(embeddingModel, hub);
  await lookUpAdapters(openRegistry(workspace), adapter);
  return here !== undefined;
}

async function openMemoryOf(
  { workspace, request: { memory = true } }: Opening,
  casting: Promise<OpenedCast>,
  before: () => Promise<void>,
  signal: AbortSignal,
): Promise<OpenedMemory | undefined> {
  if (memory === false) return undefined;
  // Whoever opened it disposes of it.
  if (memory !== true) return { memory: memory.memory, [Symbol.dispose]: () => {} };
  const { play } = await casting;
  signal.throwIfAborted();
  return openMemory(workspace, play, signal, before);
}

/** @throws {DramatisError} WINDOW_EXCEEDED if the window that was asked for has no room for the persona. */
function requireRoom(
  { request }: Opening,
  { play, character, at }: OpenedCast,
  opened: OpenedModel,
): void {
  if (request.context === undefined) return;
  const persona = personaOf(play.play, character, promptTemplate(request.prompt));
  const scene = { form: formOf(request, opened), persona, at, turns: [], speaker: persona.name };
  scenePrompt(opened.model, scene, request.context);
}

async function openAdaptersOf(
  { workspace, request }: Opening,
  casting: Promise<OpenedCast>,
  modelling: Promise<OpenedModel>,
): Promise<AdapterSource> {
  const [{ play, character }, opened] = await Promise.all([casting, modelling]);
  const { adapter, adapterScale = 1, prompt } = request;
  return openAdapterSource(
    openRegistry(workspace),
    { adapter, adapterScale },
    {
      model: opened.model,
      base: () => opened.sha256(),
      form: formOf(request, opened),
      templateVersion: promptTemplate(prompt).version,
      play: play.id,
      character: character.name,
    },
  );
}

const formOf = ({ form }: ActorRequest, { model }: OpenedModel): Form => form ?? formFor(model);

interface Parts {
  readonly cast: OpenedCast;
  readonly model: OpenedModel;
  readonly memory: OpenedMemory | undefined;
  readonly adapters: AdapterSource;
}

async function openSpeaker(
  { workspace: { folders, report }, request }: Opening,
  { cast: { play, character, at }, model: opened, memory, adapters }: Parts,
): Promise<{ actor: Actor; levers: SteeringLevers }> {
  const { model } = opened;
  const shown = once(() =>
    play.play.acts.length === 0 ? play.play : trainPlay(play.play, splitOf(play.id, play.play)),
  );
  const name = displayName(character.name);
  const levers = await SteeringLevers.open({
    model,
    character,
    shown,
    on: request.steer ?? parseLeverNames('on'),
    ...strengthsOf(request),
    making: {
      folder: join(folders.cache, 'control'),
      signal: request.signal,
      onProgress: (fraction) => report({ kind: 'control', character: name, fraction }),
    },
  });
  const actor = await Actor.open({
    play: play.play,
    shown,
    character,
    model,
    at,
    memory: memory?.memory,
    adapterSource: adapters,
    form: formOf(request, opened),
    steering: levers,
    template: promptTemplate(request.prompt),
    cache: request.cache,
    window: request.context ?? (request.isSingle ? undefined : windowFor(model)),
    stateFolder: join(folders.cache, 'prefixes'),
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
