import type { ReadonlySignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { displayName } from '../../../../play/cast/display-name.ts';
import { mannerOf } from '../../../../stage/view.ts';
import { keepEndInSight } from '../../follow.ts';
import { isSameLine, type PageLine } from '../../lines.ts';
import type { LiveScene } from '../../live/live-scene.ts';
import { plural } from '../../parts/share.ts';
import { Who } from '../../parts/who.tsx';

export interface ScriptProps {
  readonly scene: LiveScene;
  readonly lines: readonly PageLine[];
  readonly cast: readonly string[];
  readonly chosen: ReadonlySignal<number | undefined>;
  readonly choose: (n: number) => void;
  /** Whether what is spoken now is shown. */
  readonly isLive: boolean;
}

/** The page of the play: each line once, and the words that come. */
export function Script({ scene, lines, cast, chosen, choose, isLive }: ScriptProps) {
  const root = useRef<HTMLDivElement>(null);
  const made = useRef(new Map<number, Made>()).current;
  useEffect(() => (root.current ? keepEndInSight(root.current) : undefined), []);
  useEffect(
    () =>
      chosen.subscribe((n) => {
        for (const line of root.current?.querySelectorAll('[aria-current]') ?? []) {
          line.removeAttribute('aria-current');
        }
        if (n !== undefined) lineElement(n)?.setAttribute('aria-current', 'true');
      }),
    [chosen, lines],
  );
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: arrow keys and Enter do the same, see the view's keys.
    <div
      ref={root}
      class="script"
      role="log"
      aria-live="off"
      aria-label="The play"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move through the lines from here.
      tabIndex={0}
      onClick={({ target }) => {
        const line = target instanceof Element ? target.closest<HTMLElement>('[data-n]') : null;
        if (line && getSelection()?.isCollapsed !== false) choose(Number(line.dataset.n));
      }}
    >
      <ol>
        {lines.map((line) => remade(made, line, cast))}
        {isLive && <Spoken scene={scene} cast={cast} />}
      </ol>
    </div>
  );
}

/** The element of a line, by the number of its event. */
export function lineElement(n: number): HTMLElement | null {
  return document.getElementById(`line-${n}`);
}

interface Made {
  readonly line: PageLine;
  readonly cast: readonly string[];
  readonly node: VNode;
}

/** The very node that was made before if nothing of the line changed: then nothing is compared below it. */
function remade(made: Map<number, Made>, line: PageLine, cast: readonly string[]): VNode {
  const before = made.get(line.n);
  if (before && before.cast === cast && isSameLine(before.line, line)) return before.node;
  const node = <Line key={line.n} line={line} cast={cast} />;
  made.set(line.n, { line, cast, node });
  return node;
}

function Line({ line, cast }: { line: PageLine; cast: readonly string[] }) {
  const { n } = line;
  if (line.kind === 'direction')
    return (
      <li id={`line-${n}`} class="direction">
        [{line.to === undefined ? '' : `To ${displayName(line.to)} alone: `}
        {line.text}]
      </li>
    );
  if (line.kind === 'remark')
    return (
      <li id={`line-${n}`} class="remark">
        {line.text}
      </li>
    );
  const { turn } = line;
  const manner = mannerOf(turn);
  return (
    <li id={`line-${n}`} data-n={n} class="turn" tabIndex={-1}>
      <Who name={turn.who} cast={cast} />
      {manner && <span class="manner"> [{manner}]</span>} <span class="said">{turn.text}</span>
      <Marks line={line} />
    </li>
  );
}

function Marks({ line: { turn, struck, alarms } }: { line: PageLine & { kind: 'turn' } }) {
  const marks = [
    ...(turn.playedBy === 'play' ? [`from the play${turn.place ? `, ${turn.place}` : ''}`] : []),
    ...(turn.playedBy === 'human' ? ['by a person'] : []),
    ...(turn.stop === 'cut' ? ['stopped'] : []),
    ...(turn.isEdited ? ['edited'] : []),
    ...(struck > 0 ? [`${struck} struck`] : []),
    ...alarms.map(({ detector }) => `⚠ ${detector}`),
  ];
  if (marks.length === 0) return null;
  return (
    <span class="marks" title={struck > 0 ? `${plural(struck, 'draft')} struck before it` : ''}>
      {' '}
      {marks.join(' · ')}
    </span>
  );
}

/** The turn that is spoken now: its words are provisional, and as high as they ever were until it is final. */
function Spoken({ scene, cast }: { scene: LiveScene; cast: readonly string[] }) {
  const element = useRef<HTMLLIElement>(null);
  const who = scene.speaker.value;
  useEffect(() => {
    let highest = 0;
    const stop = scene.words.subscribe((words) => {
      const line = element.current;
      if (!line) return;
      if (words === '') highest = Math.max(highest, line.offsetHeight);
      line.style.minHeight = words === '' && highest > 0 ? `${highest}px` : '';
    });
    return stop;
  }, [scene, who]);
  if (who === undefined) return null;
  return (
    <li key="spoken" ref={element} class="turn spoken" aria-hidden="true">
      <Who name={who} cast={cast} /> <span class="said">{scene.words}</span>
      <span class="caret" />
    </li>
  );
}
