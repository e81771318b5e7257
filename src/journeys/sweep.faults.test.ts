import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canFailCalls, failing } from '../testing/failing-calls.ts';
import { writeTinyModel } from '../testing/models/tiny-model.ts';
import { dramatis, program, start } from './dramatis.ts';
import { FaultyHome } from './faulty-home.ts';

let home: FaultyHome;
beforeAll(async () => {
  home = await FaultyHome.make();
  // The small one's window holds no persona.
  await writeTinyModel(home.file('wide.gguf'), { context: 2048 });
  writeFileSync(
    home.file('study.json'),
    JSON.stringify({
      ...{ models: ['wide.gguf'], play: 'lantern.md', characters: ['marta'], tasks: ['bits'] },
      recipes: { low: { rank: 4, epochs: 3, batch: 64, words: 40, memory: false } },
      ...{ seeds: [1], eval: { limit: 3 } },
      resources: { train: { cpus: 1 }, eval: { cpus: 1 } },
    }),
  );
  writeFileSync(
    home.file('short.json'),
    JSON.stringify({
      ...{ models: ['wide.gguf'], play: 'lantern.md', characters: ['marta'], tasks: ['bits'] },
      ...{ recipes: { none: null }, eval: { limit: 1 }, resources: { eval: { cpus: 1 } } },
    }),
  );
});
afterAll(() => home[Symbol.dispose]());

const run = (...words: string[]) =>
  dramatis(['sweep', ...words], { env: { DRAMATIS_HOME: home.path } });
/** The plan of another sweep in a folder of its own: it would be planned to the same bytes. */
function plannedAs(planned: string, folder: string): string {
  mkdirSync(home.file(folder));
  copyFileSync(home.file(planned, 'manifest.json'), home.file(folder, 'manifest.json'));
  return home.file(folder);
}
const gathered = (study: string): string => readFileSync(home.file(study, 'gathered.json'), 'utf8');
const adapterOf = (study: string): Buffer =>
  readFileSync(home.file(study, 'results', 'train-wide-marta-low-s1', 'adapter.gguf'));

const canUnshare = spawnSync('unshare', ['-n', 'true']).status === 0;

