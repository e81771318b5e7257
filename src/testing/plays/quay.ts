/**
 * An invented play with scenes for every part, in Markdown: three persons with a few words of their own each, MARVA with a
 * long speech a scene, and PAVEL silent in the scenes of `without`. Runs of training and measuring end in seconds on it.
 */
export function quay(without: readonly string[] = []): string {
  let state = 7;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const word = (): string => pick([...'bdfglmnprstv']) + pick([...'aeiou']) + pick(['', 'n', 'r']);
  const vocabulary = (): string[] => Array.from({ length: 20 }, word);
  const common = vocabulary();
  const cast = ['MARVA', 'TOLLO', 'PAVEL'].map((name) => ({ name, own: vocabulary() }));
  const numerals = ['I', 'II', 'III', 'IV'];
  const scenes = numerals.flatMap((act, a) => [
    `## ACT ${act}`,
    ...numerals.flatMap((scene, s) => [
      ...[`### SCENE ${scene}. A quay.`, '_Enter MARVA, TOLLO, PAVEL_'],
      ...Array.from({ length: 14 }, (_, i) => {
        const { name, own } = cast[i % 3]!;
        const length = (i === 6 ? 56 : 8) + Math.floor(random() * 5);
        const said = Array.from({ length }, () => pick(random() < 0.6 ? own : common));
        const isSilent = name === 'PAVEL' && without.includes(`${a + 1}.${s + 1}`);
        return `**${isSilent ? 'TOLLO' : name}**\nSo ${said.join(' ')}.`;
      }),
      '_Exeunt_',
    ]),
  ]);
  return ['# The Invented Quay', ...scenes].join('\n\n');
}
