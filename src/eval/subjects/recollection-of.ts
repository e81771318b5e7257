import { recallForTurn } from '../../actor/recall-for-turn.ts';
import { prng, shuffled } from '../../measure/statistics/prng.ts';
import type { Memory } from '../../memory/memory.ts';
import type { Remembering } from '../../memory/memory-part.ts';
import type { MemoryKind, Recalled, Recollection } from '../../memory/recalled.ts';
import { defaultBudget } from '../../memory/recollect.ts';
import { parsePlace } from '../../play/place.ts';
import type { Play } from '../../play/play.ts';
import { VISITOR } from '../../prompt/prompt.ts';
import { isAmong } from '../span.ts';
import type { QuestionContext, RecallRequest, Span } from '../task.ts';

/** A whole play, and the memory of it. */
export interface RememberedPlay {
  readonly play: Play;
  readonly memory: Memory;
}

/** Facts drawn by lot, and memories that are looked through for those of some lines. */
const lotSize = defaultBudget.digests;
const deepest = 1000;

/** What stands before a question as recalled, of a memory of the whole play: see `Memories`. */
export async function recollectionOf(
  context: QuestionContext,
  memory: Memory,
  signal?: AbortSignal,
): Promise<Recollection> {
  const { memories = { kind: 'own' } } = context;
  switch (memories.kind) {
    case 'none':
      return { items: [] };
    case 'own':
      return recallForTurn(memory, turnOf(context), signal);
    case 'of another': {
      const turn = { ...turnOf(context), speaker: memories.character, isGated: false };
      // What the other does not know is no verdict on the one who is asked.
      const { items } = await recallForTurn(memory, turn, signal);
      return { items };
    }
    case 'of lines': {
      const { of, spans } = memories;
      return { items: await ofLines(context, memory, { of, spans, signal }) };
    }
    case 'by lot': {
      const known = memory.remembered('digest', whoOf(context));
      return { items: shuffled(known, prng(memories.seed)).slice(0, lotSize) };
    }
  }
}

/** More of what a question brings to mind than an answer is given, and more where the gate would leave nothing. */
export function deepRecollection(
  { context, limit }: RecallRequest,
  memory: Memory,
  signal?: AbortSignal,
): Promise<Recollection> {
  const budget = { digests: limit, windows: 0, speeches: limit, words: Number.MAX_SAFE_INTEGER };
  return recallForTurn(memory, { ...turnOf(context), budget, isGated: false }, signal);
}

const whoOf = ({ speaker, at }: QuestionContext): Remembering => ({
  character: speaker,
  before: at === undefined ? undefined : parsePlace(at),
});

function turnOf(context: QuestionContext) {
  const { character: speaker, before: at } = whoOf(context);
  return { turns: [{ speaker: VISITOR, text: context.question }], speaker, at };
}

/** The memory of some lines that the question finds first; the first there is if it finds none. */
async function ofLines(
  context: QuestionContext,
  memory: Memory,
  {
    of,
    spans,
    signal,
  }: { of: MemoryKind; spans: readonly Span[]; signal?: AbortSignal | undefined },
): Promise<readonly Recalled[]> {
  const who = whoOf(context);
  const options = { ...who, kinds: [of], limit: deepest, signal };
  const found = await memory.recall(context.question, options);
  const one =
    found.find((item) => isAmong(item, spans)) ??
    memory.remembered(of, who).find((item) => isAmong(item, spans));
  return one ? [one] : [];
}
