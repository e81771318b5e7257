import { oneLine } from '../../prompt/quote.ts';
import type { Recorded } from '../../stage/events.ts';
import { plainLine, sceneLine } from './scene-lines.ts';

/** Such as "   8  03:32:36  turn    OPHELIA. My lord." */
export function logLine(event: Recorded): string {
  const number = String(event.n).padStart(4);
  return `${number}  ${event.time.slice(11, 19)}  ${event.kind.padEnd(6)}  ${aboutEvent(event)}`.trimEnd();
}

/** Whoever has a part in an event: whose it is, and who or what made it happen. */
export function actorsOf(event: Recorded): readonly string[] {
  const named = [
    'who' in event ? event.who : [],
    'by' in event ? event.by : [],
    event.kind === 'next' ? event.chosen : [],
    event.kind === 'tell' ? event.to : [],
  ];
  return named.flat().filter((name) => name !== undefined);
}

function aboutEvent(event: Recorded): string {
  const line = sceneLine(event, (n) => `turn ${n}`);
  if (line) return plainLine(line);
  switch (event.kind) {
    case 'open':
      return `${event.play.title}${event.at ? ` ${event.at}` : ''}, ${event.model.name}, seed ${event.seed}, director ${event.director.policy}`;
    case 'next':
      return `${event.chosen}${event.to ? ` to ${event.to}` : ''} by ${event.by}: ${oddsText(event)}`;
    case 'view':
      return `${event.who} sees events ${event.heard.join(' ')}; ${event.tokens} tokens, ${event.reused} there already${recalledText(event.recalled)}`;
    case 'struck':
      return `${event.who}, ${event.guard} (${event.detail}): ${oneLine(event.text)}`;
    case 'alarm':
      return `${event.detector}${event.who ? ` of ${event.who}` : ''} ${event.value} past ${event.limit}: ${event.action}${event.detail ? ` (${event.detail})` : ''}`;
    case 'lever':
      return `${event.name}: ${event.from} → ${event.to}`;
    case 'ask':
      return event.who;
    case 'pause':
    case 'resume':
      return `by ${event.by}${event.detail ? `: ${event.detail}` : ''}`;
    case 'error':
      return `${event.code}: ${event.message}`;
    case 'end':
      return `${event.reason}${event.detail ? `: ${event.detail}` : ''}`;
    default:
      return '';
  }
}

/** "HAMLET .41, QUEEN GERTRUDE .48", the likeliest first. */
export function oddsText(
  {
    candidates,
    probabilities,
  }: { readonly candidates: readonly string[]; readonly probabilities: readonly number[] },
  named: (name: string) => string = (name) => name,
  most: number = candidates.length,
): string {
  return candidates
    .map((name, i) => ({ name, p: probabilities[i] ?? 0 }))
    .sort((a, b) => b.p - a.p)
    .slice(0, most)
    .map(({ name, p }) => `${named(name)} ${p.toFixed(2).replace(/^0/, '')}`)
    .join(', ');
}

function recalledText(recalled: readonly { readonly place?: string | undefined }[]): string {
  const places = recalled.map(({ place }) => place ?? '').filter(Boolean);
  return places.length === 0 ? '' : `; recalled ${places.join(', ')}`;
}
