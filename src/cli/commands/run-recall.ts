import type { ComputeOptions } from '../../engine/compute.ts';
import { openPlay } from '../../hub/plays.ts';
import type { Recalled } from '../../memory/passage.ts';
import { findCharacter } from '../../play/cast/find-character.ts';
import { requirePlace } from '../../play/place.ts';
import { UsageError } from '../failure.ts';
import { playOf } from '../find-play.ts';
import { openMemory } from '../open-memory.ts';
import { type Paint, paintFor } from '../terminal/paint.ts';
import { FetchProgress } from '../terminal/progress.ts';
import { printable } from '../terminal/terminal-text.ts';
import { wrap } from '../terminal/word-wrap.ts';

export interface RecallRequest extends ComputeOptions {
  readonly character: string;
  readonly query: string;
  /** Default: the one known play that has the character. */
  readonly play?: string | undefined;
  readonly at?: string | undefined;
  readonly limit?: number | undefined;
  readonly json: boolean;
  readonly offline: boolean;
  readonly acceptLicence: boolean;
  readonly signal: AbortSignal;
}

/** `dramatis recall`: the passages on stdout, as text of 80 columns or as JSON. */
export async function runRecall(request: RecallRequest): Promise<void> {
  const { query, limit, at, signal, offline, acceptLicence, threads, gpu } = request;
  if (query.trim() === '') throw new UsageError('the query is empty');
  using progress = new FetchProgress();
  const hub = { offline, acceptLicence, signal, report: progress.report };
  const play = await openPlay(request.play ?? playOf(request.character), hub);
  const { name: character } = findCharacter(play.play, request.character);
  const before = at === undefined ? undefined : requirePlace(play.play, at);
  const memory = await openMemory({
    play,
    hub,
    signal,
    ...(threads && { threads }),
    ...(gpu !== undefined && { gpu }),
  });
  const found = await memory.recall(query, { character, before, limit, signal });
  if (request.json) {
    console.log(JSON.stringify(found, null, 2));
    return;
  }
  for (const passage of found) console.log(asText(passage, paintFor(process.stdout)));
  if (found.length === 0)
    console.error(`${character} has witnessed nothing${at === undefined ? '' : ` before ${at}`}.`);
}

const columns = 80;

function asText({ place, speaker, text, score }: Recalled, paint: Paint): string {
  const indented = wrap(printable(text), columns - 2).replaceAll(/^/gm, '  ');
  return `${paint('bold', speaker)}  ${place}  ${paint('dim', score.toFixed(2))}\n${indented}\n`;
}
