import { basename, join } from 'node:path';
import type { Source } from '../corpus/source.ts';
import { trainPlay } from '../corpus/splits/without-scenes.ts';
import type { Session } from '../engine/session/session.ts';
import { DramatisError } from '../errors.ts';
import type { SubjectDescription } from '../eval/results.ts';
import type { Components, Subject } from '../eval/subject.ts';
import { steeredBy } from '../eval/subject.ts';
import { EndpointSubject } from '../eval/subjects/endpoint/endpoint-subject.ts';
import {
  EngineSubject,
  type EngineSubjectOptions,
  openScoringSession,
} from '../eval/subjects/engine-subject.ts';
import type { RememberedPlay } from '../eval/subjects/recollection-of.ts';
import { lookUpModel } from '../hub/models.ts';
import type { Memory } from '../memory/memory.ts';
import { formFor, templateOf } from '../prompt/form.ts';
import { type Form, templateVersion } from '../prompt/prompt.ts';
import { promptTemplate } from '../prompt/prompt-template.ts';
import { type Strengths, strengthsOf } from '../steer/lever-names.ts';
import {
  type AdapterRequest,
  type AdapterTarget,
  combined,
  foldFiles,
  lookUpAdapters,
  type OpenedAdapters,
  openAdapters,
} from './open-adapters.ts';
import { type OpenedMemory, openMemory } from './open-memory.ts';
import { type OpenedModel, openModel } from './open-model.ts';
import { openRegistry } from './open-registry.ts';
import type { OpenedSource } from './open-source.ts';
import { openTrainMemory } from './open-train-memory.ts';
import { hubOptions, type Workspace } from './workspace.ts';

/** What a subject is made of. No adapter is active by default; with {fold} in it, `adapter` names the files of each fold. */
export interface SubjectRequest extends AdapterRequest, Strengths {
  readonly model?: string | undefined;
  /** Whose version "promoted" is: id of the play, and a cast name or null for everybody. */
  readonly whom: Pick<AdapterTarget, 'play' | 'character'>;
  readonly form?: Form | undefined;
  readonly endpoint?: string | undefined;
  readonly levers: Components;
  /** Name of a prompt template. */
  readonly prompt?: string | undefined;
  /** Whether what steers bends scores too. */
  readonly steersScores?: boolean | undefined;
  /** Whether anything is asked that may recall the train scenes alone; true unless given. */
  readonly recallsTrain?: boolean | undefined;
  readonly signal: AbortSignal;
}

/** A model that can be asked about several parts of a play, one after another. */
export interface LoadedSubject extends Disposable {
  readonly description: SubjectDescription;
  /** The subject for one part: it is shown the train scenes of this source and no others. */
  forPart(source: OpenedSource, fold: number | null): Promise<Subject>;
}

/**
 * Refuses, before anything heavy is opened, what is known to be wrong with a subject's names and files.
 *
 * @throws {DramatisError} USAGE; what `lookUpModel`, `lookUpAdapters` and `promptTemplate` throw.
 */
async function lookUpSubject(
  workspace: Workspace,
  { model, endpoint, adapter, prompt, signal }: SubjectRequest,
): Promise<void> {
  if (endpoint !== undefined && adapter !== undefined)
    throw new DramatisError('USAGE', '--adapter and --endpoint do not go together', {
      remedy: 'Let the server load the adapter.',
    });
  promptTemplate(prompt);
  await lookUpAdapters(openRegistry(workspace), adapter);
  if (endpoint === undefined) await lookUpModel(model, hubOptions(workspace, signal));
}

/** @throws {DramatisError} What `lookUpSubject` and opening a model, an adapter or an endpoint throw. */
export async function openLoadedSubject(
  workspace: Workspace,
  request: SubjectRequest,
): Promise<LoadedSubject> {
  await lookUpSubject(workspace, request);
  return request.endpoint === undefined
    ? openEngineSubject(workspace, request)
    : openEndpoint(workspace, request);
}

async function openEngineSubject(
  workspace: Workspace,
  request: SubjectRequest,
): Promise<LoadedSubject> {
  const { levers, signal } = request;
  const opened = await openModel(workspace, request.model, signal);
  /** What must be disposed of, the last one first. */
  const held: Disposable[] = [opened];
  const dispose = (): void => {
    for (const one of held.splice(0).reverse()) one[Symbol.dispose]();
  };
  try {
    const { model } = opened;
    const form = formOf(request, opened);
    const openSession = async (): Promise<Session> => {
      const session = await openScoringSession(model);
      held.push(session);
      return session;
    };
    const session = await openSession();
    const template = levers.prompt ? promptTemplate(request.prompt) : undefined;
    let base: Promise<Session> | undefined;
    const baseSession = (): Promise<Session> => {
      base ??= openSession();
      return base;
    };
    const modelSha256 = await opened.sha256();
    const target = { ...request.whom, model, base: async () => modelSha256, form };
    const folds = await adaptersOf(workspace, request, {
      ...target,
      templateVersion: template?.version,
    });
    return {
      description: {
        ...fileDescription(opened, modelSha256),
        adapter: folds.described,
        persona: levers.persona,
        memory: levers.memory,
        form,
        templateVersion: template?.version ?? templateVersion,
        ...steeredDescription(request),
      },
      async forPart(source, fold) {
        const shown = trainPlay(source.play, source.split);
        return new EngineSubject({
          model,
          session,
          shown,
          form,
          levers,
          adapters: folds.of(fold),
          template,
          baseSession,
          ...strengthsOf(request),
          steersScores: request.steersScores,
          making: { folder: join(workspace.folders.cache, 'control'), signal },
          ...(await memoriesOf(workspace, source, request, held)),
        });
      },
      [Symbol.dispose]: dispose,
    };
  } catch (error) {
    dispose();
    throw error;
  }
}

