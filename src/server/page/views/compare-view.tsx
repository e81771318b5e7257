import { useEffect, useMemo } from 'preact/hooks';
import { displayName, listOf } from '../../../play/cast/display-name.ts';
import { diffScenes } from '../../../stage/diff.ts';
import { type StageState, type StageTurn, stateOf } from '../../../stage/state.ts';
import { mannerOf } from '../../../stage/view.ts';
import { addressOf } from '../address.ts';
import { Empty, FailureNote, Waiting } from '../parts/notes.tsx';
import { shareText } from '../parts/share.ts';
import { useAnswer } from '../parts/use-answer.ts';
import { Who } from '../parts/who.tsx';
import { go } from '../route.ts';
import type { EventPage, Measures, Summary, SummaryPage } from '../wire.ts';

/** Two scenes side by side, turn by turn, with what is measured of each. */
export function CompareView({ a, b }: { a: string | undefined; b: string | undefined }) {
  const scenes = useAnswer<SummaryPage>('/api/conversations?limit=200');
  const one = useScene(a);
  const other = useScene(b);
  useEffect(() => {
    document.title = 'Compare · Dramatis';
  }, []);
  const known = scenes.value?.conversations ?? [];
  const failure = scenes.failure ?? one.failure ?? other.failure;
  return (
    <div class="column wide compare">
      <h1>Two scenes side by side</h1>
      <div class="field-row">
        <SceneChoice
          label="The one"
          id={a}
          known={known}
          choose={(id) => go({ view: 'compare', a: id, b })}
        />
        <SceneChoice
          label="The other"
          id={b}
          known={known}
          choose={(id) => go({ view: 'compare', a, b: id })}
        />
      </div>
      {failure !== undefined && <FailureNote failure={failure} />}
      {a === undefined || b === undefined ? (
        <Empty title="Choose two scenes">
          <p>
            A scene and its fork say the same up to a turn; two seeds of one place show what chance
            does; two adapters what training does.
          </p>
        </Empty>
      ) : one.state && other.state ? (
        <Pair a={one.state} b={other.state} ids={[a, b]} />
      ) : (
        failure === undefined && <Waiting what="Both are read…" />
      )}
    </div>
  );
}

function useScene(id: string | undefined): { state: StageState | undefined; failure: unknown } {
  const { value, failure } = useAnswer<EventPage>(
    id === undefined ? undefined : `/api/conversations/${id}/events?after=0&limit=10000`,
  );
  const state = useMemo(() => (value ? stateOf(value.events) : undefined), [value]);
  return { state, failure };
}

function SceneChoice({ label, id, known, choose }: SceneChoiceProps) {
  return (
    <label class="field grow">
      <span>{label}</span>
      <select
        value={id ?? ''}
        onChange={({ currentTarget }) => choose(currentTarget.value || undefined)}
      >
        <option value="">–</option>
        {id !== undefined && !known.some((scene) => scene.id === id) && (
          <option value={id}>{id}</option>
        )}
        {known.map((scene) => (
          <option key={scene.id} value={scene.id}>
            {scene.id} · {scene.play.title} {scene.at ?? ''} · {listOf(scene.cast.map(displayName))}
          </option>
        ))}
      </select>
    </label>
  );
}

interface SceneChoiceProps {
  readonly label: string;
  readonly id: string | undefined;
  readonly known: readonly Summary[];
  readonly choose: (id: string | undefined) => void;
}

function Pair({ a, b, ids }: { a: StageState; b: StageState; ids: readonly [string, string] }) {
  const diff = useMemo(() => diffScenes(a, b), [a, b]);
  const cast = [...new Set([...a.cast, ...b.cast])];
  const same =
    diff.first < 0
      ? 'They say the same throughout.'
      : diff.first === 0
        ? 'They differ from the first turn on.'
        : `The first ${diff.first === 1 ? 'turn is' : `${diff.first} turns are`} the same.`;
  return (
    <>
      <p class="lead">{same}</p>
      <Beside a={a} b={b} ids={ids} />
      {diff.settings.length > 0 && (
        <details>
          <summary>Opened differently · {diff.settings.length}</summary>
          <div class="table">
            <table>
              <tbody>
                {diff.settings.map(({ name, a: left, b: right }) => (
                  <tr key={name}>
                    <th scope="row">{name}</th>
                    <td>{brief(left)}</td>
                    <td>{brief(right)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      )}
      <ol class="pairs">
        {diff.turns.map(({ a: left, b: right, isSame }, i) => (
          <li key={i} class={isSame ? 'same' : 'differs'}>
            <Side turn={left} cast={cast} />
            <Side turn={right} cast={cast} />
          </li>
        ))}
      </ol>
    </>
  );
}

function Side({ turn, cast }: { turn: StageTurn | undefined; cast: readonly string[] }) {
  if (!turn) return <p class="side soft">–</p>;
  const manner = mannerOf(turn);
  return (
    <p class="side turn">
      <Who name={turn.who} cast={cast} />
      {manner && <i> [{manner}]</i>} {turn.text}
    </p>
  );
}

/** What is measured of both, beside each other. */
function Beside({ a, b, ids }: { a: StageState; b: StageState; ids: readonly [string, string] }) {
  const left = useAnswer<Measures>(`/api/conversations/${ids[0]}/measures`);
  const right = useAnswer<Measures>(`/api/conversations/${ids[1]}/measures`);
  const names = new Set(
    [...(left.value?.bands ?? []), ...(right.value?.bands ?? [])].map(({ name }) => name),
  );
  const of = (measures: Measures | undefined, name: string): string => {
    const band = measures?.bands.find((entry) => entry.name === name);
    if (!band) return '–';
    const where = band.value < band.low ? ' ↓' : band.value > band.high ? ' ↑' : '';
    return shareOrNumber(band.value) + where;
  };
  const rows: (readonly [string, string, string])[] = [
    ['turns', String(a.figures.turns), String(b.figures.turns)],
    ['words', String(a.figures.words), String(b.figures.words)],
    ['drafts struck', shareText(a.figures.struckShare), shareText(b.figures.struckShare)],
    ['alarms', String(a.figures.alarms), String(b.figures.alarms)],
    ...[...names].map((name) => [name, of(left.value, name), of(right.value, name)] as const),
  ];
  return (
    <div class="table">
      <table class="beside">
        <thead>
          <tr>
            <th scope="col">
              <span class="hidden">figure</span>
            </th>
            {ids.map((id, i) => (
              <th scope="col" key={`${id}${i === 0 ? 'a' : 'b'}`}>
                <a href={addressOf({ view: 'stage', id })}>{id}</a>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, one, other]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{one}</td>
              <td>{other}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {names.size > 0 && <p class="soft small">↑ and ↓: above and below what the plays have.</p>}
    </div>
  );
}

const shareOrNumber = (value: number): string =>
  value >= 0 && value <= 1 ? shareText(value) : value.toFixed(value < 10 ? 2 : 1);

const brief = (text: string): string =>
  text.length > 200 ? `${text.slice(0, 200)}…` : text || '–';
