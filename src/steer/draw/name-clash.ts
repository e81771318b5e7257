import type { Model } from '../../engine/model.ts';
import { DramatisError } from '../../errors.ts';
import type { Steering } from '../steering.ts';

/** A reply that was refused: what held it. */
export interface HeldReply {
  readonly model: Pick<Model, 'grammar'>;
  readonly steering: Steering;
  /** Grammars asked for besides those of the levers. */
  readonly asked: readonly string[];
}

/**
 * An error about grammars that leave a reply nothing to say, with the levers that clash with what was asked for; any other
 * error as it is.
 */
export async function namingClash(error: unknown, held: HeldReply): Promise<unknown> {
  const isClash =
    error instanceof DramatisError &&
    error.code === 'GRAMMAR_INVALID' &&
    error.message.includes('leaves nothing to say');
  const { grammars = [], grammarLevers = [] } = held.steering;
  if (!isClash || held.asked.length === 0 || grammarLevers.length === 0) return error;
  const clashing: string[] = [];
  for (const [i, lever] of grammarLevers.entries())
    if (await clashesAtStart(held, grammars[i]!)) clashing.push(lever);
  const some = clashing.length > 0 ? clashing : grammarLevers;
  const levers = `the lever${some.length === 1 ? '' : 's'} ${some.join(', ')}`;
  const how = clashing.length > 0 ? 'clashes with' : 'may clash with';
  return new DramatisError('GRAMMAR_INVALID', `${error.message}; ${how} ${levers}`, {
    cause: error,
    remedy: `Turn off ${levers} (--steer takes a list of those to keep, "off" keeps none), or correct the grammar.`,
  });
}

/** Whether a lever's grammar and those asked for have no first token in common. */
async function clashesAtStart({ model, asked }: HeldReply, grammar: string): Promise<boolean> {
  const wanted = await Promise.all(asked.map((text) => firstTokens(model, text)));
  const own = await firstTokens(model, grammar);
  return ![...own].some((token) => wanted.every((set) => set.has(token)));
}

async function firstTokens(
  model: Pick<Model, 'grammar'>,
  text: string,
): Promise<ReadonlySet<number>> {
  using matcher = (await model.grammar(text)).matcher();
  return new Set(matcher.allowed());
}
