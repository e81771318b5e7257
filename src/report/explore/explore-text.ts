import type { Exploration } from '../../play/explore.ts';

/** Columns of the terminal it fits. */
const columns = 80;
const barColumns = 30;
const shownCharacters = 12;
const shownScenes = 40;

/** A play looked at, as lines of at most 80 columns for a terminal. */
export function exploreText(exploration: Exploration): string {
  const { title, totals, characters, speechLengths, scenes, answers, vocabulary, cleaning } =
    exploration;
  const name = nameWidth(characters.slice(0, shownCharacters).map((character) => character.name));
  return [
    `${title}: ${totals.acts} acts, ${totals.scenes} scenes, ${totals.speeches} speeches, ${totals.words} words`,
    '',
    'Words and speeches',
    ...characters
      .slice(0, shownCharacters)
      .map(({ name: who, words, speeches }) =>
        row(who, name, bar(words / characters[0]!.words), `${words} in ${speeches}`),
      ),
    '',
    'Speeches by length in words',
    ...lengthRows(speechLengths),
    '',
    'Scenes, their words, and who is there for most of them',
    ...scenes.slice(0, shownScenes).map(({ place, words, presence }) => {
      const there = Object.entries(presence)
        .filter(([, share]) => share >= 0.5)
        .sort((a, b) => b[1] - a[1])
        .map(([who]) => who);
      return `${place.padEnd(6)}${String(words).padStart(6)}  ${there.join(', ')}`;
    }),
    '',
    'Who answers whom',
    ...answers
      .slice(0, 8)
      .map(({ from, to, count }) => `${String(count).padStart(6)}  ${to} after ${from}`),
    '',
    'Words of their own (log-odds, Dirichlet prior)',
    ...vocabulary.map(({ name: who, words }) =>
      row(who, name, words.map(({ word }) => word).join(' ')),
    ),
    '',
    `${(100 * cleaning.onStageShare).toFixed(1)} % of speakers are on stage when they speak; the parser warned of:`,
    ...cleaning.warnings.map(({ kind, count }) => `${String(count).padStart(6)}  ${kind}`),
  ]
    .map((line) => fitted(line))
    .join('\n');
}

function lengthRows(rows: Exploration['speechLengths']): string[] {
  const most = Math.max(1, ...rows.map(({ speeches }) => speeches));
  return rows.map(({ upToWords, speeches }) => {
    const label = Number.isFinite(upToWords) ? `up to ${upToWords}` : 'more';
    return row(label, 10, bar(speeches / most), String(speeches));
  });
}

const nameWidth = (names: readonly string[]): number =>
  Math.min(24, Math.max(8, ...names.map((name) => name.length)));

const row = (label: string, width: number, ...cells: string[]): string =>
  [label.slice(0, width).padEnd(width), ...cells].join('  ');

const bar = (share: number): string => '█'.repeat(Math.max(1, Math.round(share * barColumns)));

const fitted = (line: string): string =>
  line.length > columns ? `${line.slice(0, columns - 1)}…` : line.trimEnd();
