import type { Source } from '../../corpus/source.ts';
import type { Answer, Row, Values } from '../../measure/row.ts';
import { seedOf } from '../../measure/statistics/prng.ts';
import { brier, cAt1, fHalfU, verdict } from '../../measure/statistics/verification.ts';
import { sceneTurns } from '../../play/scene-turns.ts';
import { firstPlace } from '../choice.ts';
import { itemId } from '../item-id.ts';
import { mainCharacters } from '../main-characters.ts';
import type { Request, Task } from '../task.ts';
import { firstWords } from '../turn-windows.ts';
import { summaries } from './summaries.ts';
import { bayesOf } from './voice-bayes.ts';
import type { VoiceItem } from './voice-item.ts';
import { diagonalDominance, meanAuc, pooledAuc, ratiosOf } from './voice-matrix.ts';

/** A shorter speech has no voice. */
const leastWords = 12;
/** Words of a speech that are scored, from its beginning. */
const mostWords = 60;
/** Usual length of what is scored of a speech. */
const usualBytes = 150;
/** Other speakers among whom a character is to be recognised. */
const companions = 4;
/** Speeches that are scored together: one voice's persona is then read once for all of them. */
const unitItems = 64;
/** Probabilities in between, odds below 2 : 1, are no answer. */
const greyZone = [1 / 3, 2 / 3] as const;

/**
 * Whose words are these? Each speech is scored in the voices of the main characters, by persona or adapter, with
 * nothing before it; the right voice is to make it likeliest. Persons of one author share one hand: do not
 * expect 1.
 *
 * Floor: AUC .5. Baselines, printed as rows: the most talkative voice, top-1 .37 to .54 and AUC .5; naive Bayes on
 * words and character 4-grams that has not read the scene, pooled AUC of single speeches .64 to .79 in Hamlet by
 * length and .51 to .70 in Macbeth. Ceiling: .83 to .86 for 800 words at once. The impostor is in every figure:
 * each speech stands against voices that are not its own.
 *
 * c@1, F0.5u and Brier are for two questions an item: the speaker's own voice, and one other that is drawn.
 *
 * @see Bevendorff et al., "Overview of PAN 2020"; Peñas and Rodrigo, "A simple measure to assess
 *   non-response", 2011.
 */
export const voice: Task<VoiceItem> = {
  name: 'voice',
  version: 1,
  summary: summaries.voice,
  metrics: [
    { name: 'AUC', unit: 'share', higherIsBetter: true, floor: 0.5, ceiling: 1, of: meanAuc },
    { name: 'pooled AUC', unit: 'share', higherIsBetter: true, ceiling: 1, of: pooledAuc },
    { name: 'top-1', unit: 'share', higherIsBetter: true, ceiling: 1, isBinary: true },
    { name: 'c@1', unit: 'score', higherIsBetter: true, floor: 0.5, ceiling: 1, of: pooledCAt1 },
    {
      name: 'F0.5u',
      unit: 'score',
      higherIsBetter: true,
      floor: 0.5,
      ceiling: 1,
      of: pooledFHalfU,
    },
    { name: 'Brier', unit: 'score', higherIsBetter: true, floor: 0.75, ceiling: 1 },
    { name: 'log ratio', unit: 'nats', higherIsBetter: true, floor: 0 },
    {
      name: 'diagonal dominance',
      unit: 'share',
      higherIsBetter: true,
      ceiling: 1,
      of: diagonalDominance,
    },
  ],
  anchors: [
    {
      name: 'original',
      answers: (item) => asAnswers(item.voices.map((v) => (v === item.speaker ? 0 : -100))),
    },
    { name: 'naive Bayes', answers: ({ bayes }) => asAnswers(bayes) },
    { name: 'majority', answers: (item) => asAnswers(byShare(item)) },
  ],
  invariants: [['original', 'majority']],

  items(source) {
    const voices = voicesOf(source);
    if (voices.length < 2) return [];
    const bayes = bayesOf(source, voices);
    const counts = voices.map((name) => Math.max(1, wordsOf(source, name)));
    const total = counts.reduce((sum, n) => sum + n, 0);
    const shares = counts.map((n) => n / total);
    const inPart = new Map<string, number>();
    return sceneTurns(source.play).flatMap(({ scene, turns }) =>
      turns.flatMap(({ speaker, place, text, words }): VoiceItem[] => {
        if (words < leastWords || !voices.includes(speaker)) return [];
        const part = source.split.partOf(scene);
        const nth = inPart.get(part) ?? 0;
        inPart.set(part, nth + 1);
        return [
          {
            id: itemId(source.sha256, voice, place, ...voices),
            task: voice.name,
            scene,
            place,
            speaker,
            voices,
            text: firstWords(text, mostWords),
            bayes: bayes.get(place)!,
            shares,
            unit: `${part} ${Math.floor(nth / unitItems)}`,
          },
        ];
      }),
    );
  },
  unitOf: ({ unit }) => unit,
  requests,

  measure({ id, voices, speaker, text }, answers): Values {
    const nats = answers.map((answer) => (answer.kind === 'score' ? answer.nats[0]! : Number.NaN));
    const own = voices.indexOf(speaker);
    const other = (own + 1 + (seedOf(id, 'other') % (voices.length - 1))) % voices.length;
    const ratios = ratiosOf(nats, text);
    const bytes = Buffer.byteLength(text);
    const chances = [own, other].map((index) => probability(ratios[index]! * bytes));
    return {
      'top-1': firstPlace(nats, (index) => index === own),
      'log ratio': ratios[own]!,
      Brier: brier(chances, [true, false]),
      own: chances[0]!,
      other: chances[1]!,
    };
  },
};

function voicesOf({ play, character }: Source): readonly string[] {
  const main = mainCharacters(play);
  if (!character) return main;
  return [character.name, ...main.filter((name) => name !== character.name).slice(0, companions)];
}

const wordsOf = ({ play }: Source, name: string): number =>
  play.cast.find((member) => member.name === name)?.words ?? 0;

function requests({ voices, text }: VoiceItem): Request[] {
  return voices.map((speaker) => ({
    kind: 'score',
    context: { kind: 'scene', turns: [], speaker },
    continuations: [text],
  }));
}

/**
 * The log of each voice's share for a text of the usual length, and by length for others: per byte it is then the
 * same for all texts, and does not tell long from short.
 */
const byShare = ({ shares, text }: VoiceItem): number[] =>
  shares.map((share) => (Math.log(share) * Buffer.byteLength(text)) / usualBytes);

const asAnswers = (nats: readonly number[]): Answer[] =>
  nats.map((value) => ({ kind: 'score', nats: [value], tokens: [1] }));

const probability = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));

function pooledCAt1(rows: readonly Row<VoiceItem>[]): number {
  return cAt1(...questions(rows));
}

function pooledFHalfU(rows: readonly Row<VoiceItem>[]): number {
  return fHalfU(...questions(rows));
}

/** Was it the speaker, and was it the other? */
function questions(rows: readonly Row<VoiceItem>[]): [(boolean | null)[], boolean[]] {
  const answers = rows.flatMap(({ values }) => [
    verdict(values.own!, greyZone),
    verdict(values.other!, greyZone),
  ]);
  return [answers, answers.map((_, i) => i % 2 === 0)];
}
