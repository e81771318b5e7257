import { basename } from 'node:path';
import type { Recorded } from '../stage/events.ts';

/** The name of a model for others: of one that is a file of the user's own, the file's name alone. */
export function publicModelName(name: string): string {
  return /[\\/]/.test(name) && !name.startsWith('hf:')
    ? basename(name.replaceAll('\\', '/'), '.gguf')
    : name;
}

/** An event as others may read it: it says nothing of where things lie on this machine. */
export function publicEvent(event: Recorded): Recorded {
  switch (event.kind) {
    case 'open':
      return { ...event, model: { ...event.model, name: publicModelName(event.model.name) } };
    case 'lever':
      return event.name === 'model'
        ? { ...event, from: publicModelName(`${event.from}`), to: publicModelName(`${event.to}`) }
        : event;
    default:
      return event;
  }
}
