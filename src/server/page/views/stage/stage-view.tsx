import { type Signal, signal, useComputed } from '@preact/signals';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { displayName } from '../../../../play/cast/display-name.ts';
import { stateOf } from '../../../../stage/state.ts';
import { addressOf } from '../../address.ts';
import { announce, announcing } from '../../announce.ts';
import { follow, isFollowing } from '../../follow.ts';
import { inspect } from '../../inspect.ts';
import { type Keys, useKeys } from '../../keys.ts';
import { isSameLine, knownTo, linesOf, type PageLine, spokenLine } from '../../lines.ts';
import { ask } from '../../live/http.ts';
import { LiveScene } from '../../live/live-scene.ts';
import type { OriginStream } from '../../live/origin-stream.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Empty, FailureNote, Waiting } from '../../parts/notes.tsx';
import { plural } from '../../parts/share.ts';
import { go } from '../../route.ts';
import type { Command } from '../../wire.ts';
import { CastPanel } from './cast-panel.tsx';
import { type ComposerMode, TakePart } from './composer.tsx';
import { Heading, type StageActs } from './heading.tsx';
import { Inspector } from './inspector.tsx';
import { lineElement, Script } from './script.tsx';

interface StageViewProps {
  readonly id: string;
  /** Number of a turn that is shown at first, with how it came about. */
  readonly n: number | undefined;
  readonly stream: OriginStream;
}

/** A scene: who is on stage, the play, how a line came about, and where the reader takes part. */
export function StageView({ id, n, stream }: StageViewProps) {
  const scene = useMemo(() => new LiveScene(id, stream), [id]);
  useEffect(() => () => scene[Symbol.dispose](), [scene]);
  if (scene.failure.value && !scene.isRead.value)
    return (
      <div class="column">
        <h1>This scene cannot be shown</h1>
        <FailureNote failure={scene.failure.value} />
        <p>
          <a href={addressOf({ view: 'library' })}>All scenes</a>
        </p>
      </div>
    );
  if (!scene.isRead.value) return <Waiting what="The scene is read…" />;
  return <Opened key={id} scene={scene} first={n} />;
}

type Asked = 'edit' | 'remove' | undefined;

