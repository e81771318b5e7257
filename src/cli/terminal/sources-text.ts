import type { Reply } from '../../actor/reply.ts';
import type { AnswerSource } from '../../memory/answer-sources.ts';
import { displayName } from '../../play/cast/display-name.ts';

/** The line that stands beside an answer under `--sources`: what it rests on best, or that it rests on nothing recalled. */
export function sourcesText({
  sources: [best],
  speaker,
}: Pick<Reply, 'sources' | 'speaker'>): string {
  return best === undefined ? '(rests on nothing recalled)' : `(${lineText(best, speaker)})`;
}

function lineText({ line, kind }: AnswerSource, speaker: string): string {
  if (!line) return kind === 'card' ? 'rests on who they are' : 'rests on what is recalled';
  const quoted = `“${line.words}”`;
  if (line.speakers.includes(speaker)) return `as I said at ${line.place}: ${quoted}`;
  return `${line.speakers.map(displayName).join(' and ')}, ${line.place}: ${quoted}`;
}
