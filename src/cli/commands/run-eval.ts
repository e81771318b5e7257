import { createHash } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { crossFit } from '../../corpus/splits/split.ts';
import { splitHash } from '../../corpus/splits/split-hash.ts';
import { compute } from '../../engine/compute.ts';
import { usableCores } from '../../engine/cores.ts';
import type { RunRecord } from '../../eval/results.ts';
import { writeResults } from '../../eval/results-file.ts';
import { AnswerStore, type UnitRecord } from '../../eval/run/ask.ts';
import { assemble, exposureMetrics, type RunHead } from '../../eval/run/assemble.ts';
import type { Split } from '../../eval/run/run-size.ts';
import { type EvalEvent, type EvalPart, evaluate, type Measured } from '../../eval/run/evaluate.ts';
import {
  addUsage,
  type Component,
  type Levers,
  leversWhere,
  noLevers,
  noUsage,
  ratesOf,
  type Subject,
  steeredBy,
} from '../../eval/subject.ts';
import type { Task } from '../../eval/task.ts';
import { allTasks, tasksNamed } from '../../eval/tasks/all.ts';
import { defaultTemplateName } from '../../prompt/prompt-template.ts';
import { benchText } from '../../report/bench/text.ts';
import type { LeverName } from '../../steer/lever-names.ts';
import { folders } from '../../store/folders.ts';
import { Journal } from '../../store/journal.ts';
import type { OpenedSource, SourceRequest } from '../../workspace/open-source.ts';
import type { LoadedSubject, SubjectRequest } from '../../workspace/open-subject.ts';
import { commit } from '../commit.ts';
import { UsageError } from '../failure.ts';
import { openDramatis, type WorkspaceOptions } from '../open-dramatis.ts';
import { duration, EvalProgress } from '../terminal/eval-progress.ts';
import { faultText } from '../terminal/fault-text.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';
import { version } from '../version.ts';
import { runAblation } from './run-ablation.ts';
import { runTranscript } from './run-transcript.ts';

export interface EvalRequest
  extends SourceRequest,
    WorkspaceOptions,
    Omit<SubjectRequest, 'levers' | 'whom' | 'steersScores'> {
  readonly tasks: readonly string[];
  readonly split: Split;
  readonly folds?: number | undefined;
  readonly limit?: number | undefined;
  readonly persona: boolean;
  readonly memory: boolean;
  readonly steer: readonly LeverName[];
  readonly prompt: string;
  readonly steerScores: boolean;
  readonly ablate?: readonly Component[] | undefined;
  readonly alone: boolean;
  readonly transcript?: string | undefined;
  readonly json?: string | undefined;
  readonly fresh: boolean;
}

/** `dramatis eval`: measures, prints a table, and writes the results where they are wanted. */
export async function runEval(request: EvalRequest): Promise<void> {
  const tasks = tasksNamed(request.tasks);
  if (request.transcript !== undefined) {
    return runTranscript({ ...request, transcript: request.transcript, tasks });
  }
  if (request.adapter?.includes('{fold}') && request.folds === undefined)
    throw new UsageError('--adapter has {fold} in it, but --folds was not given');
  using opening = new OpeningProgress();
  const dramatis = await openDramatis(request, opening.report);
  const source = await dramatis.source(request, request);
  const levers = leversOf(request);
  const whom = { play: source.id, character: source.character?.name ?? null };
  const isAblated = (lever: Component): boolean => request.ablate?.includes(lever) ?? false;
  const steersScores = request.steerScores || steeredBy(leversWhere(isAblated)).length > 0;
  using examinee = await dramatis.subject({ ...request, levers, whom, steersScores });
  if (request.ablate) {
    const sittings = await partsOf(request, source, examinee);
    // Awaited here: what `using` holds is disposed of when this function returns.
    const head = headOf(request, source, examinee);
    return await runAblation({ ...request, ablate: request.ablate, head, sittings, tasks });
  }
  await runOnce(request, { source, tasks, examinee });
}

function leversOf({ persona, memory, steer, prompt, adapter, ablate = [] }: EvalRequest): Levers {
  const given: readonly Component[] = [
    ...(persona ? (['persona'] as const) : []),
    ...(memory ? (['memory'] as const) : []),
    ...(prompt === defaultTemplateName ? [] : (['prompt'] as const)),
    ...steer,
  ];
  // What is to be taken away must be there.
  return leversWhere((lever) =>
    lever === 'adapter' ? adapter !== undefined : given.includes(lever) || ablate.includes(lever),
  );
}

interface Run {
  readonly source: OpenedSource;
  readonly tasks: readonly Task[];
  readonly examinee: LoadedSubject;
}

