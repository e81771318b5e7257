/** Options of a command by name; `true` and `false` are flags. */
export type OptionValues = Readonly<Record<string, string | number | boolean | undefined>>;

/** {rank: 4, memory: false} → ["--rank", "4", "--no-memory"]. */
export function optionWords(options: OptionValues): string[] {
  return Object.entries(options).flatMap(([name, given]) => {
    if (given === undefined) return [];
    if (typeof given === 'boolean') return [given ? `--${name}` : `--no-${name}`];
    return [`--${name}`, String(given)];
  });
}
