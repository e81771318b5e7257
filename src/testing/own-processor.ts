import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, linkSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fetched, home, processors } from './home.ts';

/*
 * Set-up of test files that run side by side. Each worker, and every program it starts, computes on one processor of its
 * own, as ggml's threads must never outnumber the cores, and writes into a home of its own.
 */
if (processors.length > 1) {
  const own = processors[(Number(process.env.VITEST_POOL_ID) - 1) % processors.length]!;
  execFileSync('taskset', ['-apc', own, String(process.pid)], { stdio: 'ignore' });
  if (!existsSync(home)) furnish();
}

/** Takes over what was fetched: models by a second name, as nothing writes into them, and copies of the rest. */
function furnish(): void {
  const making = `${home}.${process.pid}`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(join(making, 'models'), { recursive: true });
  for (const name of readdirSync(join(fetched, 'models')))
    linkSync(join(fetched, 'models', name), join(making, 'models', name));
  for (const folder of ['plays', 'indices'])
    if (existsSync(join(fetched, folder)))
      cpSync(join(fetched, folder), join(making, folder), { recursive: true });
  try {
    renameSync(making, home);
  } catch (error) {
    // A worker that ends and the next one of its number may be here at one time: who comes first has furnished it.
    rmSync(making, { recursive: true, force: true });
    if (!existsSync(home)) throw error;
  }
}
