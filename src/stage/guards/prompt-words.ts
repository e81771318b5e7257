import { saysPromptWords } from '../../measure/text/reply-form.ts';
import type { Guard } from './guard.ts';

/** Braces, and a key before a colon: what programs write. */
const json = /[{}]|"\w+"\s*:/;

/** Strikes brackets, marks and orders of the prompt, and JSON: words that stand around a speech and in nobody's mouth. */
export const promptWords: Guard = {
  name: 'prompt words',
  judge({ text }) {
    if (json.test(text)) return { detail: 'has JSON in it' };
    return saysPromptWords(text) ? { detail: 'has words of the prompt in it' } : undefined;
  },
};
