import { freshSeed } from '../../engine/sampling.ts';
import { findScene, readScene } from '../../stage/past-scenes.ts';
import { folders } from '../../store/folders.ts';
import { output } from '../terminal/output.ts';

interface ForkRequest {
  readonly scene: string;
  /** Number of the last event that is taken over; the scene's last if it is left out. */
  readonly at: number | undefined;
  readonly seed: number | undefined;
  readonly json: boolean;
}

/** `dramatis stage fork`: a new scene with the beginning of another, to be gone on with. */
export async function runFork({ scene, at, seed, json }: ForkRequest): Promise<void> {
  const folder = folders().conversations;
  const transcript = await findScene(folder, scene);
  const { id, state } = await readScene(transcript.path);
  const n = at ?? state.n;
  const forked = await transcript.fork(folder, n, { seed: seed ?? freshSeed() });
  const fork = await readScene(forked.path);
  if (json) {
    output.json({ id: fork.id, parent: { id, n }, path: fork.path });
    return;
  }
  const { turns } = fork.state.figures;
  output.line(
    `${fork.id} begins with ${id} up to event ${n}, ${turns === 1 ? '1 turn' : `${turns} turns`}; "dramatis stage resume ${fork.id}" goes on.`,
  );
}