function Opened({ scene, first }: { scene: LiveScene; first: number | undefined }) {
  const state = scene.state.value;
  const chosen: Signal<number | undefined> = useMemo(() => signal(undefined), []);
  const [isInspecting, setInspecting] = useState(false);
  const [knower, setKnower] = useState<string>();
  const [until, setUntil] = useState<number>();
  const [mode, setMode] = useState<ComposerMode>('say');
  const [me, setMe] = useState<string>();
  const [failure, setFailure] = useState<unknown>();
  const [asked, setAsked] = useState<Asked>();

  // One that is over is read from its beginning.
  const opening = useMemo(() => first ?? (state.end === undefined ? undefined : 0), [scene]);
  useEffect(() => {
    if (opening === undefined) follow();
    else isFollowing.value = false;
    if (first !== undefined) choose(first);
  }, [scene]);

  const { cast } = state;
  const all = useMemo(() => linesOf(state), [state]);
  const lines = useSame(() => {
    const known = knower === undefined ? undefined : knownTo(state, knower);
    return all.filter(({ n }) => (!known || known.has(n)) && (until === undefined || n <= until));
  }, [all, knower, until]);
  const shown = useMemo(
    () => (until === undefined ? state : stateOf(scene.records.filter(({ n }) => n <= until))),
    [state, until],
  );
  useTitle(`${state.open?.play.title ?? 'A scene'} ${state.open?.at ?? ''}`);
  useSaying(state.turns.length, lines);

  const send = async (command: Command): Promise<boolean> => {
    try {
      setFailure(undefined);
      await scene.command(command);
      return true;
    } catch (error) {
      setFailure(error);
      return false;
    }
  };
  const doIt = (command: Command): void => {
    send(command).catch(() => {});
  };
  const forkAt = (n: number): void => {
    ask<{ id: string }>(`/api/conversations/${scene.id}/forks`, { method: 'POST', body: { at: n } })
      .then(({ id }) => go({ view: 'stage', id }))
      .catch(setFailure);
  };
  const acts: StageActs = {
    play: () => {
      if (!scene.isRunning.peek()) follow();
      doIt({ do: scene.isRunning.peek() ? 'pause' : 'start' });
    },
    step: () => {
      follow();
      doIt({ do: 'step' });
    },
    again: () => doIt({ do: 'again', if: scene.n }),
    fork: () => forkAt(chosen.peek() ?? scene.n),
    end: () => doIt({ do: 'end' }),
    remove: () => setAsked('remove'),
  };
  const choose = (n: number | undefined, isOpening = true): void => {
    chosen.value = n;
    if (n !== undefined && isOpening) setInspecting(true);
    const element = n === undefined ? null : lineElement(n);
    element?.focus({ preventScroll: true });
    element?.scrollIntoView({ block: 'nearest' });
  };
  const move = (by: number): void => {
    const turns = lines.filter(({ kind }) => kind === 'turn').map(({ n }) => n);
    const at = chosen.peek() === undefined ? -1 : turns.indexOf(chosen.peek()!);
    const next = at < 0 ? turns.length - 1 : Math.min(turns.length - 1, Math.max(0, at + by));
    if (turns[next] === undefined) return;
    if (by < 0) isFollowing.value = false;
    choose(turns[next], isInspecting);
  };
  const compose = (as: ComposerMode): void => {
    setMode(as);
    requestAnimationFrame(() => document.getElementById('composer-text')?.focus());
  };
  const here = cast.filter((name) => state.onStage.includes(name));
  const keys: Keys = {
    ' ': acts.play,
    '.': acts.step,
    ArrowUp: () => move(-1),
    ArrowDown: () => move(1),
    Enter: () => choose(chosen.peek() ?? state.turns.at(-1)?.n),
    Escape: () => {
      setInspecting(false);
      chosen.value = undefined;
    },
    s: () => compose('say'),
    n: () => compose('note'),
    e: () => {
      if (chosen.peek() !== undefined) setAsked('edit');
    },
    f: acts.fork,
    r: acts.again,
    w: () => document.getElementById('knower')?.focus(),
    End: follow,
    ...Object.fromEntries(
      here.slice(0, 9).map((who, i) => [String(i + 1), () => doIt({ do: 'next', who })]),
    ),
  };
  useKeys(keys);

  const inspected = useComputed(() =>
    chosen.value === undefined
      ? undefined
      : inspect(scene.records, scene.state.value.turns, chosen.value),
  ).value;
  const isLive = until === undefined && (knower === undefined || state.onStage.includes(knower));

  const script = useMemo(
    () => (
      <Script
        scene={scene}
        lines={lines}
        cast={cast}
        chosen={chosen}
        choose={choose}
        isLive={isLive}
        first={opening}
      />
    ),
    [lines, cast, isLive],
  );

  return (
    <div class={`stage ${isInspecting && inspected ? 'inspecting' : ''}`}>
      <Heading scene={scene} state={shown} act={acts} />
      <CastPanel
        state={shown}
        speaker={until === undefined ? scene.speaker.value : undefined}
        knower={knower}
        setKnower={setKnower}
        speakNext={(who) => doIt({ do: 'next', who })}
        isOpen={until === undefined}
      />
      <section class="play" aria-label="The scene">
        {lines.length === 0 ? (
          <Empty
            title={
              knower === undefined
                ? 'Nothing has been said'
                : `${displayName(knower)} knows of nothing yet`
            }
          >
            <p>
              Press <kbd>Space</kbd> to let them speak, or <kbd>s</kbd> to say something yourself.
            </p>
          </Empty>
        ) : null}
        {script}
        {until === undefined && state.end && (
          <p class="finis">{state.end.detail ? `Finis: ${state.end.detail}` : 'Finis'}</p>
        )}
        <div class="foot">
          {failure !== undefined && <FailureNote failure={failure} />}
          {!isFollowing.value && scene.isRunning.value && (
            <button type="button" class="to-end" onClick={follow}>
              ↓ Follow <kbd>End</kbd>
            </button>
          )}
          <Scrubber
            turns={all.filter(({ kind }) => kind === 'turn')}
            until={until}
            setUntil={setUntil}
          />
          {until === undefined ? (
            <TakePart
              state={state}
              mode={mode}
              setMode={setMode}
              send={send}
              me={me}
              setMe={setMe}
            />
          ) : (
            <p class="past soft">
              The scene as it stood after event {until}.{' '}
              <button type="button" class="link" onClick={() => setUntil(undefined)}>
                To the end
              </button>{' '}
              <button type="button" class="link" onClick={() => forkAt(until)}>
                Fork here
              </button>
            </p>
          )}
        </div>
      </section>
      <Inspector
        id={scene.id}
        inspected={isInspecting ? inspected : undefined}
        cast={cast}
        close={() => setInspecting(false)}
        goTo={(n) => choose(n)}
        actions={
          inspected
            ? [
                { label: 'Fork after it', act: () => forkAt(inspected.turn.n) },
                { label: 'Edit…', act: () => setAsked('edit') },
                {
                  label: 'Take back what follows',
                  act: () => doIt({ do: 'undo', to: inspected.turn.n, if: scene.n }),
                },
              ]
            : []
        }
      />
      {asked === 'edit' && inspected && (
        <EditDialog
          text={inspected.turn.text}
          who={inspected.turn.who}
          close={() => setAsked(undefined)}
          save={(text) => {
            setAsked(undefined);
            doIt({ do: 'edit', of: inspected.turn.n, text, if: scene.n });
          }}
        />
      )}
      {asked === 'remove' && (
        <Dialog title="Move this scene to the trash?" close={() => setAsked(undefined)}>
          <p>It leaves the library; its file stays in the trash folder of the conversations.</p>
          <p class="buttons">
            <button type="button" onClick={() => setAsked(undefined)}>
              Keep it
            </button>
            <button
              type="button"
              class="danger"
              onClick={() => {
                ask(`/api/conversations/${scene.id}`, { method: 'DELETE' })
                  .then(() => go({ view: 'library' }))
                  .catch(setFailure);
                setAsked(undefined);
              }}
            >
              Move to the trash
            </button>
          </p>
        </Dialog>
      )}
    </div>
  );
}

