/**
 * What a speaker may find in a session's KV cache when it begins to read: see `Session.startFrom`.
 *
 * - `exact`: what is said or scored must be reproduced to the bit, whatever was asked before (evaluation, replay of a
 *   transcript). Only a prefix that was itself evaluated alone, from an empty timeline, is used again; everything behind it
 *   is evaluated anew. It costs a second evaluation of whatever two requests share beyond the prefix. No other session may
 *   be open in the cache meanwhile: the cells it takes may change the order of sums, and with it the last bits.
 * - `warm`: whatever the cache holds of the prompt is used, as in a chat. A prompt read in one go and the same words drawn
 *   one by one differ in the last bits, so the same seed may now and then draw another word than from an empty cache.
 */
export type CachePolicy = 'exact' | 'warm';
