import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSweep, type Sweep, writeManifest } from '../sweep/manifest.ts';
import { planTasks } from '../sweep/plan-tasks.ts';
import type { Study } from '../sweep/study.ts';

/**
 * A program in place of ours: it writes what its words ask for, made of those words and of the adapter it reads, and fails,
 * waits or dies where a file beside it says so.
 */
const program = `
words="$*" kind=$1
while [ $# -gt 0 ]; do
  case $1 in
    --out | --json) out=$2 ;;
    --adapter) adapter=$2 ;;
    --curve) curve=$2 ;;
  esac
  shift
done
echo "$kind $out" >>../calls
says() { [ -f "../$1" ] && case $out in *"$(cat "../$1")"*) true ;; *) false ;; esac }
if says fails; then printf 'dramatis: the ink is dry\\nFill the pot.\\n' >&2; exit 1; fi
if says dies; then
  [ ! -f ../last-act ] || . ../last-act
  kill -9 $$
fi
if says waits; then
  trap 'exit 143' TERM
  touch ../is-waiting
  while :; do sleep 0.05; done
fi
{
  printf '%s' "$words"
  [ ! -f "$adapter" ] || cat "$adapter"
  [ "$kind" != train ] || [ ! -f ../salt ] || cat ../salt
} >"$out"
[ -z "$curve" ] || echo '{}' >"$curve"
[ "$kind" != eval ] || : >"$out.rows.jsonl"
`;

/** A planned sweep of two trainings and three evaluations in a folder of its own, with a program that pretends. */
export class PretendSweep implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'dramatis-sweep-'));
  readonly program: readonly string[];

  constructor() {
    const file = this.file('program.sh');
    writeFileSync(file, program);
    this.program = ['sh', file];
  }

  readonly file = (...parts: string[]): string => join(this.path, ...parts);

  async plan(changes: Partial<Study> = {}): Promise<Sweep> {
    const study = {
      ...{ models: ['small'], characters: ['marta'], recipes: { none: null, low: { rank: 4 } } },
      ...{ seeds: [1, 2], tasks: ['bits'], ...changes },
    };
    const tasks = planTasks({ path: this.file('study.json'), text: '', study }, [], 'pretend 1');
    await writeManifest(this.file('study'), {
      ...{ format: 'dramatis-sweep', formatVersion: 1, program: 'pretend 1' },
      ...{ study: { name: 'study.json', sha256: '' }, inputs: [], tasks },
    });
    return readSweep(this.file('study'));
  }

  /** Lets what writes a file whose path has this text fail, die or wait; undefined: nothing. */
  when(what: 'fails' | 'dies' | 'waits', path: string | undefined): void {
    rmSync(this.file(what), { force: true });
    if (path !== undefined) writeFileSync(this.file(what), path);
  }

  /** The commands that were run so far, such as "train", and how often. */
  calls(): string[] {
    const path = this.file('calls');
    return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
  }

  forgetCalls(): void {
    rmSync(this.file('calls'), { force: true });
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
