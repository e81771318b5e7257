import { checkStored } from '../../workspace/check-stored.ts';
import { examine, type Finding } from '../doctor-report.ts';
import { openDramatis } from '../open-dramatis.ts';
import { damageText } from '../terminal/fault-text.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';
import { output } from '../terminal/output.ts';
import { paintFor } from '../terminal/paint.ts';

/** Prints what is here and what is missing; the exit code is 1 if something that is needed is. */
export async function runDoctor({
  json,
  deep,
  signal,
}: {
  readonly json: boolean;
  readonly deep: boolean;
  readonly signal: AbortSignal;
}): Promise<void> {
  using progress = new OpeningProgress();
  progress.begin('Looking at this machine');
  const { findings: shallow, ...facts } = await examine();
  const findings = [...shallow, ...(deep ? await examineStored(signal, progress) : [])];
  progress.clear();
  if (json) output.json({ ...facts, findings });
  else {
    const paint = paintFor(process.stdout);
    const marks = {
      ok: paint('green', 'ok  '),
      note: paint('yellow', 'note'),
      bad: paint('red', 'bad '),
    };
    for (const { state, about, what } of findings)
      output.line(`${marks[state]}  ${about.padEnd(9)}  ${what}`);
  }
  if (findings.some(({ state }) => state === 'bad')) process.exitCode = 1;
}

/** What is kept here, read to its last byte. */
async function examineStored(signal: AbortSignal, progress: OpeningProgress): Promise<Finding[]> {
  const findings: Finding[] = [];
  progress.begin('Reading all that is kept here');
  for await (const { what, damage } of checkStored(await openDramatis(), signal)) {
    for (const one of damage)
      findings.push({ state: 'bad', about: 'damaged', what: damageText(one) });
    if (damage.length === 0) findings.push({ state: 'ok', about: 'whole', what });
    progress.begin(`Read ${what}`);
  }
  return findings;
}
