import { useEffect, useRef } from 'preact/hooks';

/** What keys do, by `KeyboardEvent.key`. */
export type Keys = Readonly<Record<string, () => void>>;

/** Keys that act on what has the focus before they act on the page. */
const ownKeys = new Set([' ', 'Enter']);

/** Acts on keys while the component is there; never in a field, in a dialog or with a modifier. */
export function useKeys(keys: Keys): void {
  const now = useRef(keys);
  now.current = keys;
  useEffect(() => {
    const act = (event: KeyboardEvent): void => {
      const { key, target, ctrlKey, metaKey, altKey } = event;
      if (ctrlKey || metaKey || altKey || event.defaultPrevented) return;
      const element = target instanceof Element ? target : undefined;
      if (element?.closest('input, textarea, select, dialog, [contenteditable]')) return;
      if (ownKeys.has(key) && element?.closest('button, a, summary')) return;
      const done = now.current[key];
      if (!done) return;
      event.preventDefault();
      done();
    };
    addEventListener('keydown', act);
    return () => removeEventListener('keydown', act);
  }, []);
}
