import type { Row } from '../../measure/row.ts';
import { auc } from '../../measure/statistics/auc.ts';
import type { VoiceItem } from './voice-item.ts';

/**
 * How much likelier a speech is in each voice than in the others: its log-likelihood less the mean of theirs,
 * in nats per byte. Worked out once for each row, since bootstrap draws ask again and again.
 */
function logRatios({ item, answers }: Row<VoiceItem>): readonly number[] {
  const known = ratios.get(answers);
  if (known) return known;
  const nats = answers.map((answer) => {
    if (answer.kind !== 'score') throw new RangeError('voice wants scores');
    return answer.nats[0]!;
  });
  const found = ratiosOf(nats, item.text);
  ratios.set(answers, found);
  return found;
}
const ratios = new WeakMap<Row['answers'], readonly number[]>();

/** Parts of a nat per byte; finer differences are rounding errors, and would be taken for an order. */
const finest = 1e9;

/** Log-likelihood of each voice less the mean of the others, in nats a byte, from log-likelihoods in nats. */
export function ratiosOf(nats: readonly number[], text: string): number[] {
  const total = nats.reduce((sum, value) => sum + value, 0);
  const bytes = Buffer.byteLength(text);
  return nats.map((value) => {
    const ratio = (value - (total - value) / (nats.length - 1)) / bytes;
    return Math.round(ratio * finest) / finest;
  });
}

/** Whose speeches there are, and in which voices they were scored. */
export interface VoiceMatrix {
  readonly speakers: readonly string[];
  readonly voices: readonly string[];
  /**
   * Speakers × voices: how well a voice tells this speaker's speeches from those of all others, as AUC. On the
   * diagonal it is to be high, elsewhere low; .5 is no idea. NaN where one side has no speech.
   */
  readonly cells: readonly (readonly number[])[];
}

export function voiceMatrix(rows: readonly Row<VoiceItem>[]): VoiceMatrix {
  const voices = rows[0]?.item.voices ?? [];
  const speakers = voices.filter((name) => rows.some(({ item }) => item.speaker === name));
  const cells = speakers.map((speaker) => voices.map((_, voice) => aucOf(rows, speaker, voice)));
  return { speakers, voices, cells };
}

/**
 * The diagonal's mean: how well voices know their own speeches. A voice that is always likelier than others, by
 * its persona or its share of the play, gains nothing by it here, as it would if all pairs were pooled.
 */
export function meanAuc(rows: readonly Row<VoiceItem>[]): number {
  const voices = rows[0]?.item.voices ?? [];
  const own = voices.map((name, voice) => aucOf(rows, name, voice)).filter(Number.isFinite);
  return own.reduce((sum, value) => sum + value, 0) / own.length;
}

/**
 * All pairs of a speech and a voice at once: those of its own against the others. Comparable with published
 * figures, but who merely prefers the talkative is above .5 by it.
 */
export function pooledAuc(rows: readonly Row<VoiceItem>[]): number {
  const own: number[] = [];
  const others: number[] = [];
  for (const row of rows)
    logRatios(row).forEach((ratio, voice) => {
      (row.item.voices[voice] === row.item.speaker ? own : others).push(ratio);
    });
  return auc(own, others);
}

function aucOf(rows: readonly Row<VoiceItem>[], speaker: string, voice: number): number {
  const own: number[] = [];
  const others: number[] = [];
  for (const row of rows)
    (row.item.speaker === speaker ? own : others).push(logRatios(row)[voice]!);
  return own.length === 0 || others.length === 0 ? Number.NaN : auc(own, others);
}

/** Share of the voices that are, in the mean, likeliest on speeches of their own. */
export function diagonalDominance(rows: readonly Row<VoiceItem>[]): number {
  const voices = rows[0]?.item.voices ?? [];
  const sums = voices.map(() => new Float64Array(voices.length));
  const counts = new Float64Array(voices.length);
  for (const row of rows) {
    const speaker = voices.indexOf(row.item.speaker);
    counts[speaker]!++;
    logRatios(row).forEach((ratio, voice) => {
      sums[speaker]![voice]! += ratio;
    });
  }
  const there = voices.flatMap((_, speaker) => (counts[speaker]! > 0 ? [speaker] : []));
  if (there.length < 2) return Number.NaN;
  const mean = (speaker: number, voice: number): number =>
    sums[speaker]![voice]! / counts[speaker]!;
  const dominant = there.filter((own) =>
    there.every((other) => other === own || mean(own, own) > mean(other, own)),
  );
  return dominant.length / there.length;
}
