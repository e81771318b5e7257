import type { ProperName } from '../../play/proper-names.ts';

/** The text with every mention of a name as "…". */
export function masked(text: string, { word }: ProperName): string {
  return text.replace(new RegExp(`(?<![\\p{L}])${word}(?![\\p{L}])`, 'giu'), '…');
}
