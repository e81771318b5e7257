import type { ActiveAdapter } from '../engine/session/active-adapters.ts';
import { applyForTurn } from '../engine/session/apply-for-turn.ts';
import type { Session } from '../engine/session/session.ts';
import type { Place } from '../play/play.ts';
import { type Form, type Persona, VISITOR } from '../prompt/prompt.ts';
import { scenePrompt } from '../prompt/scene-prompt.ts';
import { speechSampling } from '../prompt/speech-sampling.ts';

/** What a character answers to a question, at a fixed seed. */
export interface Sample {
  readonly question: string;
  readonly answer: string;
}

const questions = ['Who are you?', 'What do you fear?', 'Tell me of your father.'];
const maxTokens = 60;

/**
 * A few answers with some adapters: to be read beside those of before, not to be counted.
 *
 * @param at Where in the story; the end of the play without it.
 */
export async function samplesOf(
  session: Session,
  options: {
    readonly form: Form;
    readonly persona: Persona;
    readonly at?: Place | undefined;
    readonly adapters: readonly ActiveAdapter[];
    readonly seed: number;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<Sample[]> {
  const { form, persona, at, adapters, seed, signal } = options;
  const samples: Sample[] = [];
  for (const question of questions) {
    const { tokens, turnFrom, stop } = scenePrompt(session.model, {
      form,
      persona,
      at,
      turns: [{ speaker: VISITOR, text: question }],
      speaker: persona.name,
    });
    applyForTurn(session, adapters, turnFrom);
    const sampling = { ...speechSampling, seed };
    let answer = '';
    for await (const { text } of session.generate(tokens, { maxTokens, stop, sampling, signal }))
      answer += text;
    samples.push({ question, answer: answer.trim() });
  }
  return samples;
}
