/**
 * Checks the registry's signatures of what is installed: `npm run signatures`. Where they cannot be checked, the reason is said
 * and it is no failure; a signature that does not fit is one.
 */
import { spawnSync } from 'node:child_process';

const {
  stdout = '',
  stderr = '',
  status,
  signal,
  error,
} = spawnSync('npm', ['audit', 'signatures', '--json'], {
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
  const reasons = [found?.error?.summary, found?.error?.code, error?.code, firstLine(stderr)];
  const why = reasons.find(Boolean) ?? `npm ended with ${status ?? signal} and said nothing`;
  console.log(`nothing was checked: ${why}`);
}

/** npm's own words, without those that every line of it begins with. */
function firstLine(text) {
  return text
    .split('\n')
    .map((line) => line.replace(/^npm (?:error|ERR!)\s*/, '').trim())
    .find(Boolean);
}
