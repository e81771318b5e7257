import type { Session } from '../../engine/session/session.ts';
import { Utf8Stream } from '../../engine/text.ts';
import type { Steering } from '../steering.ts';
import type { Contrast } from './contrast.ts';
import { GrammarTracks } from './grammar-tracks.ts';
import { addTo, logSumExp } from './logits.ts';

export interface ScoreSteeredOptions {
  readonly steering: Steering;
  readonly contrast?: Contrast | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Log-probabilities in nats of each token of a text under a steering: of the distribution that a reply with these words so
 * far would be drawn from at temperature 1, before any token is filtered out. That is
 *
 *     log p(t) + b(t) − log Σ p(v) e^{b(v)}
 *
 * with b the pushes after the words so far, those of grammars among them, and p the contrasted distribution where there is contrast. So what is pushed
 * towards costs all the other words, and a ban of what nobody says gains them nothing: no push is free.
 *
 * Token by token, since a push depends on the words before it: as slow as generating.
 *
 * @returns A number for each token; −Infinity where the steering forbids it: a grammar that the text has left so says
 *          nothing more.
 * @throws {DramatisError} WINDOW_EXCEEDED
 */
export async function scoreSteered(
  session: Session,
  prompt: Int32Array,
  continuation: Int32Array,
  { steering, contrast, signal }: ScoreSteeredOptions,
): Promise<Float32Array> {
  const raw = new Utf8Stream();
  const whole = Int32Array.from([...prompt, ...continuation]);
  const scores = new Float32Array(continuation.length);
  using _ = controlFrom(session, prompt.length - 1, steering);
  using tracks = await GrammarTracks.open(session.model, steering.grammars ?? []);
  let bias = steering.bias;
  let text = '';
  for (let i = 0; i < continuation.length; i++) {
    await session.prefill(whole.subarray(0, prompt.length + i), signal);
    const row = (await session.logits())!; // the window holds what was just read
    const added = await contrast?.after(row, [...continuation.subarray(0, i)], signal);
    if (added) for (let t = 0; t < row.length; t++) row[t]! += added[t]!;
    addTo(row, bias);
    tracks.addTo(row, steering.strength ?? 1);
    const token = continuation[i]!;
    tracks.say(token);
    scores[i] = row[token]! - logSumExp(row);
    text += raw.push(session.model.piece(token));
    bias = steering.after(text, i + 1) ?? bias;
  }
  return scores;
}

/** Lets the steering's control vector act from a position on, until what is returned is disposed of. */
function controlFrom(session: Session, from: number, { control }: Steering): Disposable {
  session.control = control ? { ...control, from } : null;
  return {
    [Symbol.dispose]() {
      session.control = null;
    },
  };
}
