import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { emitFolders, startChild } from '../testing/children.ts';
import { DurableJson } from './durable-json.ts';
import { Journal } from './journal.ts';
import { isLocked, withLock } from './lock.ts';
import { type ProcessIdentity, thisProcess } from './process-identity.ts';
import { sweep } from './sweep.ts';

let path = '';
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'dramatis-lock-')), 'thing');
});

/** The lock as a process of this table of processes holds it, or another. */
const heldBy = (pid: number, other: Partial<ProcessIdentity> = {}): void => {
  const holder = { ...thisProcess(), start: '', pid, token: 'theirs', ...other };
  writeFileSync(`${path}.lock`, JSON.stringify(holder));
};
/** Beyond the largest process id of Linux. */
const nobody = 4_194_305;
const elsewhere = { host: 'elsewhere', boot: 'another' };

describe('withLock', () => {
  it('runs tasks one at a time and returns what they return', async () => {
    let inside = 0;
    const results = await Promise.all(
      [1, 2, 3, 4, 5].map((n) =>
        withLock(path, async () => {
          expect(++inside).toBe(1);
          await sleep(2);
          inside--;
          return n;
        }),
      ),
    );
    expect(results).toEqual([1, 2, 3, 4, 5]);
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  it('is released when the task throws', async () => {
    const failing = withLock(path, () => Promise.reject(new Error('the task broke')));
    await expect(failing).rejects.toThrow('the task broke');
    expect(await withLock(path, async () => 'free')).toBe('free');
  });

  it('says who holds it when the wait is over', async () => {
    heldBy(process.pid);
    const waiting = withLock(path, async () => 'never', { timeoutMs: 50 });
    await expect(waiting).rejects.toMatchObject({
      code: 'LOCKED',
      message: `${path}.lock is held by process ${process.pid} on ${hostname()}`,
    });
  });

  it('of a dead process is taken over at once, by one of those who wait', async () => {
    heldBy(nobody);
    let inside = 0;
    const contenders = Array.from({ length: 8 }, () =>
      withLock(path, async () => {
        expect(++inside).toBe(1);
        await sleep(1);
        inside--;
      }),
    );
    const start = performance.now();
    await Promise.all(contenders);
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it('of a process killed at any instant is free at once', async () => {
    const code = emitFolders('store');
    const script = `
      import { withLock } from './store/lock.js';
      process.stdout.write('.');
      for (;;) await withLock(${JSON.stringify(path)}, async () => {});`;
    for (let kill = 0; kill < 30; kill++) {
      const child = startChild(code, script);
      await new Promise((resolve) => child.process.stdout?.once('data', resolve));
      await sleep(20 * Math.random());
      child.process.kill('SIGKILL');
      await child.ended;
      // Not after ten seconds without a heartbeat, as a lock that names nobody would be.
      expect(await withLock(path, async () => 'free', { timeoutMs: 3_000 })).toBe('free');
    }
    await sweep(dirname(path));
    expect(readdirSync(dirname(path))).toEqual([]);
    rmSync(code, { recursive: true });
  });

  it('of another host is taken over when its heart stops, not before', async () => {
    heldBy(1, elsewhere);
    await expect(withLock(path, async () => {}, { timeoutMs: 200 })).rejects.toThrow(/elsewhere/);
    expect(await withLock(path, async () => 'taken', { staleMs: 300 })).toBe('taken');
  });

  it('half written by a killed process does not stay for ever', async () => {
    writeFileSync(`${path}.lock`, '');
    expect(await withLock(path, async () => 'taken', { staleMs: 300 })).toBe('taken');
  });

  it('is not taken from a holder whose heart beats', async () => {
    const holding = withLock(path, () => sleep(3_000));
    await sleep(20);
    const taking = withLock(path, async () => {}, { staleMs: 1_500, timeoutMs: 2_500 });
    await expect(taking).rejects.toMatchObject({ code: 'LOCKED' });
    await holding;
  });

  it('stops waiting when the signal aborts, and throws its reason', async () => {
    heldBy(process.pid);
    const reason = new Error('the reader left');
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 30);
    await expect(withLock(path, async () => {}, { signal: controller.signal })).rejects.toBe(
      reason,
    );
  });

  it('that was taken away is not removed from its new holder', async () => {
    await withLock(path, async () => {
      rmSync(`${path}.lock`);
      heldBy(1, elsewhere);
    });
    expect(readFileSync(`${path}.lock`, 'utf8')).toContain('elsewhere');
  });

  it('keeps a counter right over four processes, one of which is killed with it held', async () => {
    const code = emitFolders('store');
    writeFileSync(path, '0');
    const count = `
      import { readFileSync, writeFileSync } from 'node:fs';
      import { withLock } from './store/lock.js';
      const path = ${JSON.stringify(path)};
      for (let i = 0; i < 100; i++) {
        await withLock(path, async () => {
          const n = Number(readFileSync(path, 'utf8'));
          await new Promise((resolve) => setImmediate(resolve));
          writeFileSync(path, String(n + 1));
        });
      }`;
    const holder = startChild(
      code,
      `import { withLock } from './store/lock.js';
       await withLock(${JSON.stringify(path)}, () => { console.log('held'); return new Promise((r) => setTimeout(r, 1e6)); });`,
    );
    await new Promise((resolve) => holder.process.stdout?.once('data', resolve));
    const counters = [1, 2, 3].map(() => startChild(code, count));
    setTimeout(() => holder.process.kill('SIGKILL'), 300);
    for (const { ended } of counters) expect(await ended).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(path, 'utf8')).toBe('300');
    rmSync(code, { recursive: true });
  });
});

describe('A lock', () => {
  it('of another container that shares the host name and not the processes is left, whatever its id', async () => {
    for (const other of [
      { processes: 'pid:[1]' },
      { boot: 'another' },
      { boot: '', processes: '' },
    ]) {
      heldBy(nobody, other);
      const taking = withLock(path, async () => {}, { timeoutMs: 100 });
      await expect(taking, JSON.stringify(other)).rejects.toMatchObject({ code: 'LOCKED' });
    }
  });

  it('of a process whose id another one has now is free at once', async () => {
    heldBy(process.pid, { start: '1' });
    expect(await withLock(path, async () => 'free', { timeoutMs: 100 })).toBe('free');
  });

  it('has a larger number than any before it', async () => {
    const fences: number[] = [];
    for (let i = 0; i < 3; i++) await withLock(path, async ({ fence }) => fences.push(fence));
    heldBy(nobody, { fence: Date.now() + 1e6 } as object);
    await withLock(path, async ({ fence }) => fences.push(fence));
    expect(fences).toEqual(fences.toSorted((a, b) => a - b));
    expect(fences[3]).toBe(Math.max(...fences));
    expect(fences[3]).toBeGreaterThan(Date.now() + 9e5);
  });

  it('is swept with what else a killed process left', async () => {
    heldBy(nobody);
    writeFileSync(`${path}-b.lock`, JSON.stringify({ ...thisProcess(), pid: 1, ...elsewhere }));
    expect(await sweep(dirname(path))).toEqual(['thing.lock']);
    expect(readdirSync(dirname(path))).toEqual(['thing-b.lock']);
  });

  it('of a machine that is gone is swept after a day without a heartbeat; a file of others never', async () => {
    const yesterday = Date.now() / 1000 - 25 * 3600;
    const files = {
      'gone.lock': JSON.stringify({ ...thisProcess(), pid: 1, token: 'theirs', ...elsewhere }),
      'yarn.lock': '# yarn lockfile v1',
      'poetry.lock': '{"packages": []}',
    };
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(dirname(path), name), text);
      utimesSync(join(dirname(path), name), yesterday, yesterday);
    }
    expect(await sweep(dirname(path))).toEqual(['gone.lock']);
    expect(readdirSync(dirname(path)).sort()).toEqual(['poetry.lock', 'yarn.lock']);
  });

  it('is taken over though a waiter was killed while it did so, whatever the clock said then', async () => {
    const tomorrow = Date.now() / 1000 + 24 * 3600;
    for (const guard of ['', JSON.stringify({ ...thisProcess(), start: '', pid: nobody })]) {
      heldBy(nobody);
      writeFileSync(`${path}.lock.takeover`, guard);
      utimesSync(`${path}.lock.takeover`, tomorrow, tomorrow);
      expect(await withLock(path, async () => 'free', { timeoutMs: 3_000 })).toBe('free');
      expect(readdirSync(dirname(path))).toEqual([]);
    }
    // Killed after the lock was gone: nobody would ever look at it again.
    writeFileSync(
      `${path}.lock.takeover`,
      JSON.stringify({ ...thisProcess(), start: '', pid: nobody }),
    );
    expect(await sweep(dirname(path))).toEqual(['thing.lock.takeover']);
  });

  it('keeps one that was stopped and overtaken from writing', async () => {
    const code = emitFolders('store');
    const values = `${path}.json`;
    const lines = `${path}.jsonl`;
    const options = { staleMs: 300 };
    const stopped = (what: string): ReturnType<typeof startChild> =>
      startChild(
        code,
        `import { DurableJson } from './store/durable-json.js';
         import { Journal } from './store/journal.js';
         const stop = () => process.kill(process.pid, 'SIGSTOP');
         const check = (data) => ({ data });
         const json = new DurableJson(${JSON.stringify(values)}, { format: 'f', version: 1, check });
         const journal = new Journal(${JSON.stringify(lines)});
         ${what}.catch((error) => console.log(error.code));`,
      );
    const children = [
      stopped(`json.update({ by: 'a' }, (data) => { stop(); data.by = 'stopped'; })`),
      stopped(
        `journal.appendNext(({ last }) => { stop(); return { n: (last?.n ?? 0) + 1, by: 'stopped' }; })`,
      ),
    ];
    for (const {
      process: { pid },
    } of children)
      while (!/^State:\s+T/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) await sleep(20);
    const json = new DurableJson<{ by: string }>(values, {
      format: 'f',
      version: 1,
      check: (data) => ({ data: data as { by: string } }),
    });
    await json.update({ by: '' }, (data) => Object.assign(data, { by: 'overtaker' }), options);
    const journal = new Journal<{ n: number; by: string }>(lines);
    await journal.appendNext(() => ({ n: 1, by: 'overtaker' }), options);
    for (const child of children) child.process.kill('SIGCONT');
    for (const { ended } of children) expect((await ended).stdout).toBe('LOCKED\n');
    expect(await json.read()).toEqual({ by: 'overtaker' });
    expect((await journal.read()).records).toEqual([{ n: 1, by: 'overtaker' }]);
    rmSync(code, { recursive: true });
  });

  it.runIf(canMakeNamespaces())(
    'keeps a counter right over process tables that share a host name',
    async () => {
      const code = emitFolders('store');
      writeFileSync(path, '0');
      const script = join(code, 'count.js');
      writeFileSync(
        script,
        `import { readFileSync, writeFileSync } from 'node:fs';
       import { withLock } from './store/lock.js';
       for (let i = 0; i < 20; i++)
         await withLock(${JSON.stringify(path)}, async () => {
           const n = Number(readFileSync(${JSON.stringify(path)}, 'utf8'));
           await new Promise((resolve) => setTimeout(resolve, 5));
           writeFileSync(${JSON.stringify(path)}, String(n + 1));
         }, { timeoutMs: 60_000 });`,
      );
      const counting = [1, 2, 3].map(
        (n) =>
          new Promise<number | null>((resolve) => {
            // Each begins a few processes first, so that their own ids differ.
            const inside = `for i in $(seq ${40 * n}); do /bin/true; done; "${process.execPath}" "${script}"; exit $?`;
            spawn('unshare', ['-pf', '--mount-proc', 'bash', '-c', inside]).on('close', resolve);
          }),
      );
      expect(await Promise.all(counting)).toEqual([0, 0, 0]);
      expect(readFileSync(path, 'utf8')).toBe('60');
      rmSync(code, { recursive: true });
    },
  );
});

/** Whether this machine lets us make process tables of our own. */
function canMakeNamespaces(): boolean {
  return spawnSync('unshare', ['-pf', '--mount-proc', 'true']).status === 0;
}

describe('isLocked', () => {
  it('is so while a living process holds the lock, and not where it has ended', async () => {
    expect(await isLocked(path)).toBe(false);
    expect(await withLock(path, () => isLocked(path))).toBe(true);
    expect(await isLocked(path)).toBe(false);
    heldBy(nobody);
    expect(await isLocked(path)).toBe(false);
    heldBy(nobody, elsewhere);
    expect(await isLocked(path)).toBe(true);
  });
});
