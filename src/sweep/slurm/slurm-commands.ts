import { spawn } from 'node:child_process';
import { DramatisError } from '../../errors.ts';
import { errnoOf } from '../../store/disk.ts';

/** What a command of Slurm said. */
interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/**
 * Runs a command of Slurm, such as `squeue`, and gives what it printed.
 *
 * @throws {DramatisError} SLURM_FAILED with what it said, or if there is no Slurm here; `signal.reason`.
 */
export async function slurm(
  command: 'sbatch' | 'squeue' | 'scancel' | 'scontrol',
  words: readonly string[],
  {
    signal,
    input = '',
  }: { readonly signal?: AbortSignal | undefined; readonly input?: string } = {},
): Promise<string> {
  signal?.throwIfAborted();
  const { code, out, err } = await said(command, words, input);
  if (code === 0) return out;
  const why = err.trim().replaceAll(/\s*\n\s*/g, '; ') || `it ended with ${code}`;
  throw new DramatisError('SLURM_FAILED', `${command}: ${why}`);
}

function said(command: string, words: readonly string[], input: string): Promise<Said> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, { stdio: 'pipe' });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    child.stdin.on('error', () => {}); // it ended before it read all: its exit code says why
    child.on('error', (cause) => {
      const what =
        errnoOf(cause) === 'ENOENT'
          ? `there is no ${command} here`
          : `${command} cannot be run: ${errnoOf(cause)}`;
      reject(
        new DramatisError('SLURM_FAILED', what, {
          cause,
          remedy:
            'Run this on a login node of a cluster with Slurm; elsewhere "dramatis sweep run".',
        }),
      );
    });
    child.on('close', (code) => resolve({ code, out, err }));
    child.stdin.end(input);
  });
}
