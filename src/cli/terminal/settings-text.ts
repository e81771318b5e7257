import type { DamagedJson } from '../../store/durable-json.ts';

/** Two sentences on settings that could not be read: what counts instead, and what to do. */
export function damagedSettings({ path, fault, instead }: DamagedJson): string {
  const counts =
    instead === 'previous' ? 'the settings before the last change count' : 'there are none';
  return `${path} is damaged: ${fault}. So ${counts}; choose again with "dramatis models use NAME", which keeps the damaged file beside the new one.`;
}
