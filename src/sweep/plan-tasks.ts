import {
  type Resources,
  type SweepInput,
  type SweepPoint,
  type SweepTask,
  taskId,
} from './manifest.ts';
import { type OptionValues, optionWords as words } from './option-words.ts';
import { scenesOf, speedOf } from './plan-machine-tasks.ts';
import {
  type AskedTasks,
  askedOf,
  namesIn,
  pathIn,
  type StudyFile,
  type StudyResources,
} from './study.ts';

/** What a task of each kind is given where the study says nothing. */
const usualResources: Readonly<Record<SweepTask['kind'], Resources>> = {
  train: { cpus: 2, gpus: 0, memMiB: 4000, minutes: 240 },
  eval: { cpus: 2, gpus: 0, memMiB: 2000, minutes: 120 },
  scenes: { cpus: 2, gpus: 0, memMiB: 3000, minutes: 240 },
  speed: { cpus: 2, gpus: 0, memMiB: 3000, minutes: 60 },
};

/** A character of a study with the play it is in; undefined: the one play that has it. */
export interface StudyCharacter {
  readonly name: string;
  readonly play: string | undefined;
}

/** The characters of a study, each with its play. */
export function charactersOf(file: StudyFile): StudyCharacter[] {
  const { characters, play } = file.study;
  return characters.map((one) => {
    const { name, play: own } = typeof one === 'string' ? { name: one, play } : one;
    return { name, play: own === undefined ? undefined : pathIn(file, own) };
  });
}

/** The plays that a recipe learns from by rewards; none for one that learns otherwise. */
export function learnedPlays(
  file: StudyFile,
  { reinforce, plays = '' }: { readonly [Name in 'reinforce' | 'plays']?: unknown },
): string[] {
  if (reinforce === undefined) return [];
  return namesIn(String(plays)).map((play) => pathIn(file, play));
}

/** A task before it has a place and a name of its content. */
export type TaskDraft = Omit<SweepTask, 'index' | 'id'>;

/**
 * Every command of a study: the trainings, then the evaluations, then what is asked of each model by itself.
 *
 * A recipe that is null trains nothing: the model is evaluated as it is, once, whatever the seeds.
 *
 * @param inputs What was found under the names in the study.
 */
export function planTasks(
  file: StudyFile,
  inputs: readonly SweepInput[],
  program: string,
): SweepTask[] {
  const made: SweepTask[] = [];
  const add = (draft: TaskDraft): SweepTask => {
    const id = taskId(draft, inputs, program);
    // What characters share is trained once.
    const shared = isOfNobody(draft) && made.find((one) => one.id === id);
    if (shared) return shared;
    const task = { index: made.length, id, ...draft };
    made.push(task);
    return task;
  };
  const points = pointsOf(file);
  const trained = points.map((point) => ({
    point,
    trainings: trainingsOf(file, point).map(add),
  }));
  for (const { point, trainings } of trained)
    for (const levers of file.study.levers ?? ['off'])
      for (const asked of askedOf(file.study))
        if (isAsked(asked, point))
          for (const without of asked.without ?? [undefined])
            add(evaluationOf(file, { ...point, levers, asked, without }, trainings));
  for (const name of file.study.models) for (const draft of ofModel(file, name)) add(draft);
  return made;
}

const isOfNobody = ({ kind, point }: TaskDraft): boolean =>
  kind === 'train' && point.character === '';

/** Whether tasks are asked of a model, a character and a recipe. */
function isAsked({ models, characters, recipes }: AskedTasks, point: Point): boolean {
  const isNamed = (named: readonly string[] | undefined, one: string): boolean =>
    named === undefined || named.includes(one);
  return (
    isNamed(models, point.named) &&
    isNamed(characters, point.character.name) &&
    isNamed(recipes, point.recipe)
  );
}

function ofModel({ study, ...file }: StudyFile, name: string): TaskDraft[] {
  const model = pathIn({ study, ...file }, name);
  const asked = (kind: 'scenes' | 'speed') => {
    const resources = resourcesOf(kind, study.resources?.[kind]);
    return { named: name, model, resources, labelOf, machine: machine(resources) };
  };
  return [...scenesOf(study, asked('scenes')), ...speedOf(study, asked('speed'))];
}

interface Point {
  /** Name of the model in the study. */
  readonly named: string;
  readonly model: string;
  readonly character: StudyCharacter;
  readonly recipe: string;
  readonly options: OptionValues | null;
  readonly seed: number | null;
}

function pointsOf(file: StudyFile): Point[] {
  const { models, seeds = [0] } = file.study;
  return models.flatMap((name) =>
    charactersOf(file).flatMap((character) =>
      recipesFor(file, name).flatMap(([recipe, options]) =>
        (options === null ? [null] : seeds).map((seed) => ({
          named: name,
          model: pathIn(file, name),
          character,
          recipe,
          options,
          seed,
        })),
      ),
    ),
  );
}

/** The recipes that a model is asked with: of one that the study does not train, those that train nothing. */
function recipesFor(
  { study: { recipes, trained } }: StudyFile,
  model: string,
): [name: string, options: OptionValues | null][] {
  const isTrained = trained === undefined || trained.includes(model);
  return Object.entries(recipes).filter(([, options]) => options === null || isTrained);
}

