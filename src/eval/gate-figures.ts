import type { Source } from '../corpus/source.ts';
import { trainPlay } from '../corpus/splits/without-scenes.ts';
import type { Model } from '../engine/model.ts';
import type { ActiveAdapter } from '../engine/session/active-adapters.ts';
import type { Form } from '../prompt/prompt.ts';
import { gateFigures } from '../registry/promotion-gate.ts';
import type { Figure } from '../registry/version.ts';
import { figuresOf } from './results-figures.ts';
import { type EvalProgress, evaluate, itemsOf } from './run/evaluate.ts';
import { noComponents } from './subject.ts';
import { EngineSubject, openScoringSession } from './subjects/engine-subject.ts';
import { tasksNamed } from './tasks/all.ts';

export interface GateFiguresOptions {
  readonly model: Model;
  /** The play, and the character the adapter was trained for; no character for an adapter of the whole play. */
  readonly source: Source;
  readonly form: Form;
  /** All active adapters, the play's own under a character's among them. */
  readonly adapters: readonly ActiveAdapter[];
  /** Whether the model is told whom it speaks as, with and without the adapters. */
  readonly persona: boolean;
  /** Items of each task, at most; all unless given. */
  readonly limit?: number | undefined;
  /** Names of the figures to measure, of `gateFigures`; all unless given. */
  readonly figures?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What the gate wants measured, and where. */
const asked = [
  ['dev', ['bits', 'voice', 'keep']],
  ['train', ['recite']],
] as const;

/**
 * The figures that the gate judges adapters by, as far as the play has anything to ask, measured as `dramatis eval` does,
 * against the same model without them.
 *
 * @throws {DramatisError} LEAK; `signal.reason`.
 */
export async function* measureForGate(
  options: GateFiguresOptions,
): AsyncGenerator<EvalProgress, Record<string, Figure>> {
  const { model, source, form, adapters, persona, limit, signal } = options;
  const wanted = options.figures ?? Object.values(gateFigures);
  using session = await openScoringSession(model);
  const levers = { ...noComponents, adapter: true, persona };
  const shown = trainPlay(source.play, source.split);
  const subject = new EngineSubject({ model, session, shown, form, levers, adapters });
  const figures: Record<string, Figure> = {};
  for (const [split, all] of asked) {
    const names = all.filter((name) => wanted.includes(gateFigures[name]));
    if (names.length === 0) continue;
    const tasks = tasksNamed(names);
    // Who has no long speech is not asked to go on with one, but could have learnt others'. A short play may have nothing
    // to ask: the gate says then what was not measured.
    const { character: _, ...everybody } = source;
    const asks = [source, everybody].find((one) =>
      tasks.some((task) => itemsOf(task, { source: one, split }).length > 0),
    );
    if (!asks) continue;
    const parts = [{ source: asks, split, subject }];
    const results = [];
    for await (const event of evaluate({ parts, tasks, limit, signal })) {
      if (event.kind === 'measured') results.push(event.measured.result);
      if (event.kind === 'progress') yield event;
    }
    Object.assign(figures, figuresOf(results, split));
  }
  return figures;
}
