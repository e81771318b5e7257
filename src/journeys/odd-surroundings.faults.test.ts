import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeTinyModel } from '../testing/models/tiny-model.ts';
import { program, start } from './dramatis.ts';
import { FaultyHome } from './faulty-home.ts';

let home: FaultyHome;
beforeAll(async () => {
  home = await FaultyHome.make();
});
afterAll(() => home[Symbol.dispose]());

const model = (): string[] => [
  ...['--play', home.file('lantern.md'), '--model', home.file('tiny.gguf'), '--gpu', 'off'],
  '--no-memory',
];
const env = () => ({ DRAMATIS_HOME: home.path });
const talk = (): string[] => [
  ...['chat', 'marta', ...model(), '--steer', 'off', '--max-tokens', '2', '--adapter', 'none'],
];

describe('An output', () => {
  const training = (): string[] => ['train', 'marta', ...model(), '--epochs', '400', '--rank', '2'];

  it('that nobody reads any more ends a training with a checkpoint and a code that is not 0', async () => {
    const args = [...training(), '--json'];
    const child = start(args, { env: env() });
    child.stderr!.resume();
    const ended = once(child, 'exit');
    const step = new Promise<void>((resolve) => {
      child.stdout!.on('data', (text) => {
        if (/"kind":"step"/.test(String(text))) resolve();
      });
    });
    await Promise.race([step, ended]);
    // Nobody else goes on with the run meanwhile.
    const second = await home.run([...args, '--resume']);
    expect(second.err).toMatch(/^dramatis: the run .* is open in process \d+/m);
    expect(second.code).toBe(1);
    child.stdout!.destroy();
    expect((await ended)[0]).toBe(141);
    const runs = home.file('runs', 'train');
    const [run] = readdirSync(runs);
    expect(readdirSync(join(runs, run!, 'checkpoints'))[0]).toMatch(/^step-/);
    expect(existsSync(join(runs, run!, 'done.json'))).toBe(false);
  });

  it('of messages that nobody reads any more ends a training, too, and breaks nothing', async () => {
    using own = home.copy();
    const child = start(training(), { env: { DRAMATIS_HOME: own.path, CI: '' } });
    child.stderr!.destroy();
    let out = '';
    child.stdout!.on('data', (text) => {
      out += text;
    });
    const [code] = await once(child, 'exit');
    expect([code, out]).toEqual([141, '']);
  });

  it.runIf(existsSync('/dev/full'))('that is full is one line, and a failure', async () => {
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [program, 'env'], {
      env: { ...process.env, ...env() },
      stdio: ['ignore', full, 'pipe'],
    });
    let said = '';
    child.stderr!.on('data', (text) => {
      said += text;
    });
    const [code] = await once(child, 'close');
    closeSync(full);
    expect(code).toBe(1);
    expect(said).toBe('dramatis: cannot write standard output: the disk is full (ENOSPC)\n');
  });
});

describe('A signal', () => {
  it('SIGUSR1 opens no debugger: it ends a conversation', async () => {
    const child = start(talk(), { env: env() });
    let said = '';
    child.stderr!.on('data', (text) => {
      said += text;
    });
    while (!/\/help helps/.test(said)) await once(child.stderr!, 'data');
    child.kill('SIGUSR1');
    const [code] = await once(child, 'exit');
    expect([code, said.includes('Debugger')]).toEqual([138, false]);
  });
});

describe('A scene', () => {
  it('that is ended by SIGTERM is paused and left to others', async () => {
    using own = home.copy();
    await writeTinyModel(own.file('wide.gguf'), { context: 2048 });
    const words = ['--play', own.file('lantern.md'), '--model', own.file('wide.gguf')];
    const options = ['--no-memory', '--gpu', 'off', '--human', 'marta'];
    const child = start(['stage', 'marta', 'bruno', ...words, ...options], {
      env: { DRAMATIS_HOME: own.path },
    });
    let said = '';
    child.stderr!.on('data', (text) => {
      said += text;
    });
    const ended = once(child, 'exit');
    while (!/Ctrl-C pauses/.test(said)) await once(child.stderr!, 'data');
    child.kill('SIGTERM');
    expect((await ended)[0]).toBe(143);
    expect(said).toMatch(/^Kept as [0-9a-f]{6}/m);
    const kept = readdirSync(own.file('conversations')).join(' ');
    expect(kept).toMatch(/\.stage\.jsonl/);
    expect(kept).not.toMatch(/owner/);
  });
});

describe('A conversation', () => {
  it('refuses words that are too long before it reads them, and goes on', async () => {
    const input = `${'word '.repeat(200_000)}\nWho?\n`;
    const { code, out, err } = await home.run([...talk(), '--json'], { input });
    expect(err).toMatch(/a text of \d+ characters was given; the window/);
    expect(err).not.toMatch(/call stack/);
    expect(out.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(0);
  });
});

describe.runIf(existsSync('/dev/zero'))('What has no end', () => {
  it('is refused in place of a file, whatever reads it whole', async () => {
    for (const args of [
      ['sweep', 'plan', '/dev/zero'],
      ['stage', 'replay', '/dev/zero'],
      ['serve', '--api-key-file', '/dev/zero', '--port', '0'],
    ]) {
      const { code, err } = await home.run(args);
      expect(err, args.join(' ')).toMatch(/^dramatis: cannot read \/dev\/zero: it is a device/m);
      expect(code, args.join(' ')).toBe(1);
    }
  });
});

describe('A folder', () => {
  it('that is a file, where an adapter is written, is named', async () => {
    const words = ['adapters', 'export', home.adapter, home.file('lantern.md', 'x')];
    const { code, err } = await home.run([...words, '--model', home.file('tiny.gguf')]);
    expect(err).toMatch(/^dramatis: cannot write .*: a part of the path is a file, not a folder/);
    expect(code).toBe(1);
  });

  it.skipIf(process.platform === 'win32')('that was removed under the shell is said to be', () => {
    const script = 'mkdir gone && cd gone && rmdir ../gone && exec "$0" "$1" plays';
    const ran = spawnSync('sh', ['-c', script, process.execPath, program], {
      ...{ cwd: home.path, encoding: 'utf8', env: { ...process.env, ...env() } },
    });
    expect(ran.stderr).toMatch(/^dramatis: the folder that this shell is in has been removed$/m);
    expect(ran.status).toBe(1);
  });
});

describe('A home', () => {
  it('in which nothing can be kept is refused at once, and named by doctor', async () => {
    for (const path of ['/proc/x', `/tmp/${'x'.repeat(6000)}`]) {
      const { code, err } = await home.run(['plays'], { env: { DRAMATIS_HOME: path } });
      expect(err.trim().split('\n')).toHaveLength(2);
      expect(err).toMatch(/^dramatis: DRAMATIS_HOME is /);
      expect(code).toBe(1);
    }
    const { code, out } = await home.run(['doctor'], { env: { DRAMATIS_HOME: '/dev/null' } });
    expect(out).toContain('cannot be written: /dev/null is not a folder');
    expect(code).toBe(1);
  });
});