function EditDialog({
  text,
  who,
  close,
  save,
}: {
  text: string;
  who: string;
  close: () => void;
  save: (text: string) => void;
}) {
  const [words, setWords] = useState(text);
  return (
    <Dialog title={`Other words for ${displayName(who)}`} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save(words.trim());
        }}
      >
        <textarea
          rows={5}
          value={words}
          aria-label="Words"
          onInput={({ currentTarget }) => setWords(currentTarget.value)}
        />
        <p class="soft small">
          What was said after it stays; the others heard these words instead.
        </p>
        <p class="buttons">
          <button type="button" onClick={close}>
            Leave it
          </button>
          <button type="submit" class="primary" disabled={words.trim() === ''}>
            Change it
          </button>
        </p>
      </form>
    </Dialog>
  );
}

/** Lines that are the very array that was there before where none of them has changed: most events change none. */
function useSame(make: () => PageLine[], inputs: readonly unknown[]): readonly PageLine[] {
  const before = useRef<readonly PageLine[]>([]);
  return useMemo(() => {
    const lines = make();
    const isSame =
      lines.length === before.current.length &&
      lines.every((line, i) => isSameLine(line, before.current[i]!));
    if (!isSame) before.current = lines;
    return before.current;
  }, inputs);
}

interface ScrubberProps {
  readonly turns: readonly PageLine[];
  readonly until: number | undefined;
  readonly setUntil: (n: number | undefined) => void;
}

/** Goes back through the scene, turn by turn, without changing it. */
function Scrubber({ turns, until, setUntil }: ScrubberProps) {
  if (turns.length < 2) return null;
  const at = until === undefined ? turns.length : turns.filter(({ n }) => n <= until).length;
  return (
    <label class="scrubber">
      <span class="hidden">Shown up to turn</span>
      <input
        type="range"
        min={1}
        max={turns.length}
        value={at}
        aria-valuetext={`turn ${at} of ${turns.length}`}
        onInput={({ currentTarget }) => {
          const chosen = Number(currentTarget.value);
          setUntil(chosen >= turns.length ? undefined : turns[chosen - 1]?.n);
        }}
      />
      <span class="figure soft small" title={plural(turns.length, 'turn')}>
        {at}/{turns.length}
      </span>
    </label>
  );
}

/** Says each turn once it is whole, if the reader wants to hear it. */
function useSaying(count: number, lines: readonly PageLine[]): void {
  const [before, setBefore] = useState(count);
  useEffect(() => {
    if (count <= before) return setBefore(count);
    setBefore(count);
    const last = lines.findLast((line) => line.kind === 'turn');
    if (last?.kind !== 'turn' || announcing.peek() === 'off') return;
    announce(
      announcing.peek() === 'names' ? `${displayName(last.turn.who)} speaks` : spokenLine(last),
    );
  }, [count]);
}

function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title.trim()} · Dramatis`;
  }, [title]);
}
