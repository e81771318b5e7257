/** The matrices of a layer that an adapter may change, as files name them. */
export const matrixNames = [
  'attn_q',
  'attn_k',
  'attn_v',
  'attn_output',
  'ffn_gate',
  'ffn_up',
  'ffn_down',
] as const;
export type MatrixName = (typeof matrixNames)[number];
