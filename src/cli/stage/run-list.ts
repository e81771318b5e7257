import { displayName } from '../../play/cast/display-name.ts';
import { type PastScene, readScenes } from '../../stage/past-scenes.ts';
import { folders } from '../../store/folders.ts';
import { messages, output } from '../terminal/output.ts';
import { fittedRow, minute } from '../terminal/rows-text.ts';

/** `dramatis stage list`: the scenes here, what was gone on with last first; what cannot be read is named on stderr. */
export async function runList({ json }: { readonly json: boolean }): Promise<void> {
  const folder = folders().conversations;
  const { scenes, unreadable } = await readScenes(folder);
  for (const what of unreadable) messages.line(`${what}; it was left out`);
  if (json) output.json(scenes.map(asJson));
  else if (scenes.length > 0) output.line(scenesText(scenes));
  else messages.line(`No scenes in ${folder}; "dramatis stage hamlet ophelia" begins one.`);
}

function asJson({ id, path, begun, last, state, faults }: PastScene) {
  const { open, cast, figures } = state;
  return {
    ...{ id, play: open?.play.id, at: open?.at, cast, model: open?.model.name, seed: open?.seed },
    ...{ turns: figures.turns, standing: standingOf(state), begun, last },
    ...{ parent: open?.parent?.id, damagedLines: faults.length, path },
  };
}

/** How a scene stands: "ended (turns)", "paused", "waits for OPHELIA", or "open" where it was cut off or is being played. */
function standingOf({ end, isPaused, asked }: PastScene['state']): string {
  if (end) return `ended (${end.reason})`;
  if (isPaused) return 'paused';
  return asked === undefined ? 'open' : `waits for ${asked}`;
}

/** A line for each, cut at the width of a terminal: id, time of the last event, turns, how it stands, play and place, who is in it. */
function scenesText(scenes: readonly PastScene[]): string {
  const { isTTY, columns } = process.stdout;
  const row = ({ id, last, state }: PastScene): string => {
    const { open, cast, figures } = state;
    const where = [open?.play.id, open?.at].filter(Boolean).join(' ');
    const standing = standingOf(state).padEnd(14);
    return fittedRow(
      `${id}  ${minute(last)}  ${String(figures.turns).padStart(5)}  ${standing}  ${where}: ${cast.map(displayName).join(', ')}`,
      isTTY ? columns - 1 : Number.POSITIVE_INFINITY,
    );
  };
  return [
    `id      last              turns  ${'standing'.padEnd(14)}  play and cast`,
    ...scenes.map(row),
  ].join('\n');
}
