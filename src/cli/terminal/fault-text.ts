import type { Damaged } from '../../hub/here.ts';
import type { JournalFault } from '../../store/journal.ts';

/** A sentence on a stored file that is not what was written. */
export function damageText({ path, fault }: Damaged): string {
  return `${path} is damaged: ${fault}`;
}

/** A sentence on a line of a journal that could not be read. */
export function faultText(path: string, { line, kind }: JournalFault): string {
  const what = kind === 'torn' ? 'was cut while it was written' : 'is damaged';
  return `${path}: line ${line} ${what} and was left out`;
}
