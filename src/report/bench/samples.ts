import { escapeMarkup } from '../../stage/export/markup.ts';
import type { MarkedRun } from './run.ts';

/** What the runs said, question by question, at the seeds given and not picked; empty if none said anything. */
export function samplesHtml(runs: readonly MarkedRun[]): string {
  const questions = [
    ...new Set(runs.flatMap(({ results }) => results.samples.map(({ question }) => question))),
  ];
  return questions
    .map((question) => {
      const replies = runs.flatMap((run) =>
        run.results.samples
          .filter((sample) => sample.question === question)
          .map(({ reply, seed }) => replyHtml(run, reply, seed)),
      );
      return `<dl class="sample"><dt>${escapeMarkup(question)}</dt>${replies.join('')}</dl>`;
    })
    .join('\n');
}

function replyHtml({ letter, results }: MarkedRun, reply: string, seed: number): string {
  const said =
    reply.trim() === '' ? '<em class="weak">says nothing</em>' : escapeMarkup(reply.trim());
  const who = `${letter} ${results.character ?? ''}`.trim();
  return `<dd><span class="weak">${escapeMarkup(who)}, seed ${seed}</span> ${said}</dd>`;
}
