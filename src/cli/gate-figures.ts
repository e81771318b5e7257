import type { Source } from '../corpus/source.ts';
import { trainPlay } from '../corpus/splits/without-scenes.ts';
import type { Model } from '../engine/model.ts';
import type { WornAdapter } from '../engine/wear-for-turn.ts';
import { evaluate, itemsOf, type Progress, type Split } from '../eval/run/evaluate.ts';
import { noLevers } from '../eval/subject.ts';
import { EngineSubject, openScoringSession } from '../eval/subjects/engine-subject.ts';
import { tasksNamed } from '../eval/tasks/all.ts';
import type { Form } from '../prompt/prompt.ts';
import type { Figure } from '../registry/version.ts';
import { figuresOf } from './adapters-figures.ts';

export interface GateFiguresOptions {
  readonly model: Model;
  /** Of the character the adapter is of; of no one for an adapter of the whole play. */
  readonly source: Source;
  readonly form: Form;
  /** All that is worn, the play adapter under a character's among it. */
  readonly adapters: readonly WornAdapter[];
  /** Whether the model is told whom it speaks as, with and without the adapters. */
  readonly persona: boolean;
  /** Items of each task, at most; all unless given. */
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** What the gate wants measured, and where. */
const asked: readonly (readonly [Split, readonly string[]])[] = [
  ['dev', ['bits', 'voice', 'keep']],
  ['train', ['recite']],
];

/**
 * The figures that the gate judges adapters by, as far as the play has anything to ask, measured as `dramatis eval` does,
 * against the same model without them.
 *
 * @throws {DramatisError} LEAK; `signal.reason`.
 */
export async function measureForGate(options: GateFiguresOptions): Promise<Record<string, Figure>> {
  const { model, source, form, adapters, persona, limit, signal, onProgress } = options;
  using session = await openScoringSession(model);
  const levers = { ...noLevers, adapter: true, persona };
  const shown = trainPlay(source.play, source.split);
  const subject = new EngineSubject({ model, session, shown, form, levers, adapters });
  const figures: Record<string, Figure> = {};
  for (const [split, names] of asked) {
    const tasks = tasksNamed(names);
    // Who has no long speech is not asked to go on with one, but could have learnt others'. A short play may have nothing
    // to ask: the gate says then what was not measured.
    const { character: _, ...everybody } = source;
    const asks = [source, everybody].find((one) =>
      tasks.some((task) => itemsOf(task, { source: one, split }).length > 0),
    );
    if (!asks) continue;
    const sittings = [{ source: asks, split, subject }];
    const results = [];
    for await (const { result } of evaluate({ sittings, tasks, limit, signal, onProgress }))
      results.push(result);
    Object.assign(figures, figuresOf(results, split));
  }
  return figures;
}
