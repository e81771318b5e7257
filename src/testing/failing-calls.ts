import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Calls that change the disk; opening a file to make it is one, too, and goes by "open". */
type Change = 'write' | 'fsync' | 'rename' | 'unlink' | 'link' | 'mkdir' | 'truncate';

/** A system call that fails in a program under test. */
export interface FailingCall {
  readonly call: 'read' | 'open' | 'close' | Change | 'change';
  /** A part of the path that it is on. */
  readonly path: string;
  /** Counts from 1; 0: every one. */
  readonly nth: number;
  /** Number of the error, as in errno.h; 0: the program is killed there; -1: a write takes one byte. */
  readonly errno: number;
}

let shim: string | undefined;

/**
 * The environment in which a system call of a program fails; undefined where nothing can be compiled that makes it so.
 *
 * @see ld.so(8), LD_PRELOAD
 */
export function failing({ call, path, nth, errno }: FailingCall): Record<string, string> {
  return {
    LD_PRELOAD: compiled()!,
    FAIL_CALL: call,
    FAIL_PATH: path,
    FAIL_NTH: String(nth),
    FAIL_ERRNO: String(errno),
  };
}

/** Whether `failing` works on this machine: it needs Linux and a compiler. */
export const canFailCalls = (): boolean => compiled() !== undefined;

function compiled(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  if (shim !== undefined) return shim || undefined;
  const source = fileURLToPath(new URL('failing-calls.c', import.meta.url));
  const out = join(mkdtempSync(join(tmpdir(), 'dramatis-shim-')), 'failing-calls.so');
  const { status } = spawnSync('cc', ['-shared', '-fPIC', '-O1', '-o', out, source, '-ldl']);
  shim = status === 0 ? out : '';
  return shim || undefined;
}
