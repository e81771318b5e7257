import { cpus } from 'node:os';
import { withOwnDev } from '../../corpus/splits/own-dev.ts';
import { crossFit } from '../../corpus/splits/split.ts';
import { splitHash } from '../../corpus/splits/split-hash.ts';
import { compute } from '../../engine/compute.ts';
import { usableCores } from '../../engine/cores.ts';
import { DramatisError } from '../../errors.ts';
import type { RunHead } from '../../eval/run/assemble.ts';
import type { EvalPart } from '../../eval/run/evaluate.ts';
import { routineItems, type Split, splits } from '../../eval/run/run-size.ts';
import { type Component, type Components, componentsWhere, steeredBy } from '../../eval/subject.ts';
import type { Task } from '../../eval/task.ts';
import { tasksNamed } from '../../eval/tasks/all.ts';
import { knowOf } from '../../eval/tasks/know.ts';
import { readQuestions } from '../../eval/tasks/know-questions.ts';
import { defaultTemplateName } from '../../prompt/prompt-template.ts';
import type { LeverName } from '../../steer/lever-descriptions.ts';
import { readFileBytes } from '../../store/read-file-bytes.ts';
import { type OpenedSource, openSource, type SourceRequest } from '../open-source.ts';
import { type LoadedSubject, openLoadedSubject, type SubjectRequest } from '../open-subject.ts';
import { commit, version } from '../program.ts';
import type { Workspace } from '../workspace.ts';

/** What a subject is made of, each part with a default. */
export type SubjectOptions = {
  readonly [Name in keyof Omit<SubjectRequest, 'levers' | 'whom' | 'steersScores' | 'signal'>]?:
    | SubjectRequest[Name]
    | undefined;
};

