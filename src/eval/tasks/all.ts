import { DramatisError } from '../../errors.ts';
import type { Task } from '../task.ts';
import { act } from './act.ts';
import { address } from './address.ts';
import { addressee } from './addressee.ts';
import { bits } from './bits.ts';
import { cloze } from './cloze.ts';
import { cue } from './cue.ts';
import { duet } from './duet.ts';
import { keep } from './keep.ts';
import { know } from './know.ts';
import { mask } from './mask.ts';
import { metre } from './metre.ts';
import { next } from './next.ts';
import { quartet } from './quartet.ts';
import { recite } from './recite.ts';
import { session } from './session.ts';
import { stage } from './stage.ts';
import { style } from './style.ts';
import { voice } from './voice.ts';
import { when, whenOpen } from './when.ts';
import { who } from './who.ts';

/** Every task of the benchmark, in the order reports have them. A runner treats all items alike, whatever is in them. */
export const allTasks: readonly Task[] = [
  cue,
  voice,
  who,
  bits,
  next,
  addressee,
  address,
  stage,
  when,
  whenOpen,
  know,
  cloze,
  recite,
  metre,
  style,
  session,
  duet,
  quartet,
  mask,
  keep,
  act,
];

/**
 * Tasks by name; all of them if none is named.
 *
 * @throws {DramatisError} USAGE with the names there are.
 */
export function tasksNamed(names: readonly string[]): readonly Task[] {
  if (names.length === 0) return allTasks;
  return [...new Set(names)].map((name) => {
    const found = allTasks.find((task) => task.name === name);
    if (found) return found;
    const known = allTasks.map((task) => task.name).join(', ');
    throw new DramatisError('USAGE', `there is no task "${name}"; there are ${known}`);
  });
}