async function runOnce(request: EvalRequest, { source, tasks, examinee }: Run): Promise<void> {
  const started = new Date();
  const begun = performance.now();
  const head = headOf(request, source, examinee);
  const sittings = await partsOf(request, source, examinee);
  const journal = await openJournal(request, head, tasks);
  const measured: Measured[] = [];
  const probes: Measured[] = [];
  {
    using progress = new EvalProgress();
    const { limit, signal } = request;
    const { store } = journal;
    const keepIn = async (list: Measured[], events: AsyncIterable<EvalEvent>) => {
      for await (const event of events) {
        if (event.kind === 'measured') list.push(event.measured);
        else progress.report(event);
      }
    };
    await keepIn(measured, evaluate({ sittings, tasks, limit, store, signal }));
    // Scores are read beside what the bare model knew of the text before.
    const bare = sittings.map((one) => ({ ...one, subject: one.subject.withLevers(noLevers) }));
    const untold = allTasks.filter((one) => one.name in exposureMetrics && !tasks.includes(one));
    const options = { sittings: bare, tasks: untold, limit, store, signal };
    if (untold.length > 0) await keepIn(probes, evaluate(options));
  }
  const results = assemble(head, measured, probes);
  const record = recordOf(measured, started, (performance.now() - begun) / 1000);
  console.log(benchText(results));
  if (request.json !== undefined) {
    await writeResults(request.json, { results, record, measured });
    console.error(`wrote ${request.json}, with .rows.jsonl and .run.json beside it`);
  }
  await journal.end();
  console.error(`${duration(record.seconds)}, ${Math.round(record.peakMiB)} MiB at most`);
}

/** One sitting, or one for each fold; subjects share a session and are asked in turn. */
async function partsOf(
  { split, folds }: EvalRequest,
  source: OpenedSource,
  examinee: LoadedSubject,
): Promise<readonly (EvalPart & { readonly subject: Subject })[]> {
  if (folds === undefined)
    return [{ source, split, subject: await examinee.forPart(source, null) }];
  const sittings: EvalPart[] = [];
  for (let fold = 0; fold < folds; fold++) {
    const own = { ...source, split: crossFit(source.split, fold) };
    sittings.push({ source: own, split: 'holdout', subject: await examinee.forPart(own, fold) });
  }
  return sittings;
}

function headOf(request: EvalRequest, source: OpenedSource, examinee: LoadedSubject): RunHead {
  const addon = request.endpoint === undefined ? compute() : undefined;
  return {
    format: 'dramatis-bench',
    formatVersion: 1,
    play: { id: source.id, title: source.play.title, sha256: source.sha256 },
    character: source.character?.name ?? null,
    split: request.folds === undefined ? request.split : 'cross-fit',
    splitSha256: splitHash(source.play, source.split),
    folds: request.folds ?? null,
    limit: request.limit ?? null,
    subject: examinee.description,
    machine: {
      cpu: cpus()[0]?.model ?? process.arch,
      cores: usableCores().count,
      threads: String(request.threads ?? 'auto'),
      backends:
        addon
          ?.devices()
          .map(({ backend }) => backend)
          .join(',') ?? 'endpoint',
    },
    versions: { dramatis: version(), commit: commit(), node: process.version },
    seed: 0,
  };
}

/** Where a run keeps the answers it has: the same command finds them again if it is cut. */
async function openJournal(request: EvalRequest, head: RunHead, tasks: readonly Task[]) {
  const { versions, ...rest } = head;
  const asked = tasks.map(({ name, version }) => `${name} ${version}`);
  const key = createHash('sha256')
    .update(JSON.stringify([rest, versions.dramatis, versions.commit, asked]))
    .digest('hex')
    .slice(0, 16);
  const path = join(folders().runs, 'eval', `${key}.jsonl`);
  if (request.fresh) await setAside(path);
  const journal = new Journal<UnitRecord>(path);
  const { records, faults } = await journal.read();
  for (const fault of faults) console.error(faultText(path, fault));
  if (records.length > 0)
    console.error(
      `going on with a run that was cut: ${records.length} units are there (--fresh begins anew)`,
    );
  return { store: new AnswerStore(journal, records), end: () => setAside(path) };
}

async function setAside(path: string): Promise<void> {
  await rename(path, `${path}.done`).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error; // nothing was asked: nothing is kept
  });
}

function recordOf(measured: readonly Measured[], started: Date, seconds: number): RunRecord {
  return {
    started: started.toISOString(),
    seconds,
    tasks: Object.fromEntries(
      measured.map(({ task, seconds, usage }) => [
        task.name,
        { seconds, tokensPerSecond: ratesOf(usage).promptTokensPerSecond },
      ]),
    ),
    ...ratesOf(measured.map(({ usage }) => usage).reduce(addUsage, noUsage)),
    peakMiB: process.resourceUsage().maxRSS / 1024,
  };
}
