import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Source } from '../corpus/source.ts';
import { trainPlay } from '../corpus/splits/without-scenes.ts';
import { contentHash } from '../engine/adapter.ts';
import type { ComputeOptions } from '../engine/compute.ts';
import { Model } from '../engine/model.ts';
import type { Session } from '../engine/session/session.ts';
import { DramatisError } from '../errors.ts';
import type { SubjectDescription } from '../eval/results.ts';
import type { Levers, Subject } from '../eval/subject.ts';
import { steeredBy } from '../eval/subject.ts';
import { EndpointSubject } from '../eval/subjects/endpoint/endpoint-subject.ts';
import { EngineSubject, openScoringSession } from '../eval/subjects/engine-subject.ts';
import type { HubOptions } from '../hub/events.ts';
import { resolveModel } from '../hub/models.ts';
import type { OpenedPlay } from '../hub/plays.ts';
import { formFor, templateOf } from '../prompt/form.ts';
import { type Form, templateVersion } from '../prompt/prompt.ts';
import { promptTemplate } from '../prompt/prompt-template.ts';
import { type Strengths, strengthsOf } from '../steer/lever-names.ts';
import { folders } from '../store/folders.ts';
import {
  type AdapterRequest,
  type AdapterTarget,
  combined,
  type OpenedAdapters,
  openAdapters,
} from './open-adapters.ts';
import { openTrainMemory } from './open-train-memory.ts';

/** As for an actor, but nothing is worn by default; with {fold} in it, --adapter names the files of each fold. */
export interface SubjectRequest extends ComputeOptions, AdapterRequest, Strengths {
  readonly model?: string | undefined;
  /** Whose version "promoted" is: id of the play, and a cast name or null for everybody. */
  readonly whom: Pick<AdapterTarget, 'play' | 'character'>;
  readonly form?: Form | undefined;
  readonly endpoint?: string | undefined;
  readonly levers: Levers;
  /** Name of a prompt template. */
  readonly prompt?: string | undefined;
  /** Whether what steers bends scores too. */
  readonly steersScores?: boolean | undefined;
  readonly signal: AbortSignal;
}

/** A model that can sit for several parts of a play, one after another. */
export interface LoadedSubject extends Disposable {
  readonly description: SubjectDescription;
  /** The subject for one part: it is shown the train scenes of this source and no others. */
  forPart(source: Source & { readonly opened: OpenedPlay }, fold: number | null): Promise<Subject>;
}

/** @throws {DramatisError} What opening a model, an adapter or an endpoint throws. */
export function openLoadedSubject(
  request: SubjectRequest,
  hub: HubOptions,
): Promise<LoadedSubject> {
  return request.endpoint === undefined ? openModel(request, hub) : openEndpoint(request, hub);
}

async function openModel(request: SubjectRequest, hub: HubOptions): Promise<LoadedSubject> {
  const { levers, signal, threads, gpu } = request;
  const compute = { ...(threads && { threads }), ...(gpu !== undefined && { gpu }) };
  const { path, name } = await resolveModel(request.model, hub);
  const model = await Model.open(path, { ...compute, signal });
  const form = request.form ?? formFor(model);
  if (form === 'chat' && !templateOf(model)) {
    throw new DramatisError('USAGE', `${name} has no chat template that is known`, {
      remedy: 'Leave --form out, or give --form script.',
    });
  }
  const session = await openScoringSession(model);
  const template = levers.prompt ? promptTemplate(request.prompt) : undefined;
  let base: Promise<Session> | undefined;
  let opened: Session | undefined;
  const baseSession = (): Promise<Session> => {
    base ??= openScoringSession(model).then((one) => {
      opened = one;
      return one;
    });
    return base;
  };
  const modelSha256 = await contentHash(path);
  const sha256 = async (): Promise<string> => modelSha256;
  const folds = await adaptersOf(request, {
    ...{ ...request.whom, model, base: sha256, form, templateVersion: template?.version },
  });
  return {
    description: {
      model: name,
      modelFile: basename(path),
      modelSha256,
      modelBytes: statSync(path).size,
      parameters: model.info.parameters,
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
        ...{ ...strengthsOf(request), steersScores: request.steersScores },
        making: { folder: join(folders().cache, 'control'), signal },
        memory: levers.memory
          ? await openTrainMemory(source, hub, { ...compute, signal })
          : undefined,
      });
    },
    [Symbol.dispose]() {
      session[Symbol.dispose]();
      opened?.[Symbol.dispose]();
      model[Symbol.dispose]();
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

async function openEndpoint(request: SubjectRequest, hub: HubOptions): Promise<LoadedSubject> {
  const { endpoint = '', levers, signal, adapter } = request;
  if (adapter !== undefined)
    throw new DramatisError('USAGE', '--adapter and --endpoint do not go together', {
      remedy: 'Let the server load the adapter.',
    });
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
      const memory = levers.memory ? await openTrainMemory(source, hub, { signal }) : undefined;
      return subject.withSource({ shown: trainPlay(source.play, source.split), memory });
    },
    [Symbol.dispose]() {},
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
async function adaptersOf(request: SubjectRequest, target: AdapterTarget) {
  const { adapter: pattern, adapterScale: scale } = request;
  if (!pattern?.includes('{fold}')) {
    const { adapters, description } = await openAdapters(request, target);
    return { described: description, of: () => adapters };
  }
  const folds: OpenedAdapters[] = [];
  for (let fold = 0; fold < 5; fold++) {
    const adapter = pattern.replaceAll('{fold}', String(fold));
    folds.push(await openAdapters({ ...request, adapter }, target));
  }
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
