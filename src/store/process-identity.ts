import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { errnoOf } from './disk.ts';

/**
 * Which process of which table of processes: a process id alone says nothing in a container, which may share its host's name
 * and its disk, but not its processes.
 */
export interface ProcessIdentity {
  /** For messages; two containers, or two machines, may have one name. */
  readonly host: string;
  readonly pid: number;
  /** What the kernel is known by since it booted; empty where it cannot be told. */
  readonly boot: string;
  /** The namespace in which the process id counts; empty where it cannot be told. */
  readonly processes: string;
  /** When the process began, in ticks since the boot: ids are used again. Empty where it cannot be told. */
  readonly start: string;
}

let own: ProcessIdentity | undefined;

/** The identity of this process. */
export function thisProcess(): ProcessIdentity {
  own ??= {
    host: hostname(),
    pid: process.pid,
    boot: orEmpty(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    processes: orEmpty(() => readlinkSync('/proc/self/ns/pid')),
    start: startOf(process.pid),
  };
  return own;
}

/**
 * Whether a process has certainly ended. One that counts in another table of processes may run, whatever its host is called:
 * only its heartbeat tells.
 */
export function hasEnded(one: ProcessIdentity): boolean {
  if (!isOfThisTable(one)) return false;
  if (!isAlive(one.pid)) return true;
  const start = startOf(one.pid);
  return start === ended || (one.start !== '' && start !== '' && start !== one.start);
}

/** Whether a process is known to run: it is in this table, and neither stopped nor ended. */
export function isRunning(one: ProcessIdentity): boolean {
  return isOfThisTable(one) && !hasEnded(one) && !isStopped(one.pid);
}

function isOfThisTable(one: ProcessIdentity): boolean {
  if (!(one.pid > 0)) return false;
  const { host, boot, processes } = thisProcess();
  if (boot !== '' && processes !== '') return one.boot === boot && one.processes === processes;
  // No /proc: not Linux, where containers share no host's processes.
  return one.boot === '' && one.host === host && process.platform !== 'linux';
}

/** Whether a process id of this table is taken, be it by another user. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) !== 'ESRCH';
  }
}

/** Stands for the start of a process that has ended and that nobody has waited for. */
const ended = 'ended';

/** @see proc(5): the third field of /proc/PID/stat is the state, the 22nd the start time. */
function startOf(pid: number): string {
  return orEmpty(() => {
    const fields = statOf(pid);
    return fields[0] === 'Z' || fields[0] === 'X' ? ended : (fields[19] ?? '');
  });
}

/** Stopped by a signal, or by whoever traces it. */
function isStopped(pid: number): boolean {
  return /^[Tt]$/.test(orEmpty(() => statOf(pid)[0] ?? ''));
}

/** The fields from the third on: the second is the program's name in brackets, which may hold spaces and brackets. */
function statOf(pid: number): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
