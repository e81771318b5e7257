import { useEffect, useRef, useState } from 'preact/hooks';
import { displayName } from '../../../../play/cast/display-name.ts';
import type { StageState } from '../../../../stage/state.ts';
import type { Command } from '../../wire.ts';

export type ComposerMode = 'say' | 'note' | 'tell' | 'enter' | 'exit';

export interface ComposerProps {
  readonly state: StageState;
  readonly mode: ComposerMode;
  readonly setMode: (mode: ComposerMode) => void;
  readonly send: (command: Command) => Promise<boolean>;
  /** Whom the reader speaks for where nobody is asked. */
  readonly me: string | undefined;
  readonly setMe: (name: string) => void;
}

const modes: readonly (readonly [ComposerMode, string])[] = [
  ['say', 'Say'],
  ['note', 'Direction'],
  ['tell', 'Word to one'],
  ['enter', 'Enter'],
  ['exit', 'Exit'],
];

/** Where the reader takes part: speaks as somebody, gives a direction, brings on and sends off. */
export function Composer({ state, mode, setMode, send, me, setMe }: ComposerProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState('');
  const [to, setTo] = useState('');
  const [isAside, setAside] = useState(false);
  const [isSending, setSending] = useState(false);
  const { cast, onStage, asked, open } = state;
  const off = cast.filter((name) => !onStage.includes(name));
  const human = open?.cast.find(({ name, playedBy }) => playedBy === 'human' && onStage.includes(name));
  const by = asked ?? (me !== undefined && onStage.includes(me) ? me : (human?.name ?? onStage[0] ?? ''));
  const addressees =
    mode === 'enter' ? off : mode === 'exit' || mode === 'tell' ? onStage : onStage.filter((name) => name !== by);
  const needsOne = mode === 'enter' || mode === 'exit' || mode === 'tell';
  const chosen = addressees.includes(to) ? to : needsOne ? (addressees[0] ?? '') : '';
  const hasText = mode === 'say' || mode === 'note' || mode === 'tell';
  const isReady = (!hasText || text.trim() !== '') && (!needsOne || chosen !== '') && (mode !== 'say' || by !== '');

  useEffect(() => {
    if (asked !== undefined) setMode('say');
  }, [asked]);

  const submit = async (): Promise<void> => {
    if (!isReady || isSending) return;
    setSending(true);
    const isDone = await send(commandOf(mode, { by, to: chosen, isAside, text: text.trim() }));
    setSending(false);
    if (isDone) setText('');
    field.current?.focus();
  };

  return (
    <form
      class={`composer ${asked === undefined ? '' : 'asked'}`}
      aria-label="Take part"
      onSubmit={(event) => {
        event.preventDefault();
        submit().catch(() => {});
      }}
    >
      <fieldset class="modes">
        <legend class="hidden">What to do</legend>
        {modes.map(([value, label]) => (
          <label key={value} class={value === mode ? 'on' : ''}>
            <input
              type="radio"
              name="mode"
              value={value}
              checked={value === mode}
              onChange={() => setMode(value)}
            />
            {label}
          </label>
        ))}
      </fieldset>
      <div class="composing">
        {mode === 'say' && (
          <label class="as">
            <span class="soft">as</span>
            <select
              aria-label="Say as"
              value={by}
              disabled={asked !== undefined}
              onChange={({ currentTarget }) => setMe(currentTarget.value)}
            >
              {onStage.map((name) => (
                <option key={name} value={name}>
                  {displayName(name)}
                </option>
              ))}
            </select>
          </label>
        )}
        {mode !== 'note' && (
          <label class="to">
            <span class="soft">{needsOne ? 'who' : 'to'}</span>
            <select
              aria-label={needsOne ? 'Who' : 'Said to'}
              value={chosen}
              disabled={addressees.length === 0}
              onChange={({ currentTarget }) => setTo(currentTarget.value)}
            >
              {!needsOne && <option value="">all</option>}
              {addressees.length === 0 && <option value="">nobody is left</option>}
              {addressees.map((name) => (
                <option key={name} value={name}>
                  {displayName(name)}
                </option>
              ))}
            </select>
          </label>
        )}
        {mode === 'say' && (
          <label class="aside">
            <input
              type="checkbox"
              checked={isAside}
              onChange={({ currentTarget }) => setAside(currentTarget.checked)}
            />
            aside
          </label>
        )}
        {hasText && (
          <textarea
            id="composer-text"
            ref={field}
            rows={1}
            value={text}
            maxLength={4000}
            aria-label={mode === 'say' ? 'What is said' : mode === 'note' ? 'Direction' : 'Word'}
            placeholder={placeholder(mode, by, asked)}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') event.currentTarget.blur();
              if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
              event.preventDefault();
              submit().catch(() => {});
            }}
          />
        )}
        <button type="submit" class="primary" disabled={!isReady || isSending}>
          {mode === 'say' ? 'Say' : mode === 'enter' ? 'Bring on' : mode === 'exit' ? 'Send off' : 'Give'}
        </button>
      </div>
    </form>
  );
}

function placeholder(mode: ComposerMode, by: string, asked: string | undefined): string {
  if (mode === 'note') return 'A noise within.';
  if (mode === 'tell') return 'What that one alone gets to know';
  return asked === undefined ? `Say as ${displayName(by)}…` : `${displayName(by)} is to speak…`;
}

function commandOf(
  mode: ComposerMode,
  { by, to, isAside, text }: { by: string; to: string; isAside: boolean; text: string },
): Command {
  switch (mode) {
    case 'say':
      return {
        ...{ do: 'say', by, text },
        ...(to !== '' && { to }),
        ...(isAside && { aside: true }),
      };
    case 'note':
      return { do: 'note', text };
    case 'tell':
      return { do: 'tell', to, text };
    case 'enter':
    case 'exit':
      return { do: mode, who: [to] };
  }
}
