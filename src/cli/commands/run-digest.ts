import { findCharacter } from '../../play/cast/find-character.ts';
import { requirePlace } from '../../play/place.ts';
import { checkDigestFile } from '../../workspace/digests/check-digest-file.ts';
import { type KnownFact, knownFacts } from '../../workspace/digests/known-facts.ts';
import { UsageError } from '../failure.ts';
import { openDramatis, type WorkspaceOptions } from '../open-dramatis.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';
import { messages, output } from '../terminal/output.ts';
import { type Paint, paintFor } from '../terminal/paint.ts';
import { printable } from '../terminal/terminal-text.ts';
import { wrap } from '../terminal/word-wrap.ts';

export interface DigestCheckRequest extends WorkspaceOptions {
  readonly file: string;
  readonly play?: string | undefined;
  readonly json: boolean;
  readonly signal: AbortSignal;
}

/** `dramatis digest check`: a line for each fault on stdout, and exit code 1 if there is one. */
export async function runDigestCheck(request: DigestCheckRequest): Promise<void> {
  const { file, json, signal } = request;
  using progress = new OpeningProgress();
  const dramatis = await openDramatis(request, progress.report);
  const { digests, faults, isRelocated, title } = await checkDigestFile(dramatis, request, signal);
  if (faults.length > 0) process.exitCode = 1;
  if (json) {
    const found = { title, digests: digests.length, isRelocated, faults };
    output.json(found);
    return;
  }
  for (const { line, message, remedy } of faults)
    output.line(`${file}:${line}: ${printable(message)}\n  ${printable(remedy)}`);
  const edition = isRelocated ? ', found again in another edition' : '';
  messages.line(`${digests.length} digests without fault${edition}; ${faults.length} faults.`);
}

export interface DigestShowRequest extends WorkspaceOptions {
  readonly play: string;
  readonly as?: string | undefined;
  readonly at?: string | undefined;
  readonly json: boolean;
  readonly signal: AbortSignal;
}

/** `dramatis digest show`: the facts on stdout, as text of 80 columns or as JSON. */
export async function runDigestShow(request: DigestShowRequest): Promise<void> {
  const { play: idOrPath, as, at, json, signal } = request;
  if (at !== undefined && as === undefined)
    throw new UsageError('--at says from when on somebody knows a fact: give --as NAME too');
  using progress = new OpeningProgress();
  const dramatis = await openDramatis(request, progress.report);
  const opened = await dramatis.play(idOrPath, { signal });
  const character = as === undefined ? undefined : findCharacter(opened.play, as);
  const before = at === undefined ? undefined : requirePlace(opened.play, at);
  const found = await dramatis.digests(opened);
  if (!found) {
    // Opening them has said so, and how to come by some.
    process.exitCode = 1;
    return;
  }
  const facts = knownFacts(opened, found.digests, { character, before });
  if (json) output.json(facts);
  else for (const fact of facts) output.line(factText(fact, paintFor(process.stdout)));
  if (facts.length === 0) messages.line(`${character?.name ?? 'Nobody'} knows nothing there.`);
}

const columns = 80;

/** "3.4.24  witnessed" above the fact. */
function factText({ place, text, way, since, by }: KnownFact, paint: Paint): string {
  const told = way === 'told' ? `told${by === undefined ? '' : ` by ${by}`} at ${since}` : way;
  const head = `${paint('bold', place)}${told === undefined ? '' : `  ${paint('dim', told)}`}`;
  return `${head}\n${wrap(printable(text), columns - 2).replaceAll(/^/gm, '  ')}`;
}
