import { signal } from '@preact/signals';

/** Whether the page goes down with what is said. Only the reader's own hand changes it. */
export const isFollowing = signal(true);

const scroller = (): Element => document.scrollingElement ?? document.documentElement;
/** Distance from the end, in CSS pixels, at which a reader who scrolls down is at the end. */
const nearEnd = 4;

/** Goes to the end, and stays there. */
export function follow(): void {
  isFollowing.value = true;
  toEnd();
}

function toEnd(): void {
  const element = scroller();
  element.scrollTop = element.scrollHeight;
}

function leave(): void {
  isFollowing.value = false;
}

const isAtEnd = (): boolean => {
  const { scrollTop, clientHeight, scrollHeight } = scroller();
  return scrollHeight - scrollTop - clientHeight <= nearEnd;
};

/** Keys that scroll up. */
const upKeys = new Set(['PageUp', 'Home']);

/**
 * Keeps the end of a text in sight while it grows, until the reader scrolls up by wheel, touch, key or scroll bar, or selects
 * something; scrolling down to the end follows again. Geometry alone never decides: a layout that moves is not the reader.
 *
 * @param text What grows.
 * @returns What undoes it.
 */
export function keepEndInSight(text: Element): () => void {
  const gone = new AbortController();
  const { signal } = gone;
  const passive = { signal, passive: true };
  let touchY = 0;
  const rejoin = (): void => {
    // After the scrolling that the hand asked for.
    requestAnimationFrame(() => {
      if (isAtEnd()) isFollowing.value = true;
    });
  };
  addEventListener(
    'wheel',
    ({ deltaY }) => {
      if (deltaY < 0) leave();
      else if (deltaY > 0) rejoin();
    },
    passive,
  );
  addEventListener(
    'touchstart',
    ({ touches }) => {
      touchY = touches[0]?.clientY ?? 0;
    },
    passive,
  );
  addEventListener(
    'touchmove',
    ({ touches }) => {
      const y = touches[0]?.clientY ?? touchY;
      if (y > touchY + 2) leave();
      else if (y < touchY - 2) rejoin();
    },
    passive,
  );
  addEventListener(
    'keydown',
    (event) => {
      if (event.target instanceof HTMLElement && event.target.matches('input,textarea,select'))
        return;
      if (upKeys.has(event.key)) leave();
    },
    { signal },
  );
  addEventListener(
    'pointerdown',
    ({ target, clientX }) => {
      const isScrollBar =
        target === document.documentElement && clientX >= document.documentElement.clientWidth;
      if (isScrollBar) leave();
    },
    { signal },
  );
  document.addEventListener(
    'selectionchange',
    () => {
      const selection = getSelection();
      if (selection && !selection.isCollapsed && text.contains(selection.anchorNode)) leave();
    },
    { signal },
  );
  const watcher = new ResizeObserver(() => {
    if (isFollowing.peek()) toEnd();
  });
  watcher.observe(text);
  return () => {
    gone.abort();
    watcher.disconnect();
  };
}
