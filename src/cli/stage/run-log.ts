import type { Recorded } from '../../stage/events.ts';
import { findScene } from '../../stage/past-scenes.ts';
import { advance, emptyState } from '../../stage/state.ts';
import { folders } from '../../store/folders.ts';
import { UsageError } from '../failure.ts';
import { output } from '../terminal/output.ts';
import { fittedRow } from '../terminal/rows-text.ts';
import { printable } from '../terminal/terminal-text.ts';
import { actorsOf, logLine } from './log-line.ts';
import { openScene } from './open-scene.ts';
import { followRemote, isRemote, remoteEvents } from './remote-scene.ts';
import { statsOf, statsText } from './scene-stats.ts';
import { whyLines } from './why-lines.ts';

interface LogRequest {
  readonly scene: string;
  readonly json: boolean;
  readonly kinds: readonly string[] | undefined;
  readonly by: string | undefined;
  readonly grep: string | undefined;
  readonly follow: boolean;
  readonly stats: boolean;
  readonly signal: AbortSignal;
}

/**
 * `dramatis stage log`: a line for each event, its record under `--json`, or figures under `--stats`. Whoever asks for the
 * choices is told what spoke for each candidate.
 */
export async function runLog(request: LogRequest): Promise<void> {
  const { scene, json, stats, follow } = request;
  if (stats && follow) throw new UsageError('--stats counts what is there; it does not --follow');
  if (stats) {
    const figures = statsOf(
      isRemote(scene)
        ? await remoteEvents(scene, request.signal)
        : (await openScene(scene)).records,
    );
    if (json) output.json(figures);
    else output.line(statsText(figures));
    return;
  }
  const wanted = wantedBy(request);
  let turnModel: string | undefined;
  for await (const event of eventsOf(request)) {
    if (event.kind === 'open') turnModel = event.director.turnModel;
    if (!wanted(event)) continue;
    if (json) output.jsonLine(event);
    else output.line(fittedTo(logLine(event)));
    if (json || event.kind !== 'next' || !request.kinds?.includes('next')) continue;
    for (const line of whyLines(event, turnModel)) output.line(fittedTo(line));
  }
}

/** A line of the log: cut at the width of a terminal, whole elsewhere. */
function fittedTo(line: string): string {
  const { isTTY, columns } = process.stdout;
  return isTTY ? fittedRow(line, columns - 1) : printable(line);
}

function wantedBy({ kinds, by, grep }: LogRequest): (event: Recorded) => boolean {
  const [who, text] = [by?.toLowerCase(), grep?.toLowerCase()];
  return (event) =>
    (!kinds || kinds.includes(event.kind)) &&
    (who === undefined || actorsOf(event).some((name) => name.toLowerCase().includes(who))) &&
    (text === undefined || JSON.stringify(event).toLowerCase().includes(text));
}

async function* eventsOf({ scene, follow, signal }: LogRequest): AsyncGenerator<Recorded> {
  if (isRemote(scene)) {
    yield* follow ? followRemote(scene, signal) : await remoteEvents(scene, signal);
    return;
  }
  if (!follow) {
    yield* (await openScene(scene)).records;
    return;
  }
  const transcript = await findScene(folders().conversations, scene);
  const known = (await transcript.read()).records.at(-1)?.n ?? 0;
  let state = emptyState;
  for await (const event of transcript.follow(0, signal)) {
    state = advance(state, event);
    yield event;
    if (event.n >= known && state.end) return;
  }
}
