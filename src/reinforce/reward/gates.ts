import { RunIndex } from '../../corpus/gates/run-index.ts';
import { sharedRun, sharedRuns } from '../../corpus/gates/shared-run.ts';
import { specialString } from '../../corpus/gates/special-strings.ts';
import { recitedRun } from '../../measure/text/copying.ts';
import { distinctShare } from '../../measure/text/diversity.ts';
import { maskBreak } from '../../measure/text/mask-break.ts';
import { replyFaultsOf } from '../../measure/text/reply-form.ts';
import { words } from '../../play/words.ts';
import type { RewardedCharacter } from './character.ts';
import type { Reply } from './reply.ts';

/** What makes a reply worth nothing, whatever else is good about it. */
export const gateNames = [
  'length',
  'characters',
  'form',
  'direction',
  'role',
  'vocabulary',
  'recited',
  'stitched',
  'echo',
  'circles',
  'surprise',
  'said again',
] as const;
export type GateName = (typeof gateNames)[number];

/** Why a reply is worth nothing. */
export interface GateFailure {
  readonly gate: GateName;
  /** With the values. */
  readonly says: string;
}

/** @returns Why the reply does not pass, undefined if it does. */
type Gate = (
  reply: Reply,
  own: readonly string[],
  character: RewardedCharacter,
  others: readonly Reply[],
) => string | undefined;

/** Words in a row of the prompt that are its echo: a question of four words may be taken up. */
const echoedRun = 6;
/** Words in a row of the play, from which on they are taken from it, though too few to be recited. */
const stitchedRun = 5;
/** Share of a reply's words that may be such runs. */
const mostStitched = 0.3;
/** Share of pairs of neighbours that differ, below which a reply goes in circles. */
const leastDistinct = 0.85;
/** In words: shorter texts repeat themselves by chance. */
const leastForCircles = 12;
/** What is printed with letters of our own alphabet, besides what the play has. */
const plain = /^[\x20-\x7e\nàâçèéêëîïôœùûüæ‘’“”–—…]$/i;
/** What an actor does stands in brackets, between stars, or as a line of its own. */
const directions =
  /\*[^*\n]{2,}\*|_[^_\n]{2,}_|\([^)\n]*\)|(?:^|\n)\s*(?:enter|exit|exeunt|re-enter)\b/i;

const gates: Readonly<Record<GateName, Gate>> = {
  length: (_, own, { lengths: { least, most } }) =>
    own.length < least || own.length > most
      ? `${own.length} words; ${round(least)} to ${round(most)} are wanted`
      : undefined,
  characters: ({ text }, _, { printed }) => {
    const special = specialString(text);
    if (special !== undefined) return `the control token ${special}`;
    const odd = [...text].find((one) => !plain.test(one) && !printed.has(one));
    return odd && `the character U+${odd.codePointAt(0)!.toString(16).toUpperCase()}`;
  },
  form({ text, asked, isEnded }, _, { replier }) {
    const stop = isEnded ? 'end' : 'length';
    const faults = replyFaultsOf({ question: asked.question, reply: text, stop }, replier);
    return faults.length > 0 ? faults.join(', ') : undefined;
  },
  direction: ({ text }) => directions.exec(text)?.[0].trim(),
  role: ({ text, asked }) => maskBreak(text, asked.question),
  vocabulary: ({ text }, _, { vocabulary }) => vocabulary.strangers(text)?.join(', '),
  recited({ text }, _, { text: { runs } }) {
    const [run] = sharedRuns(text, runs, recitedRun);
    return run && `"${run.words}" of ${run.place}`;
  },
  stitched({ text }, own, { text: { runs } }) {
    const taken = new Set(
      sharedRuns(text, runs, stitchedRun)
        .filter(({ length }) => length < recitedRun)
        .flatMap(({ at, length }) => Array.from({ length }, (_, i) => at + i)),
    );
    const share = taken.size / own.length;
    return share > mostStitched ? `${round(100 * share)} % in short runs of the play` : undefined;
  },
  echo({ text, asked }) {
    const prompt = new RunIndex(
      [asked.question, ...asked.shown].map((one, i) => ({ place: String(i), text: one })),
    );
    const run = sharedRun(text, prompt);
    return run && run.length >= echoedRun ? `"${run.words}"` : undefined;
  },
  circles(_, own) {
    if (own.length < leastForCircles) return undefined;
    const pairs = own.slice(1).map((word, i) => `${own[i]} ${word}`);
    const share = distinctShare([pairs], pairs.length);
    return share < leastDistinct ? `${round(100 * share)} % different pairs of words` : undefined;
  },
  surprise({ criticism: { surprise: found } }, _, { surprise: { least, most } }) {
    if (found >= least && found <= most) return undefined;
    return `${found.toFixed(2)} nats a byte; ${least.toFixed(2)} to ${most.toFixed(2)} are wanted`;
  },
  'said again'(reply, own, _, others) {
    const run = Math.min(recitedRun, own.length);
    const index = new RunIndex(
      others
        .filter(({ asked }) => asked.id !== reply.asked.id)
        .map(({ asked, text }) => ({ place: asked.id, text })),
    );
    const [found] = sharedRuns(reply.text, index, run);
    return found && `"${found.words}", as to ${found.place}`;
  },
};

const round = (value: number): number => Math.round(value);

/**
 * The first gate that a reply does not pass; undefined if it passes all.
 *
 * @param others All replies of the batch: who says the same to everybody answers nobody.
 * @param without Gates that are left open, to see what each is for.
 */
export function failedGate(
  reply: Reply,
  character: RewardedCharacter,
  {
    others,
    without,
  }: { readonly others: readonly Reply[]; readonly without?: GateName | undefined },
): GateFailure | undefined {
  const own = words(reply.text);
  for (const gate of gateNames) {
    if (gate === without) continue;
    const says = gates[gate](reply, own, character, others);
    if (says !== undefined) return { gate, says };
  }
  return undefined;
}
