import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, linkSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { home } from './home.ts';

/*
 * Set-up of test files that run side by side: each worker, and whatever it starts, computes on a processor of its own, as
 * ggml's threads must never outnumber the cores, and keeps what it writes in a home of its own. `TEST_PROCESSORS`, of
 * .config/vitest.ts, has the processors.
 */
const processors = (process.env.TEST_PROCESSORS ?? '').split(',').filter((one) => one !== '');
const worker = Number(process.env.VITEST_POOL_ID ?? '1');
if (processors.length > 1 && process.env.TEST_WORKER_HOME === undefined) {
  const own = processors[(worker - 1) % processors.length]!;
  execFileSync('taskset', ['-apc', own, String(process.pid)], { stdio: 'ignore' });
  const ownHome = join(home, 'workers', String(worker));
  if (!existsSync(ownHome)) furnish(ownHome);
  process.env.TEST_WORKER_HOME = ownHome;
  process.env.DRAMATIS_HOME = ownHome;
}

/** Takes over what was fetched: models by a second name, as nothing writes into them, and copies of the rest. */
function furnish(path: string): void {
  const making = `${path}.${process.pid}`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(join(making, 'models'), { recursive: true });
  for (const name of readdirSync(join(home, 'models')))
    linkSync(join(home, 'models', name), join(making, 'models', name));
  for (const folder of ['plays', 'indices'])
    if (existsSync(join(home, folder)))
      cpSync(join(home, folder), join(making, folder), { recursive: true });
  renameSync(making, path);
}
