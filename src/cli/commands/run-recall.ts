import type { Recalled } from '../../memory/recalled.ts';
import { openCast } from '../../workspace/open-cast.ts';
import { UsageError } from '../failure.ts';
import { openDramatis, type WorkspaceOptions } from '../open-dramatis.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';
import { type Paint, paintFor } from '../terminal/paint.ts';
import { sourceText } from '../terminal/recalled-text.ts';
import { printable } from '../terminal/terminal-text.ts';
import { wrap } from '../terminal/word-wrap.ts';

export interface RecallRequest extends WorkspaceOptions {
  readonly character: string;
  readonly query: string;
  /** Default: the one known play that has the character. */
  readonly play?: string | undefined;
  readonly at?: string | undefined;
  readonly limit?: number | undefined;
  readonly json: boolean;
  readonly signal: AbortSignal;
}

/** `dramatis recall`: the passages on stdout, as text of 80 columns or as JSON. */
export async function runRecall(request: RecallRequest): Promise<void> {
  const { query, limit, at, signal } = request;
  if (query.trim() === '') throw new UsageError('the query is empty');
  using progress = new OpeningProgress();
  const dramatis = await openDramatis(request, progress.report);
  const { play, at: before, ...cast } = await openCast(dramatis, request, signal);
  const character = cast.character.name;
  using opened = await dramatis.memory(play, { signal });
  const found = await opened.memory.recall(query, { character, before, limit, signal });
  if (request.json) {
    console.log(JSON.stringify(found, null, 2));
    return;
  }
  for (const passage of found) console.log(asText(passage, paintFor(process.stdout)));
  if (found.length === 0)
    console.error(`${character} has witnessed nothing${at === undefined ? '' : ` before ${at}`}.`);
}

const columns = 80;

function asText(found: Recalled, paint: Paint): string {
  const indented = wrap(printable(found.text), columns - 2).replaceAll(/^/gm, '  ');
  const who = found.speaker ?? kindNames[found.kind];
  const score = paint('dim', found.score.toFixed(2));
  return `${paint('bold', who)}  ${sourceText(found)}  ${score}\n${indented}\n`;
}

const kindNames = { digest: 'What happened', window: 'An exchange', speech: 'A speech' } as const;