function trainingsOf(file: StudyFile, { options, ...point }: Point): TaskDraft[] {
  if (options === null) return [];
  if (options.reinforce !== undefined) return [reinforcingOf(file, { ...point, options })];
  const { data } = options;
  const paths = data === undefined ? options : { ...options, data: pathIn(file, String(data)) };
  const folds = file.study.folds === undefined ? [null] : [0, 1, 2, 3, 4];
  return folds.map((fold): TaskDraft => {
    const whole = pointOf(point, { fold });
    const label = labelOf('train', whole);
    // One folder for all folds: "eval --folds" puts the fold into the name of the file.
    const folder = `results/${labelOf('train', { ...whole, fold: null })}`;
    const output = `${folder}/${fold === null ? 'adapter' : `adapter-${fold}`}.gguf`;
    const resources = resourcesOf('train', file.study.resources?.train);
    return {
      kind: 'train',
      label,
      point: whole,
      argv: [
        'train',
        point.character.name,
        ...words({
          play: point.character.play,
          model: point.model,
          seed: point.seed ?? 0,
          fold: fold ?? undefined,
          ...paths,
        }),
        ...machine(resources),
        ...['--resume', '--out', output, '--curve', curveBeside(output)],
      ],
      after: [],
      outputs: [output, curveBeside(output)],
      resources,
    };
  });
}

/** What is learned from rewards, which all characters share: it is of whole plays, and none of those they are in. */
function reinforcingOf(
  file: StudyFile,
  { options, model, recipe, seed }: Point & { readonly options: OptionValues },
): TaskDraft {
  const { reinforce: tasks, ...rest } = options;
  const plays = learnedPlays(file, options).join(',');
  const point = pointOf(
    { model, character: { name: '', play: undefined }, recipe, seed },
    { fold: null },
  );
  const label = labelOf('train', point);
  const output = `results/${label}/adapter.gguf`;
  const resources = resourcesOf('train', file.study.resources?.train);
  return {
    ...{ kind: 'train', label, point, after: [], resources },
    outputs: [output, curveBeside(output)],
    argv: [
      ...['reinforce', 'choice'],
      ...words({ tasks, model, seed: seed ?? 0, ...rest, plays }),
      ...machine(resources),
      ...['--resume', '--out', output, '--curve', curveBeside(output)],
    ],
  };
}

/** The file for the curve of a training, beside its adapter. */
const curveBeside = (adapter: string): string => adapter.replace(/\.gguf$/, '.curve.json');

function evaluationOf(
  file: StudyFile,
  {
    levers,
    asked: { tasks, models: _, characters: __, recipes: ___, without: ____, ...own },
    without,
    ...point
  }: Point & {
    readonly levers: string;
    readonly asked: AskedTasks;
    readonly without: string | undefined;
  },
  trainings: readonly SweepTask[],
): TaskDraft {
  const { folds, resources: asked } = file.study;
  const given = { ...file.study.eval, ...own };
  const whole = pointOf(point, {
    ...{ fold: null, levers, tasks },
    ...(without !== undefined && { without }),
  });
  const label = labelOf('eval', whole);
  const output = `results/${label}/results.json`;
  const resources = resourcesOf('eval', asked?.eval);
  const adapter = trainings[0]?.outputs[0];
  const { questions } = given;
  const paths =
    questions === undefined ? given : { ...given, questions: pathIn(file, String(questions)) };
  return {
    kind: 'eval',
    label,
    point: whole,
    argv: [
      ...['eval', ...namesIn(tasks)],
      ...words({
        play: point.character.play,
        character: point.character.name,
        model: point.model,
        steer: levers,
        // An adapter speaks in the form that it was trained in.
        form: point.options?.form,
        folds,
        adapter:
          folds === undefined ? (adapter ?? 'none') : adapter?.replace('-0.gguf', '-{fold}.gguf'),
        ...paths,
        ...(without !== undefined && { [without]: false }),
      }),
      ...machine(resources),
      ...['--json', output],
    ],
    after: trainings.map(({ id }) => id),
    outputs: [output, `${output}.rows.jsonl`],
    resources,
  };
}

const pointOf = (
  { model, character, recipe, seed }: Pick<Point, 'model' | 'character' | 'recipe' | 'seed'>,
  rest: { fold: number | null; levers?: string; tasks?: string; without?: string },
): SweepPoint => ({
  model,
  character: character.name,
  recipe,
  seed,
  levers: null,
  tasks: null,
  ...rest,
});

/**
 * The number of threads is part of the command: sums come out the same on every machine of a kind, however many processors
 * it has. Nothing is fetched where a task runs.
 */
const machine = ({ cpus, gpus }: Resources): string[] => [
  ...['--threads', String(cpus), '--offline'],
  ...(gpus === 0 ? ['--gpu', 'off'] : []),
];

function resourcesOf(kind: SweepTask['kind'], given: StudyResources = {}): Resources {
  return { ...usualResources[kind], ...given };
}

/** A name for people and for files, such as "train-smollm2-135m-hamlet-small-s1". */
function labelOf(
  kind: SweepTask['kind'],
  { model, character, recipe, seed, fold, levers, tasks, without }: SweepPoint,
): string {
  const name = model.replace(/^.*[/\\]/, '').replace(/\.gguf$/i, '');
  return [
    ...[kind, name],
    // What is asked of a model by itself has its kind in place of both; what is trained for all, its recipe.
    ...(character === '' ? [] : [character]),
    ...(character === '' && kind !== 'train' ? [] : [recipe]),
    ...(seed === null ? [] : [`s${seed}`]),
    ...(fold === null ? [] : [`f${fold}`]),
    ...(levers === null ? [] : [levers]),
    ...(tasks === null ? [] : [tasks]),
    ...(without === undefined ? [] : [`no_${without}`]),
  ]
    .map((part) => part.replaceAll(/[^A-Za-z0-9.]+/g, '_'))
    .join('-');
}
