import { fitRows } from '../corpus/rows/fit-rows.ts';
import type { TrainingRow } from '../corpus/rows/training-row.ts';
import type { Memory } from '../memory/memory.ts';
import { recollect } from '../memory/recollect.ts';
import { parsePlace } from '../play/place.ts';
import type { Play } from '../play/play.ts';
import { answeringFor } from '../prompt/layout.ts';
import { personaOf } from '../prompt/persona/persona.ts';
import type { Form, Persona, PromptModel, Quotation } from '../prompt/prompt.ts';
import type { Sequence } from './batches.ts';
import { pairOf } from './pair.ts';

export interface SequenceOptions {
  readonly form: Form;
  /** Most tokens of a sequence: a longer row is divided. */
  readonly context: number;
  /** What models may be shown of the play: personas come from it. */
  readonly shown: Play;
  /** Whether a row of the kinds `contrast` and `mislabelled` becomes a pair with what is really said there. */
  readonly pairs?: boolean;
  /** Memory of `shown`; without one no row has memories. */
  readonly memory?: Memory | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Rows as tokens, each with the blocks that it is shown with: what the actor and the benchmark would ask. */
export async function sequencesOf(
  model: PromptModel,
  rows: readonly TrainingRow[],
  { form, context, shown, pairs = false, memory, signal }: SequenceOptions,
): Promise<Sequence[]> {
  const personas = new Map<string, Persona | undefined>();
  const personaFor = (name: string): Persona | undefined => {
    if (!personas.has(name)) {
      const member = shown.cast.find((one) => one.name === name);
      personas.set(name, member && personaOf(shown, member));
    }
    return personas.get(name);
  };
  const sequences: Sequence[] = [];
  for (const row of rows) {
    signal?.throwIfAborted();
    const persona = row.shows.persona ? personaFor(row.speaker) : undefined;
    const { facts } = answeringFor(model, persona);
    const recalled = row.shows.memory
      ? (row.recalled?.slice(0, facts).map((text) => ({ text })) ??
        (await recall(memory, row, signal)))
      : [];
    // Questions that are answered from facts have others shown as answered before, as in a conversation.
    const isAsked = row.shows.memory && row.recalled !== undefined;
    const { speaker } = row;
    const parts = { form, persona, ...partsOf(row), recalled, isAsked, speaker };
    const fitted = fitRows(model, parts, context).map((one, part) => ({
      id: `${row.id}.${part}`,
      ...one,
    }));
    if (!pairs || !row.preferred) {
      sequences.push(...fitted);
      continue;
    }
    const [wanted] = fitRows(model, { ...parts, ...partsOf(row.preferred) }, context);
    const pair = wanted && pairOf({ id: row.id, ...wanted }, fitted[0]!);
    if (pair) sequences.push(pair);
  }
  return sequences;
}

function partsOf({ scene, turns }: Pick<TrainingRow, 'scene' | 'turns'>) {
  return { at: scene === undefined ? undefined : parsePlace(scene), turns };
}

/** What the speaker remembers at what is said before the last answer, from before the row. */
async function recall(
  memory: Memory | undefined,
  { turns, speaker, scene }: TrainingRow,
  signal?: AbortSignal,
): Promise<readonly Quotation[]> {
  const said = turns.at(-2);
  if (!memory || !said || scene === undefined) return [];
  const { items } = await recollect(memory, said.text, {
    character: speaker,
    before: parsePlace(scene),
    signal,
  });
  return items;
}