describe('A sweep', () => {
  it('is planned, run and gathered, and a report reads it', async () => {
    const planned = await run('plan', home.file('study.json'), '--out', home.file('whole'));
    expect(planned.code, planned.err).toBe(0);
    expect(planned.out.trim()).toBe(home.file('whole', 'manifest.json'));
    const ran = await run('run', home.file('whole'));
    expect(ran.code, ran.err).toBe(0);
    expect((await run('gather', home.file('whole'))).code).toBe(0);
    const report = await dramatis(
      ['eval', 'report', home.file('whole', 'gathered.json'), '--out', home.file('report')],
      {},
    );
    expect(report.code, report.err).toBe(0);
    expect(readFileSync(home.file('report', 'report.html'), 'utf8')).toContain(
      'eval-wide-marta-low-s1-off-bits',
    );
  });

  it('goes on after kill -9 to the bytes it would have had, its task ends with it, and it opens no socket', async () => {
    plannedAs('whole', 'cut');
    const child = start(['sweep', 'run', home.file('cut')], {
      env: { DRAMATIS_HOME: home.path },
    });
    const ended = once(child, 'exit');
    const log = home.file('cut', 'logs', 'train-wide-marta-low-s1.log');
    while (!existsSync(log)) await sleep(20);
    child.kill('SIGKILL');
    await ended;
    // Where there is no network at all, if one can be taken away here.
    const words = [process.execPath, program, 'sweep', 'run', home.file('cut')];
    const [command, ...rest] = canUnshare ? ['unshare', '-n', ...words] : words;
    const env = { ...process.env, DRAMATIS_HOME: home.path };
    const { status, stderr } = spawnSync(command!, rest, { encoding: 'utf8', env });
    expect(status, stderr).toBe(0);
    const gathering = ['sweep', 'gather', home.file('cut')];
    if (canFailCalls()) {
      const killed = failing({ call: 'rename', path: 'gathered.json', nth: 1, errno: 0 });
      expect((await home.run(gathering, { env: killed })).code).toBeNull();
    }
    expect((await home.run(gathering)).code).toBe(0);
    expect(readdirSync(home.file('cut')).join(' ')).not.toMatch(/\.tmp/);
    expect(adapterOf('cut')).toEqual(adapterOf('whole'));
    expect(gathered('cut')).toBe(gathered('whole'));
  });

  it('misses a file before the first task begins, not in it', async () => {
    plannedAs('whole', 'bare');
    const model = readFileSync(home.file('wide.gguf'));
    rmSync(home.file('wide.gguf'));
    const { code, err } = await run('run', home.file('bare'));
    writeFileSync(home.file('wide.gguf'), model);
    expect(code).toBe(1);
    expect(err).toMatch(/wide\.gguf/);
    expect(existsSync(home.file('bare', 'attempts'))).toBe(false);
  });

  it('refuses another file under the name that it was planned with', async () => {
    const model = readFileSync(home.file('wide.gguf'));
    const other = Buffer.from(model);
    other[other.length - 1]! ^= 1;
    writeFileSync(home.file('wide.gguf'), other);
    const { code, err } = await run('run', home.file('bare'));
    writeFileSync(home.file('wide.gguf'), model);
    expect(code).toBe(1);
    expect(err).toMatch(/the model .*wide\.gguf was [0-9a-f]{12}… and is [0-9a-f]{12}…/);
  });

  it('leaves no half-written manifest where it cannot write', async () => {
    mkdirSync(home.file('file'), { recursive: true });
    writeFileSync(home.file('file', 'at'), '');
    const { code, err } = await run(
      'plan',
      home.file('study.json'),
      '--out',
      home.file('file', 'at', 'x'),
    );
    expect(code).toBe(1);
    expect(err.split('\n')[0]).toMatch(/^dramatis: cannot /);
    expect(readdirSync(home.file('file'))).toEqual(['at']);
  });

  it.skipIf(!canFailCalls())(
    'says in one line that the disk is over its quota, and goes on when it is not',
    async () => {
      const planning = ['sweep', 'plan', home.file('short.json'), '--out', home.file('quota')];
      const killed = failing({ call: 'rename', path: 'manifest.json', nth: 1, errno: 0 });
      expect((await home.run(planning, { env: killed })).code).toBeNull();
      await home.run(planning);
      expect(readdirSync(home.file('quota'))).toEqual(['manifest.json']);
      const { code, err } = await dramatis(['sweep', 'run', home.file('quota')], {
        env: {
          DRAMATIS_HOME: home.path,
          ...failing({ call: 'write', path: '/attempts/', nth: 0, errno: constants.errno.EDQUOT }),
        },
      });
      expect(code).toBe(1);
      expect(err).toMatch(/cannot write .*attempts.*EDQUOT/);
      expect(err).not.toMatch(/^ +at /m);
      expect(existsSync(home.file('quota', 'done'))).toBe(false);
      const again = await run('run', home.file('quota'));
      expect(again.code, again.err).toBe(0);
    },
  );

  it.skipIf(!canFailCalls())(
    'runs each task once where two run it on a disk without hard links and locks',
    async () => {
      plannedAs('quota', 'shared');
      const env = {
        DRAMATIS_HOME: home.path,
        ...failing({ call: 'link', path: '/claims/', nth: 0, errno: constants.errno.EPERM }),
      };
      const both = await Promise.all(
        [1, 2].map(() => dramatis(['sweep', 'run', home.file('shared')], { env })),
      );
      expect(both.map(({ code, err }) => [code, err.includes('not run')])).toEqual([
        [0, false],
        [0, false],
      ]);
      const [id] = readdirSync(home.file('shared', 'attempts'));
      expect(readdirSync(home.file('shared', 'attempts', id!))).toHaveLength(1);
    },
  );
});