/** @throws {DramatisError} USAGE for a chat with a model whose template is not known. */
function formOf(request: SubjectRequest, { model, name }: OpenedModel): Form {
  const form = request.form ?? formFor(model);
  if (form === 'script' || templateOf(model)) return form;
  throw new DramatisError('USAGE', `${name} has no chat template that is known`, {
    remedy: 'Leave --form out, or give --form script.',
  });
}

function fileDescription({ model, name, path }: OpenedModel, modelSha256: string) {
  return {
    model: name,
    modelFile: basename(path),
    modelSha256,
    modelBytes: model.header.fileBytes,
    parameters: model.info.parameters,
  };
}

/** The memory of the train scenes, and what opens that of the whole play: none while memory is off. */
async function memoriesOf(
  workspace: Workspace,
  source: OpenedSource,
  { levers, recallsTrain = true, signal }: SubjectRequest,
  held: Disposable[],
): Promise<Pick<EngineSubjectOptions, 'memory' | 'remembered'>> {
  if (!levers.memory) return {};
  const keep = (opened: OpenedMemory): Memory => {
    held.push(opened);
    return opened.memory;
  };
  const { play } = source;
  let whole: Promise<RememberedPlay> | undefined;
  return {
    memory: recallsTrain ? keep(await openTrainMemory(workspace, source, signal)) : undefined,
    remembered: () => {
      whole ??= openMemory(workspace, source, signal).then((opened) => ({
        play,
        memory: keep(opened),
      }));
      return whole;
    },
  };
}

/** What results of a run with other levers than today's carry: none of it is there without them. */
function steeredDescription({
  levers,
  prompt,
  strength = 1,
  alpha,
  controlGain,
  steersScores,
}: SubjectRequest) {
  const names = steeredBy(levers);
  return {
    ...(levers.prompt && prompt !== undefined && { prompt }),
    ...(names.length > 0 && { steeredBy: names }),
    ...(strength !== 1 && { strength }),
    ...(alpha !== undefined && { alpha }),
    ...(controlGain !== undefined && { controlGain }),
    ...(steersScores && { steersScores }),
  };
}

async function openEndpoint(workspace: Workspace, request: SubjectRequest): Promise<LoadedSubject> {
  const { endpoint = '', levers, signal } = request;
  const held: Disposable[] = [];
  const subject = await EndpointSubject.open({
    url: endpoint,
    model: request.model,
    source: { shown: emptyPlay },
    levers,
    signal,
  });
  const { model, endpoint: asked } = subject.served;
  return {
    description: {
      model: model.name,
      modelFile: asked.url,
      modelSha256: '',
      modelBytes: model.bytes,
      parameters: model.parameters,
      adapter: null,
      persona: levers.persona,
      memory: levers.memory,
      form: 'script',
      templateVersion,
    },
    async forPart(source) {
      const shown = trainPlay(source.play, source.split);
      return subject.withSource({
        shown,
        ...(await memoriesOf(workspace, source, request, held)),
      });
    },
    [Symbol.dispose]() {
      for (const one of held.splice(0)) one[Symbol.dispose]();
    },
  };
}

const emptyPlay: Source['play'] = {
  title: '',
  format: 'markdown',
  acts: [],
  cast: [],
  warnings: [],
};

/** The adapters of each fold, and all of them together as results describe them. */
async function adaptersOf(workspace: Workspace, request: SubjectRequest, target: AdapterTarget) {
  const registry = openRegistry(workspace);
  const open = async (asked: AdapterRequest): Promise<OpenedAdapters> => {
    const opened = await openAdapters(registry, asked, target);
    if (opened.remark !== undefined) workspace.report({ kind: 'warning', text: opened.remark });
    return opened;
  };
  const { adapter: pattern, adapterScale: scale } = request;
  if (!pattern?.includes('{fold}')) {
    const { adapters, description } = await open(request);
    return { described: description, of: () => adapters };
  }
  const folds: OpenedAdapters[] = [];
  for (const adapter of foldFiles(pattern)) folds.push(await open({ ...request, adapter }));
  const file = pattern
    .split(',')
    .map((one) => basename(one))
    .join();
  const sha256 = combined(folds.map(({ description }) => description?.sha256 ?? ''));
  return {
    described: { file, sha256, scale },
    of: (fold: number | null) => folds[fold ?? 0]!.adapters,
  };
}
