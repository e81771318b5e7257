import type { CastMember } from '../../play/play.ts';

/** The cast as lines of at most 80 columns: name, speeches, words, description. */
export function castTable(cast: readonly CastMember[]): string {
  const width = Math.min(30, Math.max(4, ...cast.map(({ name }) => name.length)));
  const rows = cast.map(({ name, speeches, words, description }) =>
    `${name.padEnd(width)}  ${String(speeches).padStart(8)}  ${String(words).padStart(6)}  ${description}`
      .slice(0, 80)
      .trimEnd(),
  );
  return [`${'name'.padEnd(width)}  speeches   words`, ...rows].join('\n');
}
