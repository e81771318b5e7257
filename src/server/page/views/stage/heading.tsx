import type { StageState } from '../../../../stage/state.ts';
import { addressOf } from '../../address.ts';
import type { LiveScene } from '../../live/live-scene.ts';
import { plural } from '../../parts/share.ts';
import { endReasons } from './end-reasons.ts';

export interface HeadingProps {
  readonly scene: LiveScene;
  readonly state: StageState;
  readonly act: StageActs;
}

/** What the buttons above a scene do. */
export interface StageActs {
  readonly play: () => void;
  readonly step: () => void;
  readonly again: () => void;
  readonly fork: () => void;
  readonly end: () => void;
  readonly remove: () => void;
}

const exports = ['md', 'html', 'fountain', 'tei', 'json', 'jsonl', 'openai'] as const;

/** Title, how the scene stands, and what can be done with it. */
export function Heading({ scene, state, act }: HeadingProps) {
  const { open } = state;
  const isRunning = scene.isRunning.value;
  const hasEnded = state.end !== undefined;
  const isLost = scene.standing.value === 'lost';
  const isTalk = open?.isTalk ?? false;
  return (
    <header class="heading">
      <div class="heading-title">
        <h1>
          {open?.play.title ?? 'A scene'} {open?.at && <span class="place">{open.at}</span>}
        </h1>
        {(open?.heading || open?.situation) && (
          <p class="soft heading-place">{open.situation ?? open.heading}</p>
        )}
      </div>
      <div class="heading-bar">
        <Status scene={scene} state={state} />
        <div class="acts">
          {!isTalk && (
            <>
              <button type="button" onClick={act.play} disabled={isLost} aria-keyshortcuts="Space">
                {isRunning ? '❚❚ Pause' : hasEnded ? '▶ Go on' : '▶ Play'}
              </button>
              <button
                type="button"
                onClick={act.step}
                disabled={isLost || isRunning}
                aria-keyshortcuts="."
              >
                Step
              </button>
              <button type="button" onClick={act.again} disabled={isLost} aria-keyshortcuts="r">
                Again
              </button>
              <button type="button" onClick={act.fork} aria-keyshortcuts="f">
                Fork
              </button>
            </>
          )}
          <button type="button" aria-label="More" popovertarget="more-acts">
            ⋯
          </button>
          <div class="menu" id="more-acts" popover="auto">
            <a href={addressOf({ view: 'compare', a: scene.id })}>Compare with…</a>
            <a href={addressOf({ view: 'figures', id: scene.id })}>Figures</a>
            <button type="button" onClick={() => print()}>
              Print
            </button>
            <p class="soft small">Save as</p>
            <p class="exports">
              {exports.map((format) => (
                <a
                  key={format}
                  href={`/api/conversations/${scene.id}/export?as=${format}`}
                  download={`${scene.id}.${format}`}
                >
                  {format}
                </a>
              ))}
            </p>
            {!isTalk && (
              <>
                <button type="button" disabled={hasEnded} onClick={act.end}>
                  End the scene
                </button>
                <button type="button" class="danger" onClick={act.remove}>
                  Move to the trash…
                </button>
              </>
            )}
          </div>
        </div>
      </div>
    </header>
  );
}

function Status({ scene, state }: { scene: LiveScene; state: StageState }) {
  const { end, asked, figures, open } = state;
  const most = open?.limits.turns;
  const speed = scene.speed.value;
  const standing =
    scene.standing.value === 'lost'
      ? 'the server is away; trying again'
      : open?.isTalk
        ? 'a chat'
        : scene.isRunning.value
          ? asked === undefined
            ? 'running'
            : 'waits for you'
          : end
            ? (endReasons[end.reason] ?? end.reason)
            : 'paused';
  return (
    <p class="status" data-standing={scene.standing.value}>
      <b>{standing}</b>
      <span>
        {plural(figures.turns, 'turn')}
        {most !== undefined && figures.turns < most && ` of ${most}`}
      </span>
      {speed !== undefined && <span class="figure">{speed.toFixed(0)} tokens/s</span>}
    </p>
  );
}
