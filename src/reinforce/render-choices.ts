import { roomFor } from '../eval/subjects/engine-subject.ts';
import type { SubjectVoices } from '../eval/subjects/subject-voices.ts';
import type { ScoreRequest } from '../eval/task.ts';
import type { ChoiceItem } from './choice-item.ts';
import type { ChoiceQuestion } from './choice-task.ts';

/**
 * Questions as the tokens that the benchmark would ask them with.
 *
 * @param voices Those of the benchmark's subject, so that what is learned is what is asked.
 * @param play The play's id.
 * @throws {DramatisError} WINDOW_EXCEEDED for a question that does not fit alone.
 */
export async function renderChoices(
  voices: SubjectVoices,
  play: string,
  questions: readonly ChoiceQuestion[],
  signal?: AbortSignal,
): Promise<ChoiceItem[]> {
  const items: ChoiceItem[] = [];
  for (const { id, task, scene, page, alone, rewards, group } of questions) {
    signal?.throwIfAborted();
    const asked = await rendered(voices, page, signal);
    const { tokens } = await rendered(voices, alone, signal);
    const answers = page.continuations.map((text) => asked.continuation(text));
    const pageKey = `${play} ${scene}`;
    items.push({ id, task, pageKey, page: asked.tokens, alone: tokens, answers, rewards, group });
  }
  return items;
}

async function rendered(voices: SubjectVoices, request: ScoreRequest, signal?: AbortSignal) {
  const { prompt } = await voices.render(request.context, roomFor(request), 'off', signal);
  return prompt;
}
