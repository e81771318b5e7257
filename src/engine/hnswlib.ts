import { requireBeside } from './native.ts';

type Hnswlib = Pick<typeof import('hnswlib-node'), 'HierarchicalNSW'>;

/**
 * The library of vector graphs: that which the checkout has installed, else the copy beside the addon in a platform
 * package; undefined where there is neither, as beside an addon that was compiled by `dramatis build`.
 */
export async function hnswlib(): Promise<Hnswlib | undefined> {
  try {
    return (await import('hnswlib-node')).default;
  } catch {
    return requireBeside('hnswlib.node') as Hnswlib | undefined;
  }
}
