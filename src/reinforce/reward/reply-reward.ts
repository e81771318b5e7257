import { DramatisError } from '../../errors.ts';
import { addressForms } from '../../play/pronouns.ts';
import { words } from '../../play/words.ts';
import type { RewardedCharacter } from './character.ts';
import { failedGate, type GateFailure, type GateName } from './gates.ts';
import type { Ranks } from './ranks.ts';
import type { Keys, Reply } from './reply.ts';

/** Version of what follows: figures of two versions are not compared. */
export const rewardVersion = 1;

/** What a reply that passes all gates is worth, each 0 to 1. */
interface RewardParts {
  /** Whose words they sound like. */
  readonly who: number;
  /** Whether they answer this question and no other. */
  readonly apt: number;
  /** Whether they name who is asked for; undefined where nobody is. */
  readonly known: number | undefined;
  /** Length and words of address. */
  readonly manner: number;
}

/** What a reply is worth. */
export interface Rewarded {
  /** 0 to 1: the mean of the parts, and 0 for what does not pass a gate. */
  readonly reward: number;
  readonly failure: GateFailure | undefined;
  readonly parts: RewardParts;
}

/** Originals above their median are not worth more: nothing is gained by being more like somebody than they are. */
const median = 0.5;

/**
 * What replies of a batch are worth: gates, and the mean of four parts that are capped where originals have their median.
 * Pure: what models say of a reply comes with it.
 *
 * `who` is the worse of two critics that never saw a reply: naive Bayes on words and pairs, names out, and the label that a
 * frozen model would give it. `known` counts as often as the twin's replies are right, too: one answer to both gets nothing.
 *
 * @param replies All replies of a step.
 * @throws {DramatisError} NATIVE_FAILED for a criticism that is no number.
 */
export function rewardReplies(
  replies: readonly Reply[],
  character: RewardedCharacter,
  without?: GateName,
): Rewarded[] {
  for (const reply of replies) requireFinite(reply);
  const right = rightShares(replies);
  return replies.map((reply) => {
    const parts = partsOf(reply, character, right);
    const { who, apt, known, manner } = parts;
    const counted = [who, apt, manner, ...(known === undefined ? [] : [known])];
    const failure = failedGate(reply, character, { others: replies, without });
    const mean = counted.reduce((sum, part) => sum + part, 0) / counted.length;
    return { reward: failure ? 0 : mean, failure, parts };
  });
}

/** Share of the replies to each question with keys that are right. */
function rightShares(replies: readonly Reply[]): ReadonlyMap<string, number> {
  const told = new Map<string, number[]>();
  for (const { asked, text } of replies) {
    if (!asked.keys) continue;
    told.set(asked.id, [...(told.get(asked.id) ?? []), Number(isRight(text, asked.keys))]);
  }
  return new Map(
    Array.from(told, ([id, all]) => [id, all.reduce((sum, one) => sum + one, 0) / all.length]),
  );
}

/** The right name and no wrong one. */
function isRight(text: string, { right, wrong }: Keys): boolean {
  const said = ` ${words(text).join(' ')} `;
  const has = (name: string): boolean => said.includes(` ${words(name).join(' ')} `);
  return has(right) && !wrong.some(has);
}

function partsOf(
  { asked, text, criticism }: Reply,
  character: RewardedCharacter,
  right: ReadonlyMap<string, number>,
): RewardParts {
  const { wordRanks, labelRanks, aptRanks } = character;
  const own = words(text);
  const capped = (ranks: Ranks, value: number): number =>
    Math.min(1, ranks.below({ words: own.length, value }) / median);
  return {
    who: Math.min(
      capped(wordRanks, character.wordNats(text, asked.scene)),
      capped(labelRanks, criticism.label),
    ),
    apt: capped(aptRanks, criticism.apt),
    known:
      asked.keys && Number(isRight(text, asked.keys)) * (right.get(asked.twin ?? asked.id) ?? 0),
    manner: (lengthFit(own.length, character) + pronounFit(own, asked.addressee, character)) / 2,
  };
}

/** 1 for a length that half of the originals have, falling to 0 where the gate is. */
function lengthFit(count: number, { lengths }: RewardedCharacter): number {
  const { least, low, high, most } = lengths;
  if (count < low) return Math.max(0, (count - least + 1) / (low - least + 1));
  if (count > high) return Math.max(0, (most - count + 1) / (most - high + 1));
  return 1;
}

/** How near thou and you are to what the character calls that person; 0 for more of either than anybody has. */
function pronounFit(
  own: readonly string[],
  addressee: string | undefined,
  character: RewardedCharacter,
): number {
  const { thou, you } = addressForms(own);
  if (thou + you === 0) return 1;
  if ((thou + you) / own.length > character.mostPronouns) return 0;
  const habit = character.thouTo(addressee);
  return habit === undefined ? 1 : 1 - Math.abs(thou / (thou + you) - habit);
}

function requireFinite({ asked, criticism }: Reply): void {
  const wrong = Object.entries(criticism).find(([, value]) => !Number.isFinite(value));
  if (!wrong) return;
  throw new DramatisError(
    'NATIVE_FAILED',
    `a reply to ${asked.id} has no reward: its ${wrong[0]} is ${wrong[1]} nats`,
    { remedy: 'Give a lower --lr; the checkpoint before this step is kept, for --resume.' },
  );
}
