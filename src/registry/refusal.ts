import { DramatisError } from '../errors.ts';
import type { GateCheck, GateReport } from './promotion-gate.ts';
import type { AdapterVersion } from './version.ts';

/** A check that lacks its figure: nothing is known against the version. */
export const isOpen = ({ lacks }: GateCheck): boolean => lacks !== undefined;

/**
 * Why the gate keeps a version out of use: what speaks against it or, if nothing does, what is not measured yet, with the
 * commands that measure it as the remedy.
 */
export function refusalOf(version: AdapterVersion, { checks }: GateReport): DramatisError {
  const { id } = version;
  const open = checks.filter(isOpen).map(({ name }) => name);
  const failed = checks.filter((check) => !check.passes && !isOpen(check));
  if (failed.length === 0) {
    const remedy = `Run "dramatis adapters promote ${id} --measure", or measure it with ${commandsFor(version, open)} and give it the FILE with --results.`;
    const message = `${id} is not fully measured yet: ${open.join(', ')} ${open.length === 1 ? 'is' : 'are'} missing`;
    return new DramatisError('GATE_REFUSED', message, { remedy });
  }
  const faults = failed.map(({ name, says }) => `${name}: ${says}`);
  const missing = open.length > 0 ? [`not measured yet: ${open.join(', ')}`] : [];
  return new DramatisError(
    'GATE_REFUSED',
    `${id} does not pass: ${[...faults, ...missing].join('; ')}`,
  );
}

/** The command lines that measure what checks lack, one for each part of the play that is asked about. */
function commandsFor(
  { id, play, character, base, form }: AdapterVersion,
  open: readonly GateCheck['name'][],
): string {
  const whom = character === null ? '' : ` --character ${quoted(character.toLowerCase())}`;
  const subject = `--play ${quoted(play)}${whom} --model ${quoted(base.name)} --form ${form} --adapter ${id}`;
  const trainScenes = open.filter((name) => name === 'recite');
  const devScenes = open.filter((name) => name !== 'recite');
  return [
    ...(devScenes.length > 0 ? [`${devScenes.join(' ')} --split dev`] : []),
    ...(trainScenes.length > 0 ? [`${trainScenes.join(' ')} --split train`] : []),
  ]
    .map((what) => `"dramatis eval ${what} ${subject} --json FILE"`)
    .join(' and ');
}

const quoted = (word: string): string => (/^[\w./:@#-]+$/.test(word) ? word : `'${word}'`);
