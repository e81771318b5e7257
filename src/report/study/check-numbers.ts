import { Computing } from './computing.ts';
import { jsonOf, type NumberEntry } from './ledger.ts';
import type { StudyData } from './study-data.ts';

/** A number that the study's rows no longer give. */
export interface StaleNumber {
  readonly entry: NumberEntry;
  /** What the rows give now; null if they are gone. */
  readonly now: Pick<NumberEntry, 'value' | 'low' | 'high' | 'n'> | null;
}

/** Works every number of a report out again, and gives those that are not as they were. */
export function staleNumbers(entries: readonly NumberEntry[], study: StudyData): StaleNumber[] {
  const computing = new Computing(study);
  return entries.flatMap((entry): StaleNumber[] => {
    if (!computing.has(entry.source)) return [{ entry, now: null }];
    const now = jsonOf(computing.of(entry.source));
    const isSame = (['value', 'low', 'high', 'n'] as const).every(
      (name) => now[name] === entry[name],
    );
    return isSame ? [] : [{ entry, now }];
  });
}

/** Numbers in a page that are not as the list of numbers has them: [what the page says, the name of the source]. */
export function strayNumbers(html: string, entries: readonly NumberEntry[]): string[] {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const found = [...html.matchAll(/<data value="([^"]*)" data-src="([^"]*)">([^<]*)</g)];
  return found.flatMap(([, value, id, text]) => {
    const entry = byId.get(id!);
    const isKnown = entry && [entry.value, entry.n].some((one) => String(one ?? '') === value);
    return isKnown ? [] : [`${text} (${id})`];
  });
}
