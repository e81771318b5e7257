import { deriveScene, takeAgain } from '../../workspace/check-scene.ts';
import { openDramatis } from '../open-dramatis.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';
import { output } from '../terminal/output.ts';
import { printable } from '../terminal/terminal-text.ts';
import { openScene } from './open-scene.ts';

interface CheckRequest {
  readonly scene: string;
  readonly check: 'derive' | 'again';
  readonly json: boolean;
  readonly play: string | undefined;
  readonly signal: AbortSignal;
}

/** `dramatis stage replay --check`: exits with 1 where something comes out otherwise. */
export async function runCheck(request: CheckRequest): Promise<void> {
  using progress = new OpeningProgress();
  progress.begin('Opening the play');
  const scene = await openScene(request.scene);
  using dramatis = await openDramatis({}, progress.report);
  const check = request.check === 'derive' ? checkDerived : checkAgain;
  const isEqual = await check({ ...request, dramatis, scene, ready: () => progress.clear() });
  if (!isEqual) process.exitCode = 1;
}

type Checking = Omit<CheckRequest, 'scene'> & {
  readonly dramatis: Awaited<ReturnType<typeof openDramatis>>;
  readonly scene: Awaited<ReturnType<typeof openScene>>;
  readonly ready: () => void;
};

async function checkDerived({ dramatis, scene, ready, json, ...request }: Checking) {
  const { checked, difference, unchecked } = await deriveScene(dramatis, scene, request);
  ready();
  if (json) {
    output.json({ id: scene.id, checked, difference, unchecked });
    return difference === undefined;
  }
  const counts = Object.entries(checked).map(([kind, facts]) => `${kind} ${facts}`);
  const facts = Object.values(checked).reduce((sum, count) => sum + count, 0);
  output.line(`${facts} facts of ${scene.records.length} events worked out: ${counts.join(', ')}`);
  for (const what of unchecked) output.line(`not checked: ${what}`);
  if (difference) {
    const { n, kind, what, recorded, derived } = difference;
    output.line(
      printable(
        `first difference: event ${n} (${kind}), ${what}\n  recorded    ${recorded || 'nothing'}\n  worked out  ${derived || 'nothing'}`,
      ),
    );
  } else output.line('All of them are as they were written down.');
  return difference === undefined;
}

async function checkAgain({ dramatis, scene, ready, json, ...request }: Checking) {
  let turns = 0;
  for await (const event of takeAgain(dramatis, scene, request)) {
    ready();
    if (json) output.jsonLine(event);
    if (event.kind === 'engine') {
      if (!json) for (const one of event.differences) output.line(`engine differs in ${one}`);
      continue;
    }
    turns++;
    if (!event.difference) continue;
    const { n, what, recorded, again } = event.difference;
    if (!json)
      output.line(
        printable(
          `${turns - 1} turns came out the same; first difference: event ${n}, ${event.who}, ${what}\n  recorded  ${recorded}\n  again     ${again}`,
        ),
      );
    return false;
  }
  ready();
  if (!json)
    output.line(`All ${turns} turns that the model took came out the same, token by token.`);
  return true;
}
