import type { MemoryKind, Recalled } from '../../memory/recalled.ts';
import { recollect } from '../../memory/recollect.ts';
import { openCast } from '../../workspace/open-cast.ts';
import { UsageError } from '../failure.ts';
import { openDramatis, type WorkspaceOptions } from '../open-dramatis.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';
import { messages, output } from '../terminal/output.ts';
import { type Paint, paintFor } from '../terminal/paint.ts';
import { knowingText, sourceText } from '../terminal/recalled-text.ts';
import { printable } from '../terminal/terminal-text.ts';
import { wrap } from '../terminal/word-wrap.ts';

export interface RecallRequest extends WorkspaceOptions {
  readonly character: string;
  readonly query: string;
  /** Default: the one known play that has the character. */
  readonly play?: string | undefined;
  readonly at?: string | undefined;
  /** Default: all that the play has. */
  readonly kind?: readonly MemoryKind[] | undefined;
  readonly limit?: number | undefined;
  readonly json: boolean;
  readonly signal: AbortSignal;
}

/**
 * `dramatis recall`: what is remembered on stdout, as text of 80 columns or as JSON; on stderr whether a question of fact is
 * taken for one that the character can answer.
 */
export async function runRecall(request: RecallRequest): Promise<void> {
  const { query, kind: kinds, limit, at, signal } = request;
  if (query.trim() === '') throw new UsageError('the query is empty');
  using progress = new OpeningProgress();
  progress.begin('Opening the memory');
  const dramatis = await openDramatis(request, progress.report);
  const { play, at: before, ...cast } = await openCast(dramatis, request, signal);
  const character = cast.character.name;
  using opened = await dramatis.memory(play, { signal });
  const { memory } = opened;
  const found = await memory.recall(query, { character, before, kinds, limit, signal });
  const { knowing } = await recollect(memory, query, { character, before, isAsked: true, signal });
  progress.clear();
  if (request.json) output.json(found);
  else for (const one of found) output.line(asText(one, paintFor(process.stdout)));
  if (knowing) messages.line(knowingText(knowing));
  if (found.length === 0)
    messages.line(`${character} remembers nothing${at === undefined ? '' : ` from before ${at}`}.`);
}

const columns = 80;

function asText(found: Recalled, paint: Paint): string {
  const indented = wrap(printable(found.text), columns - 2).replaceAll(/^/gm, '  ');
  const who = found.speaker ?? kindNames[found.kind];
  const score = paint('dim', found.score.toFixed(2));
  return `${paint('bold', who)}  ${sourceText(found)}  ${score}\n${indented}\n`;
}

const kindNames = {
  digest: 'What happened',
  card: 'Who they are',
  window: 'An exchange',
  speech: 'A speech',
} as const;
