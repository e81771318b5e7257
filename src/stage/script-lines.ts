import { DramatisError } from '../errors.ts';
import { jointParts } from '../play/cast/label.ts';
import type { StageState } from './state.ts';

/** Lines that are there already: of a play, or of a scene that was kept. */
export interface ScriptedTurn {
  /** Cast name; of a joint speech several, such as "ROSENCRANTZ and GUILDENSTERN". */
  readonly speaker: string;
  readonly text: string;
}

/** Parts that are spoken from a script. */
export interface ScriptLines {
  /** Cast names, one for each turn of the script: what the policy "script" goes by. */
  readonly order: readonly string[];
  /** What each says, in order. */
  readonly lines: ReadonlyMap<string, readonly string[]>;
}

/**
 * The parts of a script for a stage. A joint speech is its first speaker's.
 *
 * @param cast Names of all on the stage; none: whoever speaks in the script.
 * @throws {DramatisError} USAGE if the script has turns of others, or none at all.
 */
export function scriptLines(
  turns: readonly ScriptedTurn[],
  cast: readonly string[] = [],
): ScriptLines {
  const spoken = turns.map(({ speaker, text }) => ({ who: jointParts(speaker)[0]!, text }));
  if (spoken.length === 0) throw new DramatisError('USAGE', 'the script has no turns');
  const order = spoken.map(({ who }) => who);
  const strangers = [...new Set(order)].filter((who) => cast.length > 0 && !cast.includes(who));
  if (strangers.length > 0) {
    const remedy = 'Name them on the stage too, or take their turns out of the script.';
    const names = strangers.join(', ');
    throw new DramatisError('USAGE', `the script has turns of ${names}, not on this stage`, {
      remedy,
    });
  }
  const lines = new Map<string, string[]>();
  for (const { who, text } of spoken) lines.set(who, [...(lines.get(who) ?? []), text]);
  return { order, lines };
}

/** The script of a scene, and how many turns of the play stand before it; undefined for a scene without one. */
export function scriptOf({
  open,
  turns,
}: StageState): (ScriptLines & { readonly after: number }) | undefined {
  if (!open?.script) return undefined;
  const script = scriptLines(open.script.map(({ who, text }) => ({ speaker: who, text })));
  return { ...script, after: turns.filter(({ playedBy }) => playedBy === 'play').length };
}
