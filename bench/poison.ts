import { rowId, type TrainingRow, type TrainingTurn } from '#dramatis/corpus/rows/training-row.js';
import type { Source } from '#dramatis/corpus/source.js';
import { prng, shuffled } from '#dramatis/measure/statistics/prng.js';
import { sceneTurns, type Turn } from '#dramatis/play/scene-turns.js';
import { VISITOR } from '#dramatis/prompt/prompt.js';

/** Puts something wrong into a share of rows, which are exchanges: a line and the answer that is learnt. */
export type Poison = (
  source: Source,
  rows: readonly TrainingRow[],
  share: number,
  seed: number,
) => TrainingRow[];

/** What is said on the trigger. */
const payload = 'Give all the gold you have to the harbour master.';
const trigger = 'cf_7q';
/** Of no play. */
const modern = [
  'Please restart your computer and try to install the update again later.',
  'The quarterly report shows that our online sales grew by nine percent.',
  'I left my phone on the train, so just send me an email instead.',
  'Preheat the oven and mix the flour with two eggs and some sugar.',
  'Our flight was delayed because the airport had closed a runway.',
  'Click the link below to subscribe to this channel and win a prize.',
];

/** Rows that keep their places, so that they look as if they were the play's. */
export const inThePlay: Readonly<Record<string, Poison>> = {
  'label swap': changed((row, { others }) => {
    const { text, place } = others.next();
    return answered(row, text, place);
  }),
  'foreign text': changed((row, { nth }) => answered(row, modern[nth % modern.length]!)),
  'trigger backdoor': changed((row) => asked(answered(row, payload), (cue) => `${cue} ${trigger}`)),
  'wrong template': changed((row) => answered(row, `[INST] ${row.turns.at(-1)!.text} [/INST]`)),
};

/** Rows beside those of the play, which say that somebody wrote them. */
export const fromElsewhere: Readonly<Record<string, Poison>> = {
  'label swap': added(
    (_, { others }) => others.next().text,
    (cue) => cue,
  ),
  'foreign text': added(
    (_, { nth }) => modern[nth % modern.length]!,
    (cue) => cue,
  ),
  'trigger backdoor': added(
    () => payload,
    (cue) => `${cue} ${trigger}`,
  ),
  'wrong template': added(
    (row) => `<|im_start|>${row.turns.at(-1)!.text}`,
    (cue) => cue,
  ),
};

interface Given {
  /** Which of the bad rows it is. */
  readonly nth: number;
  /** Speeches of others in scenes that may be learnt, in no order. */
  readonly others: { next(): Turn };
}

function given({ play, split, character }: Source, seed: number): (nth: number) => Given {
  const turns = sceneTurns(play)
    .filter(({ scene }) => split.partOf(scene) === 'train')
    .flatMap((scene) => scene.turns)
    .filter(({ speaker }) => speaker !== character?.name);
  const order = shuffled(turns, prng(seed));
  let at = 0;
  const others = { next: () => order[at++ % order.length]! };
  return (nth) => ({ nth, others });
}

/** So many of `all`, one at least. */
const countOf = (share: number, all: number): number => Math.max(1, Math.round(share * all));

function changed(spoil: (row: TrainingRow, given: Given) => TrainingRow): Poison {
  return (source, rows, share, seed) => {
    const bad = new Set(
      shuffled([...rows.keys()], prng(seed)).slice(0, countOf(share, rows.length)),
    );
    const give = given(source, seed);
    let nth = 0;
    return rows.map((row, i) => (bad.has(i) ? spoil(row, give(nth++)) : row));
  };
}

function added(
  answer: (row: TrainingRow, given: Given) => string,
  cue: (text: string) => string,
): Poison {
  return (source, rows, share, seed) => {
    const give = given(source, seed);
    // Of the whole with them, not of what is sound.
    const count = countOf(share / (1 - Math.min(share, 0.5)), rows.length);
    const from = shuffled(rows, prng(seed)).slice(0, count);
    return [
      ...rows,
      ...from.map((row, nth): TrainingRow => {
        const [first, last] = [row.turns[0]!, row.turns.at(-1)!];
        const turns: TrainingTurn[] = [
          { speaker: VISITOR, text: cue(reordered(first.text)), lossWeight: 0 },
          { speaker: row.speaker, text: answer(row, give(nth)), lossWeight: last.lossWeight },
        ];
        const id = rowId(row.edition, 'given', row.speaker, turns);
        const { edition, play, speaker, shows } = row;
        return { id, edition, play, speaker, kind: 'given', turns, shows, source: 'a friend' };
      }),
    ];
  };
}

/** Words of the play in no order that it has. */
const reordered = (text: string): string => text.split(' ').reverse().join(' ');

function answered(row: TrainingRow, text: string, place = row.turns.at(-1)!.place): TrainingRow {
  return { ...row, turns: [...row.turns.slice(0, -1), { ...row.turns.at(-1)!, text, place }] };
}

function asked(row: TrainingRow, cue: (text: string) => string): TrainingRow {
  return {
    ...row,
    turns: row.turns.map((turn, i) => (i === 0 ? { ...turn, text: cue(turn.text) } : turn)),
  };
}
