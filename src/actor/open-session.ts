import { defaultWindow } from '../engine/session/cache.ts';
import type { Session } from '../engine/session/session.ts';
import type { ActorOptions } from './actor-options.ts';

/**
 * Opens an actor's session: in the cache it is given, else in one of its own that has room for what the steering asks for,
 * which is drafts, which share the prompt, and the base of contrast, which reads another. Levers that are turned on later
 * take their steps one after another.
 *
 * @throws {DramatisError} MEMORY_SHORT, WINDOW_EXCEEDED.
 */
export async function openSession({
  model,
  cache,
  window,
  steering: { reflection, contrast, maxTokens },
}: Pick<ActorOptions, 'model' | 'cache' | 'window' | 'steering'>): Promise<Session> {
  if (cache) return cache.session();
  const drafts = reflection ? reflection.drafts - 1 : 0;
  const bases = contrast === undefined ? 0 : 1;
  const sizes = window === undefined ? {} : { window };
  if (drafts + bases === 0) return model.session(sizes);
  const { trainedWindow } = model.info;
  const own = window ?? Math.min(defaultWindow, trainedWindow);
  const tokens = own * (1 + bases) + drafts * Math.min(maxTokens, own);
  const shared = await model.cache({ ...sizes, sessions: 1 + drafts + bases, tokens });
  return shared.owningSession();
}
