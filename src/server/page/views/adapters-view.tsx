import { useEffect, useState } from 'preact/hooks';
import { displayName } from '../../../play/cast/display-name.ts';
import { ask } from '../live/http.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Empty, FailureNote, Waiting } from '../parts/notes.tsx';
import { sizeText, whenText } from '../parts/share.ts';
import { useAnswer } from '../parts/use-answer.ts';
import type { AdapterEntry } from '../wire.ts';

type Wish = { readonly do: 'promote' | 'rollback'; readonly version: AdapterEntry };

/** Versions of adapters, what is measured of them, and which is in use. */
export function AdaptersView() {
  const { value, failure, again } = useAnswer<{ adapters: readonly AdapterEntry[] }>(
    '/api/adapters',
  );
  const [wish, setWish] = useState<Wish>();
  const [refusal, setRefusal] = useState<unknown>();
  const [done, setDone] = useState('');
  useEffect(() => {
    document.title = 'Adapters · Dramatis';
  }, []);
  const carryOut = async ({ do: act, version }: Wish): Promise<void> => {
    setWish(undefined);
    setRefusal(undefined);
    setDone('');
    try {
      await ask(`/api/adapters/${version.id}/${act}`, { method: 'POST', body: {} });
      setDone(
        act === 'promote'
          ? `${version.id} is in use from the next answer on.`
          : `${version.id} is in use no more.`,
      );
      again();
    } catch (error) {
      setRefusal(error);
    }
  };
  const slots = grouped(value?.adapters ?? []);
  return (
    <div class="column wide">
      <h1>Adapters</h1>
      <p class="lead">
        What was trained for a character or for a whole play. Nothing of a version ever changes; one
        at a time is in use, and what was in use before can be again.
      </p>
      {failure !== undefined && <FailureNote failure={failure} again={again} />}
      {refusal !== undefined && <FailureNote failure={refusal} />}
      <p role="status" class="done">
        {done}
      </p>
      {!value && failure === undefined && <Waiting what="The versions are read…" />}
      {value && value.adapters.length === 0 && (
        <Empty title="Nothing has been trained yet">
          <p>
            <code>dramatis train hamlet</code> makes the first version, on the lines of Hamlet.
          </p>
        </Empty>
      )}
      {[...slots].map(([slot, versions]) => (
        <section key={slot} class="slot">
          <h2>{slot}</h2>
          <ul>
            {versions.map((version) => (
              <Version key={version.id} version={version} wish={setWish} />
            ))}
          </ul>
        </section>
      ))}
      {wish && (
        <Dialog
          title={
            wish.do === 'promote' ? 'Put this version in use?' : 'Take this version out of use?'
          }
          close={() => setWish(undefined)}
        >
          <p>
            {wish.do === 'promote'
              ? `${wish.version.id} will speak for ${slotOf(wish.version)} from the next answer on, in every chat and scene that names no other version. It is refused if it is not better than the base.`
              : `What was in use before ${wish.version.id} speaks for ${slotOf(wish.version)} again, from the next answer on.`}
          </p>
          <p class="buttons">
            <button type="button" onClick={() => setWish(undefined)}>
              Leave it
            </button>
            <button
              type="button"
              class="primary"
              onClick={() => {
                carryOut(wish).catch(() => {});
              }}
            >
              {wish.do === 'promote' ? 'Promote' : 'Roll back'}
            </button>
          </p>
        </Dialog>
      )}
    </div>
  );
}

const slotOf = ({ play, character, base, form }: AdapterEntry): string =>
  `${character === null ? `all of ${play}` : `${displayName(character)} (${play})`} on ${base}, ${form}`;

function grouped(versions: readonly AdapterEntry[]): Map<string, AdapterEntry[]> {
  const slots = new Map<string, AdapterEntry[]>();
  for (const version of versions) {
    const slot = slotOf(version);
    slots.set(slot, [...(slots.get(slot) ?? []), version]);
  }
  return slots;
}

function Version({ version, wish }: { version: AdapterEntry; wish: (wish: Wish) => void }) {
  const { id, date, bytes, isPromoted, parent, by, note, metrics } = version;
  const figures = Object.entries(metrics);
  return (
    <li class={`version ${isPromoted ? 'promoted' : ''}`}>
      <div class="version-head">
        <h3>
          <code>{id}</code> {isPromoted && <span class="in-use">in use</span>}
        </h3>
        {isPromoted ? (
          <button type="button" onClick={() => wish({ do: 'rollback', version })}>
            Roll back…
          </button>
        ) : (
          <button type="button" onClick={() => wish({ do: 'promote', version })}>
            Promote…
          </button>
        )}
      </div>
      <p class="soft small">
        {whenText(date)} · {sizeText(bytes)} · by {by}
        {parent !== undefined && ` · from ${parent}`}
      </p>
      {note && <p>{note}</p>}
      {figures.length === 0 ? (
        <p class="soft small">Not measured yet: “dramatis adapters promote --measure”.</p>
      ) : (
        <dl class="facts metrics">
          {figures.map(([name, { value, low, high, n }]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                {value.toFixed(3)}{' '}
                <span class="soft">
                  [{low.toFixed(3)}, {high.toFixed(3)}] n {n}
                </span>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </li>
  );
}
