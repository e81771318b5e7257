/**
 * Checks the registry's signatures of what is installed: `npm run signatures`. A registry that gives none is no failure, and is
 * said; a signature that does not fit is one.
 */
import { spawnSync } from 'node:child_process';

const { stdout, stderr, status, error } = spawnSync('npm', ['audit', 'signatures', '--json'], {
  encoding: 'utf8',
  timeout: 120_000,
});
let found;
try {
  found = JSON.parse(stdout);
} catch {
  found = undefined;
}
const invalid = [...(found?.invalid ?? [])];
if (invalid.length > 0) {
  for (const { name, version, code } of invalid) console.log(`${name}@${version}: ${code}`);
  process.exitCode = 1;
} else if (found && !found.error) {
  console.log(`no signature is wrong; ${found.missing?.length ?? 0} packages have none`);
} else {
  const why = error?.code ?? stderr.trim().split('\n')[0] ?? `exit code ${status}`;
  console.log(`nothing was checked: the registry gives no signatures (${why})`);
}
