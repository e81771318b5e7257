import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { displayName } from '../../../play/cast/display-name.ts';
import { addressOf } from '../address.ts';
import { announce } from '../announce.ts';
import { follow, isFollowing, keepEndInSight } from '../follow.ts';
import { useKeys } from '../keys.ts';
import { Talk } from '../live/talk.ts';
import { Empty, FailureNote, Waiting } from '../parts/notes.tsx';
import { useAnswer } from '../parts/use-answer.ts';
import { go } from '../route.ts';

/** A model as the endpoint lists it: a character, or a bare model. */
interface ModelEntry {
  readonly id: string;
  readonly meta?: {
    readonly play?: string | undefined;
    readonly character?: string | undefined;
    readonly at?: string | undefined;
  };
}

/** A talk with one character. */
export function TalkView({ id }: { id: string | undefined }) {
  const models = useAnswer<{ data: readonly ModelEntry[] }>('/v1/models');
  const [at, setAt] = useState('');
  useEffect(() => {
    document.title = 'Talk · Dramatis';
  }, []);
  const characters = (models.value?.data ?? []).filter(({ meta }) => meta?.character !== undefined);
  if (id !== undefined) {
    const name = characters.find((model) => model.id === id.replace(/@.*$/, ''))?.meta?.character;
    return <Talking key={id} model={id} name={name ?? id.replace(/^.*\/|@.*$/g, '')} />;
  }
  const plays = [...new Set(characters.map(({ meta }) => meta?.play ?? ''))];
  return (
    <div class="column">
      <h1>Talk</h1>
      <p class="lead">
        With one character, at a place in the play: they know what they have witnessed before it,
        and nothing of what comes.
      </p>
      {models.failure !== undefined && (
        <FailureNote failure={models.failure} again={models.again} />
      )}
      {!models.value && models.failure === undefined && <Waiting what="Who is here?" />}
      {models.value && characters.length === 0 && (
        <Empty title="No play is here yet">
          <p>
            <code>dramatis pull hamlet</code> fetches one.
          </p>
        </Empty>
      )}
      {characters.length > 0 && (
        <label class="field line-field">
          <span>Place</span>
          <input
            type="text"
            placeholder="the end"
            aria-describedby="place-help"
            value={at}
            onInput={({ currentTarget }) => setAt(currentTarget.value)}
          />
          <span id="place-help" class="soft small">
            such as 3.1
          </span>
        </label>
      )}
      {plays.map((play) => (
        <section key={play} class="people">
          <h2>{displayName(play.replaceAll('-', ' '))}</h2>
          <ul>
            {characters
              .filter(({ meta }) => (meta?.play ?? '') === play)
              .map((model) => (
                <li key={model.id}>
                  <a
                    class="who"
                    href={addressOf({
                      view: 'talk',
                      id: at.trim() === '' ? model.id : `${model.id}@${at.trim()}`,
                    })}
                  >
                    {displayName(model.meta?.character ?? model.id)}
                  </a>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Talking({ model, name }: { model: string; name: string }) {
  const talk = useMemo(() => new Talk(model), [model]);
  const [text, setText] = useState('');
  const root = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const said = talk.said.value;
  const isSpeaking = talk.words.value !== undefined;
  const who = displayName(name.replaceAll('-', ' '));
  const cut = isSpeaking ? undefined : said.at(-1);
  useEffect(() => {
    document.title = `${who} · Dramatis`;
    field.current?.focus({ preventScroll: true });
    return () => talk.stop();
  }, [talk, who]);
  useEffect(() => {
    follow();
    return root.current ? keepEndInSight(root.current) : undefined;
  }, []);
  useEffect(() => {
    const last = said.at(-1);
    if (last?.role === 'assistant') announce(`${who}: ${last.text}`);
  }, [said]);
  useKeys({
    s: () => field.current?.focus(),
    r: () => {
      if (!isSpeaking && said.length > 0) talk.again().catch(() => {});
    },
    Escape: () => talk.stop(),
    End: follow,
  });
  const say = (): void => {
    const words = text.trim();
    if (words === '' || isSpeaking) return;
    setText('');
    follow();
    talk.say(words).catch(() => {});
  };
  return (
    <div class="talk">
      <header class="talk-head">
        <h1>
          {who} <span class="place soft">{/@([^+]+)/.exec(model)?.[1] ?? ''}</span>
        </h1>
        <span class="acts">
          {said.length > 0 && (
            <>
              <button
                type="button"
                disabled={isSpeaking}
                aria-keyshortcuts="r"
                onClick={() => talk.again().catch(() => {})}
              >
                Again
              </button>
              <button type="button" onClick={() => talk.clear()}>
                Forget it
              </button>
            </>
          )}
          <button type="button" onClick={() => go({ view: 'talk' })}>
            Somebody else
          </button>
        </span>
      </header>
      <div
        ref={root}
        class="script"
        role="log"
        aria-live="off"
        aria-label="The talk"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by key.
        tabIndex={0}
      >
        {said.length === 0 && !isSpeaking && (
          <Empty title={`${who} is listening`}>
            <p>Ask who they are, what they have seen, whom they trust.</p>
          </Empty>
        )}
        <ol>
          {said.map(({ role, text: words, isCut }, i) => (
            <li key={i} class="turn quiet">
              <span class={`who ${role === 'user' ? 'hue-7' : 'hue-0'}`}>
                {role === 'user' ? 'You' : who}
              </span>{' '}
              <span class="said">{words}</span>
              {isCut && <span class="marks"> stopped</span>}
            </li>
          ))}
          {isSpeaking && (
            <li key="spoken" class="turn quiet spoken" aria-hidden="true">
              <span class="who hue-0">{who}</span> <span class="said">{talk.words}</span>
              <span class="caret" />
            </li>
          )}
        </ol>
      </div>
      <div class="foot">
        {talk.failure.value && (
          <FailureNote
            failure={talk.failure.value}
            {...(cut?.role === 'user' && { again: () => talk.again().catch(() => {}) })}
          />
        )}
        {!isFollowing.value && isSpeaking && (
          <button type="button" class="to-end" onClick={follow}>
            ↓ Follow <kbd>End</kbd>
          </button>
        )}
        <form
          class="composing"
          aria-label="Say something"
          onSubmit={(event) => {
            event.preventDefault();
            say();
          }}
        >
          <textarea
            ref={field}
            rows={1}
            value={text}
            aria-label={`Say to ${who}`}
            placeholder={`Say to ${who}…`}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') event.currentTarget.blur();
              if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
              event.preventDefault();
              say();
            }}
          />
          {isSpeaking ? (
            <button type="button" onClick={() => talk.stop()}>
              Stop
            </button>
          ) : (
            <button type="submit" class="primary" disabled={text.trim() === ''}>
              Say
            </button>
          )}
        </form>
      </div>
    </div>
  );
}
