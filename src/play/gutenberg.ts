import type { Piece } from './piece.ts';

/** Placeholder until the plain-text layouts are read. */
export function plainTextPieces(_text: string): Piece[] {
  return [];
}
