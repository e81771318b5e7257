import type { Generated, GenerateOptions, Session, Stop } from '../engine/session.ts';
import { Utf8Stream } from '../engine/text.ts';
import type { Contrast } from './contrast.ts';
import { addTo } from './row.ts';
import type { Steering } from './steering.ts';

export interface DrawOptions extends Omit<GenerateOptions, 'bias'> {
  readonly steering: Steering;
  readonly contrast?: Contrast | undefined;
}

/**
 * A reply to `prompt` under a steering, token by token: the one place where what levers push meets what a session draws.
 *
 * @throws {DramatisError} What `Session.generate` throws; `signal.reason` when aborted.
 */
export async function* draw(
  session: Session,
  prompt: Int32Array,
  { steering, contrast, ...options }: DrawOptions,
): AsyncGenerator<Generated, Stop, undefined> {
  const said: number[] = [];
  const raw = new Utf8Stream();
  let text = '';
  let bias = steering.bias;
  const contrasted = async (): Promise<Float32Array | undefined> => {
    const own = await session.logits();
    const added = own && (await contrast?.after(own, said, options.signal));
    if (added) addTo(added, bias);
    return added;
  };
  // What is pushed at the first token depends on the prompt: it is read before the reply begins.
  if (contrast) await session.prefill(prompt, options.signal);
  const first = contrast && (await contrasted());
  const generating = session.generate(prompt, { ...options, bias: first ?? bias });
  for (;;) {
    const step = await generating.next();
    if (step.done) return step.value;
    const { token } = step.value;
    if (token !== undefined) {
      said.push(token);
      text += raw.push(session.model.piece(token));
      const next = steering.after(text, said.length);
      bias = next ?? bias;
      const added = contrast && (await contrasted());
      if (added) session.biasAll(added);
      else if (next) session.bias(next);
    }
    yield step.value;
  }
}
