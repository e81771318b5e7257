import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Source } from '../corpus/source.ts';
import { trainPlay } from '../corpus/without-scenes.ts';
import { type Adapter, contentHash } from '../engine/adapter.ts';
import type { ComputeOptions } from '../engine/compute.ts';
import { Model } from '../engine/model.ts';
import { DramatisError } from '../errors.ts';
import { EndpointSubject } from '../eval/endpoint/endpoint-subject.ts';
import { EngineSubject, openScoringSession } from '../eval/engine-subject.ts';
import type { SubjectDescription } from '../eval/results.ts';
import type { Levers, Subject } from '../eval/subject.ts';
import { defaultModel } from '../hub/catalogue.ts';
import type { HubOptions } from '../hub/events.ts';
import { resolveModel } from '../hub/models.ts';
import type { OpenedPlay } from '../hub/plays.ts';
import { formFor, templateOf } from '../prompt/form.ts';
import { type Form, templateVersion } from '../prompt/prompt.ts';
import { openTrainMemory } from './open-train-memory.ts';

export interface SubjectRequest extends ComputeOptions {
  readonly model: string;
  /** With {fold} in it, a file for each fold. */
  readonly adapter?: string | undefined;
  readonly adapterScale: number;
  readonly form?: Form | undefined;
  readonly endpoint?: string | undefined;
  readonly levers: Levers;
  readonly signal: AbortSignal;
}

/** A model that can sit for several parts of a play, one after another. */
export interface Examinee extends Disposable {
  readonly description: SubjectDescription;
  /** The subject for one part: it is shown the train scenes of this source and no others. */
  sit(source: Source & { readonly opened: OpenedPlay }, fold: number | null): Promise<Subject>;
}

/** @throws {DramatisError} What opening a model, an adapter or an endpoint throws. */
export function openExaminee(request: SubjectRequest, hub: HubOptions): Promise<Examinee> {
  return request.endpoint === undefined ? openModel(request, hub) : openEndpoint(request, hub);
}

async function openModel(request: SubjectRequest, hub: HubOptions): Promise<Examinee> {
  const { levers, signal, threads, gpu } = request;
  const compute = { ...(threads && { threads }), ...(gpu !== undefined && { gpu }) };
  const { path } = await resolveModel(request.model, hub);
  const model = await Model.open(path, { ...compute, signal });
  const form = request.form ?? formFor(model);
  if (form === 'chat' && !templateOf(model)) {
    throw new DramatisError('USAGE', `${request.model} has no chat template that is known`, {
      remedy: 'Leave --form out, or give --form script.',
    });
  }
  const session = await openScoringSession(model);
  const folds = await adaptersOf(request, model);
  return {
    description: {
      model: request.model,
      modelFile: basename(path),
      modelSha256: await contentHash(path),
      modelBytes: statSync(path).size,
      parameters: model.info.parameters,
      adapter: folds.described,
      persona: levers.persona,
      memory: levers.memory,
      steering: levers.steering,
      form,
      templateVersion,
    },
    async sit(source, fold) {
      const shown = trainPlay(source.play, source.split);
      const adapter = await folds.of(fold);
      return new EngineSubject({
        model,
        session,
        shown,
        form,
        levers,
        adapter: adapter && { adapter, scale: request.adapterScale },
        memory: levers.memory
          ? await openTrainMemory(source, hub, { ...compute, signal })
          : undefined,
      });
    },
    [Symbol.dispose]() {
      session[Symbol.dispose]();
      model[Symbol.dispose]();
    },
  };
}

async function openEndpoint(request: SubjectRequest, hub: HubOptions): Promise<Examinee> {
  const { endpoint = '', levers, signal, adapter } = request;
  if (adapter !== undefined)
    throw new DramatisError('USAGE', '--adapter and --endpoint do not go together', {
      remedy: 'Let the server load the adapter.',
    });
  const subject = await EndpointSubject.open({
    url: endpoint,
    // The default is our own catalogue's: a server with one model is not asked for it.
    model: request.model === defaultModel ? undefined : request.model,
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
      steering: false,
      form: 'script',
      templateVersion,
    },
    async sit(source) {
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

/** The adapter of each fold, opened when it is needed; the one before is disposed of. */
async function adaptersOf({ adapter: pattern, adapterScale: scale }: SubjectRequest, model: Model) {
  if (pattern === undefined) return { described: null, of: async () => undefined };
  const isPattern = pattern.includes('{fold}');
  const files = isPattern
    ? Array.from({ length: 5 }, (_, fold) => pattern.replaceAll('{fold}', String(fold)))
    : [pattern];
  const opened: Adapter[] = [];
  for (const file of files) opened.push(await model.adapter(file));
  const hashes = opened.map(({ hash }) => hash);
  const sha256 = isPattern
    ? createHash('sha256').update(hashes.join('\n')).digest('hex')
    : hashes[0]!;
  return {
    described: { file: basename(pattern), sha256, scale },
    of: async (fold: number | null) => opened[isPattern ? (fold ?? 0) : 0],
  };
}
