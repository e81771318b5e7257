import type { Resources, Sweep } from '../manifest.ts';

/** A job array: as many jobs as there are packs, each of tasks that run one after another. */
export interface JobArray {
  /** Such as "train". */
  readonly name: string;
  /** Indices of tasks, a list for each job of the array. */
  readonly packs: readonly (readonly number[])[];
  readonly resources: Resources;
}

export interface SiteOptions {
  /** Options of sbatch, as they are. */
  readonly sbatch: readonly string[];
  /** Lines of shell before the tasks, such as "module load nodejs". */
  readonly prologue: string;
  /** Jobs of an array that run at once, at most; undefined: as many as the site lets. */
  readonly atOnce: number | undefined;
  /** Seconds before its end at which a job is asked to save. */
  readonly graceSeconds: number;
}

/** How often a job puts itself back into the queue, at most. */
const mostRestarts = 10;

/**
 * The script of an array, as sbatch takes it.
 *
 * Each task is launched by srun: Slurm tells steps of a preemption or of the end of their time at once, and the script
 * itself only after seconds, too late to save. Exit code 75 means that a task saved what it had: the job queues itself
 * again, where the site does not. What has failed is not repeated.
 *
 * @param program Words that start this program.
 */
export function jobScript(
  { folder, path }: Pick<Sweep, 'folder' | 'path'>,
  { name, packs, resources }: JobArray,
  { sbatch, prologue, atOnce, graceSeconds }: SiteOptions,
  program: readonly string[],
): string {
  const { cpus, gpus, memMiB, minutes } = resources;
  const array = `0-${packs.length - 1}${atOnce === undefined ? '' : `%${atOnce}`}`;
  const options = [
    `--job-name=dramatis-${name}`,
    `--array=${array}`,
    ...['--nodes=1', '--ntasks=1', `--cpus-per-task=${cpus}`, `--mem=${memMiB}M`],
    ...(gpus > 0 ? [`--gres=gpu:${gpus}`] : []),
    `--time=${minutes}`,
    ...['--requeue', '--open-mode=append', `--signal=USR1@${graceSeconds}`],
    `--output=${folder.replaceAll('%', '%%')}/logs/slurm-${name}-%A_%a.out`,
  ];
  return [
    '#!/bin/bash',
    ...[...options, ...sbatch].map((option) => `#SBATCH ${option}`),
    ...(prologue === '' ? [] : [prologue.trimEnd()]),
    `packs=(${packs.map((pack) => quoted(pack.join(' '))).join(' ')})`,
    'worst=0',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell that fills it in
    'for task in ${packs[$SLURM_ARRAY_TASK_ID]}; do',
    // Since Slurm 22.05 a step does not take the processors of its job by itself.
    `  srun --ntasks=1 --cpus-per-task=${cpus} ${program.map(quoted).join(' ')} sweep task ${quoted(path)} "$task"`,
    '  code=$?',
    '  case $code in',
    // 75: it saved what it had. The others: it was asked to end before it had begun.
    '    75 | 129 | 138 | 143)',
    // By its place: the number of the array's last job is that of the array, and would requeue them all.
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell that fills it in
    '      job=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID',
    `      [ "\${SLURM_RESTART_COUNT:-0}" -ge ${mostRestarts} ] || { scontrol requeue "$job" && exit 75; }`,
    '      ;;',
    '  esac',
    '  [ "$code" -eq 0 ] || worst=$code',
    'done',
    'exit "$worst"',
    '',
  ].join('\n');
}

/** A word as the shell takes it. */
function quoted(word: string): string {
  return /^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
