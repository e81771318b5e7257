import { RunIndex } from '../../corpus/gates/run-index.ts';
import { sharedRun } from '../../corpus/gates/shared-run.ts';
import { recitedRun } from '../../measure/text/copying.ts';
import { saysPromptWords } from '../../measure/text/reply-form.ts';
import type { Guard } from './guard.ts';

/** Braces, and a key before a colon: what programs write. */
const json = /[{}]|"\w+"\s*:/;

/** Strikes brackets, marks and orders of the prompt, eight words of what it shows, and JSON: words that stand around a speech and in nobody's mouth. */
export const promptWords: Guard = {
  name: 'prompt words',
  judge({ text }, { shown = [] }) {
    if (json.test(text)) return { detail: 'has JSON in it' };
    if (saysPromptWords(text)) return { detail: 'has words of the prompt in it' };
    const run = sharedRun(text, new RunIndex(shown.map((one) => ({ place: 'prompt', text: one }))));
    if (!run || run.length < recitedRun) return undefined;
    return { detail: `recites ${run.length} words of its prompt: “${run.words}”` };
  },
};
