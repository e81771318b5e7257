import { DramatisError } from '../../errors.ts';
import type { NextEvent } from '../events.ts';
import { mayBeNext } from './candidates.ts';
import type { DirectorContext } from './chooser.ts';

/** A choice that was made elsewhere, by a person or a script: also of the one who spoke last. */
export function imposed(context: DirectorContext, name: string, by: NextEvent['by']): NextEvent {
  const may = mayBeNext(context);
  const candidates = [...new Set(['kind' in may ? [] : may, name].flat())].sort();
  const probabilities = candidates.map((one) => Number(one === name));
  return { kind: 'next', candidates, probabilities, chosen: name, by };
}

/** @throws {DramatisError} NOT_ON_STAGE if nobody is on stage, or not the one who is named. */
export function checkOnStage({ onStage, named }: DirectorContext): void {
  if (onStage.length === 0)
    throw new DramatisError('NOT_ON_STAGE', 'nobody is on stage who could speak');
  if (named !== undefined && !onStage.includes(named))
    throw new DramatisError(
      'NOT_ON_STAGE',
      `${named} cannot speak next: on stage ${onStage.length === 1 ? 'is' : 'are'} ${[...onStage].sort().join(', ')}`,
    );
}