export interface BenchmarkOptions extends SourceRequest, SubjectOptions {
  /** Names of tasks; all unless given. */
  readonly tasks?: readonly string[] | undefined;
  /** File of questions for the task "know", in place of ours: data/questions/README.md describes it. */
  readonly questions?: string | undefined;
  /** Which scenes are asked about; the holdout unless given, and all with questions of one's own. */
  readonly split?: Split | undefined;
  /** Holds each scene out once, 5 times in all, in place of a split. */
  readonly folds?: number | undefined;
  /** Items of each task, at most; a routine run unless given, null for all, as with questions of one's own. */
  readonly limit?: number | null | undefined;
  /** Whether the model is told whom it speaks as; true unless given. */
  readonly persona?: boolean | undefined;
  /**
   * Whether it recalls what the character witnessed in the train scenes, or in the whole play where a task asks for that;
   * only for such tasks unless given.
   */
  readonly memory?: boolean | undefined;
  /** Levers that bend what is generated; none unless given. */
  readonly steer?: readonly LeverName[] | undefined;
  /** Whether they bend what is scored too. */
  readonly steerScores?: boolean | undefined;
  /** Parts to take away and put on one by one. */
  readonly ablate?: readonly Component[] | undefined;
  /** With `ablate`: only put on one by one. */
  readonly alone?: boolean | undefined;
  /** Whether the anchors are asked that test the measure and not the subject; true unless given. */
  readonly anchors?: boolean | undefined;
  /** File for the results, with FILE.rows.jsonl and FILE.run.json beside it. */
  readonly out?: string | undefined;
  /** Begins anew where a run that was cut would be gone on with. */
  readonly fresh?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A run with its subject, which is disposed of with it. */
export interface BenchmarkRun extends Disposable {
  readonly tasks: readonly Task[];
  readonly parts: readonly EvalPart[];
  readonly head: RunHead;
  readonly limit: number | undefined;
  readonly isEngine: boolean;
}

/**
 * Opens the play and the subject of a run.
 *
 * @throws {DramatisError} USAGE for what does not go together; what opening the parts throws.
 */
export async function openBenchmarkRun(
  workspace: Workspace,
  given: BenchmarkOptions,
  signal: AbortSignal,
): Promise<BenchmarkRun> {
  const asked = await askedBy(given);
  const { tasks, options } = asked;
  const levers = leversOf(options, tasks);
  requireSense(options, levers);
  const opened = await openSource(workspace, options, signal);
  asked.requireFor(opened);
  const source = options.split === 'dev' ? ownDev(workspace, opened) : opened;
  const { ablate, steerScores = false } = options;
  const isAblated = (lever: Component): boolean => ablate?.includes(lever) ?? false;
  const steersScores = steerScores || steeredBy(componentsWhere(isAblated)).length > 0;
  const whom = { play: source.id, character: source.character?.name ?? null };
  const subject = await openLoadedSubject(workspace, {
    ...options,
    adapterScale: options.adapterScale ?? 1,
    levers,
    whom,
    steersScores,
    recallsTrain: !tasks.every(({ isOfMemory }) => isOfMemory),
    signal,
  });
  try {
    const limit = options.limit === null ? undefined : (options.limit ?? routineItems);
    const parts = await partsOf(options, source, subject);
    return {
      tasks,
      parts,
      limit,
      isEngine: options.endpoint === undefined,
      head: headOf(workspace, { ...options, limit }, { source, subject }),
      [Symbol.dispose]: () => subject[Symbol.dispose](),
    };
  } catch (error) {
    subject[Symbol.dispose]();
    throw error;
  }
}

/** What is asked in a run, and its options with the defaults that go with questions of one's own. */
interface AskedRun {
  readonly tasks: readonly Task[];
  readonly options: BenchmarkOptions;
  /** @throws {DramatisError} USAGE if the questions are about another play. */
  requireFor(source: OpenedSource): void;
}

/** @throws {DramatisError} USAGE; FILE_MISSING, QUESTIONS_REFUSED for a file of questions. */
async function askedBy(given: BenchmarkOptions): Promise<AskedRun> {
  const { questions: path } = given;
  const { tasks: named = [] } = given;
  if (path === undefined) return { tasks: tasksNamed(named), options: given, requireFor: () => {} };
  if (named.some((name) => name !== 'know'))
    throw new DramatisError('USAGE', '--questions is for the task know, and for no other');
  const file = readQuestions(new TextDecoder().decode(await readFileBytes(path)), path);
  const { folds, split = folds === undefined ? 'all' : undefined, limit = null } = given;
  const { play, character } = given;
  const isAnyPlay = play === undefined && character === undefined;
  return {
    tasks: [knowOf(() => ({ file, name: path }))],
    options: { ...given, split, limit, play: isAnyPlay ? file.play : play },
    requireFor({ id, play: { title } }) {
      if (id === file.play || title.toLowerCase().includes(file.play)) return;
      throw new DramatisError('USAGE', `${path} has questions about "${file.play}", not "${id}"`);
    },
  };
}

/** With the slice of train for a character who says nothing in the dev scenes, and a word about it. */
function ownDev(workspace: Workspace, opened: OpenedSource): OpenedSource {
  const { source, scenes } = withOwnDev(opened);
  if (scenes) {
    const name = source.character?.name ?? '';
    const list = scenes.join(', ');
    const text = `${name} says nothing in the dev scenes: ${list} of train stand for them, which training leaves out for ${name}, and --everyone does not.`;
    workspace.report({ kind: 'warning', text });
  }
  return source;
}

function requireSense(
  { adapter, folds, ablate, prompt }: BenchmarkOptions,
  levers: Components,
): void {
  if (adapter?.includes('{fold}') && folds === undefined)
    throw new DramatisError('USAGE', '--adapter has {fold} in it, but --folds was not given');
  if (ablate?.includes('adapter') && !levers.adapter)
    throw new DramatisError('USAGE', '--ablate has adapter, but no --adapter was given');
  if (ablate?.includes('prompt') && (prompt ?? defaultTemplateName) === defaultTemplateName)
    throw new DramatisError(
      'USAGE',
      `--ablate has prompt, but --prompt is the ${defaultTemplateName} one already`,
    );
}

/** What is on in a run: what was asked for, and what is to be taken away, which must be there. */
export function leversOf(
  {
    persona = true,
    memory: wanted,
    steer = [],
    prompt = defaultTemplateName,
    adapter,
    ablate = [],
  }: BenchmarkOptions,
  tasks: readonly Task[],
): Components {
  const memory = wanted ?? tasks.every(({ isOfMemory }) => isOfMemory);
  const given: readonly Component[] = [
    ...(persona ? (['persona'] as const) : []),
    ...(memory ? (['memory'] as const) : []),
    ...(prompt === defaultTemplateName ? [] : (['prompt'] as const)),
    ...steer,
  ];
  // What is to be taken away must be there.
  return componentsWhere((lever) =>
    lever === 'adapter' ? adapter !== undefined : given.includes(lever) || ablate.includes(lever),
  );
}

/** One part, or one for each fold; subjects share a session and are asked in turn. */
async function partsOf(
  { split = splits[0], folds }: BenchmarkOptions,
  source: OpenedSource,
  subject: LoadedSubject,
): Promise<readonly EvalPart[]> {
  if (folds === undefined) return [{ source, split, subject: await subject.forPart(source, null) }];
  const parts: EvalPart[] = [];
  for (let fold = 0; fold < folds; fold++) {
    const own = { ...source, split: crossFit(source.split, fold) };
    parts.push({ source: own, split: 'holdout', subject: await subject.forPart(own, fold) });
  }
  return parts;
}

/** What is known of a run before it: see `RunHead`. */
export function headOf(
  { compute: { threads } }: Workspace,
  options: Pick<BenchmarkOptions, 'endpoint' | 'folds' | 'limit' | 'split'>,
  { source, subject }: { readonly source: OpenedSource; readonly subject: LoadedSubject },
): RunHead {
  const { folds, split = splits[0], limit } = options;
  const addon = options.endpoint === undefined ? compute() : undefined;
  const backends = addon?.devices().map(({ backend }) => backend);
  return {
    format: 'dramatis-bench',
    formatVersion: 1,
    play: { id: source.id, title: source.play.title, sha256: source.sha256 },
    character: source.character?.name ?? null,
    split: folds === undefined ? split : 'cross-fit',
    splitSha256: splitHash(source.play, source.split),
    folds: folds ?? null,
    limit: limit ?? null,
    subject: subject.description,
    machine: {
      cpu: cpus()[0]?.model ?? process.arch,
      cores: usableCores().count,
      threads: String(threads ?? 'auto'),
      backends: backends?.join(',') ?? 'endpoint',
    },
    versions: { dramatis: version(), commit: commit(), node: process.version },
    seed: 0,
  };
}
