import type { ComponentChildren } from 'preact';
import { ApiFailure } from '../live/http.ts';

/** What went wrong, and what to do about it. */
export function FailureNote({ failure, again }: { failure: unknown; again?: () => void }) {
  const remedy = failure instanceof ApiFailure ? failure.remedy : '';
  const message = failure instanceof Error ? failure.message : String(failure);
  return (
    <div class="failure" role="alert">
      <p>{sentence(message)}</p>
      {remedy && <p class="soft">{remedy}</p>}
      {again && (
        <p>
          <button type="button" onClick={again}>
            Try again
          </button>
        </p>
      )}
    </div>
  );
}

/** What stands where there is nothing yet: what could be, and how to come by it. */
export function Empty({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      <div class="soft">{children}</div>
    </div>
  );
}

/** A word while something is fetched; it shows only when that takes long. */
export function Waiting({ what }: { what: string }) {
  return (
    <p class="waiting soft" role="status">
      {what}
    </p>
  );
}

/** A message of the server as a sentence. */
function sentence(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
