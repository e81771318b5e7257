import type { StageState } from '../state.ts';
import { scenePage } from './scene-page.ts';

/** A scene as one JSON object: how it was opened, what is printed of it, and its figures. */
export function asJson(state: StageState): string {
  const { open, figures, end, forgotten } = state;
  const { lines } = scenePage(state);
  return `${JSON.stringify({ open, lines, figures, forgotten, end }, null, 2)}\n`;
}
