import type { ReadonlySignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { displayName } from '../../../../play/cast/display-name.ts';
import { mannerOf } from '../../../../stage/view.ts';
import { keepEndInSight } from '../../follow.ts';
import { lettersOf, partsOf, partWith } from '../../line-parts.ts';
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
  /** Number of the line that is looked at first; undefined for the end. */
  readonly first: number | undefined;
}

/** The page of the play: each line once, and the words that come. */
export function Script({ scene, lines, cast, chosen, choose, isLive, first }: ScriptProps) {
  const root = useRef<HTMLDivElement>(null);
  const before = useRef<readonly (readonly PageLine[])[]>([]);
  const parts = partsOf(lines, before.current);
  before.current = parts;
  const isFilled = useFilling(parts, first);
  const made = useRef(new Map<number, MadePart>()).current;
  useEffect(() => (root.current ? keepEndInSight(root.current) : undefined), []);
  useEffect(
    () =>
      chosen.subscribe((n) => {
        for (const line of root.current?.querySelectorAll('[aria-current]') ?? []) {
          line.removeAttribute('aria-current');
        }
        if (n !== undefined) lineElement(n)?.setAttribute('aria-current', 'true');
      }),
    [chosen, lines, isFilled],
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
      {parts.map((part, i) => remadePart(made, i, { part, cast, isFilled: isFilled(i) }))}
      {isLive && <Spoken key="spoken" scene={scene} cast={cast} />}
    </div>
  );
}

/** The element of a line, by the number of its event. */
export function lineElement(n: number): HTMLElement | null {
  return document.getElementById(`line-${n}`);
}

/**
 * Which parts are filled: that of the line that is looked at first at once, the others outwards from it, one on each side in a
 * task, so that a long scene is there soon and holds up nothing while the rest of it comes.
 */
function useFilling(
  parts: readonly (readonly PageLine[])[],
  first: number | undefined,
): (part: number) => boolean {
  const opening = useRef({
    count: parts.length,
    at: first === undefined ? parts.length - 1 : partWith(parts, first),
  }).current;
  const [filled, setFilled] = useState(1);
  useLayoutEffect(() => {
    if (filled >= opening.count) return;
    // No timer: those wait for four milliseconds each.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => setFilled(filled + 1);
    port2.postMessage(undefined);
    return () => port1.close();
  }, [filled]);
  return useCallback(
    (part) => part >= opening.count || Math.abs(part - opening.at) < filled,
    [filled],
  );
}

interface PartProps {
  readonly part: readonly PageLine[];
  readonly cast: readonly string[];
  readonly isFilled: boolean;
}

interface MadePart extends PartProps {
  readonly node: VNode;
}

/** The very node that was made before if nothing of the part has changed. */
function remadePart(made: Map<number, MadePart>, at: number, props: PartProps): VNode {
  const { part, cast, isFilled } = props;
  const before = made.get(at);
  if (before?.part === part && before.cast === cast && before.isFilled === isFilled)
    return before.node;
  const node = <Part key={at} {...props} />;
  made.set(at, { ...props, node });
  return node;
}

/** Some lines, which the browser lays out when they come near; room for them as long as it is empty. */
function Part({ part, cast, isFilled }: PartProps) {
  const made = useRef(new Map<number, Made>()).current;
  return (
    <ol class="part" style={{ '--lines': part.length, '--letters': lettersOf(part) }}>
      {isFilled && part.map((line) => remade(made, line, cast))}
    </ol>
  );
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
      // Measured only where the same line goes on with other words: it makes the browser lay out at once.
      if (words === '' && scene.speaker.peek() !== undefined)
        highest = Math.max(highest, line.offsetHeight);
      line.style.minHeight = words === '' && highest > 0 ? `${highest}px` : '';
    });
    return stop;
  }, [scene, who]);
  if (who === undefined) return null;
  return (
    <ol aria-hidden="true">
      <li ref={element} class="turn spoken">
        <Who name={who} cast={cast} /> <span class="said">{scene.words}</span>
        <span class="caret" />
      </li>
    </ol>
  );
}
