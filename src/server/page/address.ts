/** The views of the page, each with what its address names. */
export type Route =
  | { readonly view: 'stage'; readonly id: string; readonly n?: number | undefined }
  | { readonly view: 'talk'; readonly id?: string | undefined }
  | { readonly view: 'new' }
  | { readonly view: 'library' }
  | { readonly view: 'compare'; readonly a?: string | undefined; readonly b?: string | undefined }
  | { readonly view: 'figures'; readonly id?: string | undefined }
  | { readonly view: 'adapters' };

/** The route that an address after its "#" means; the library for none that is known. */
export function routeOf(address: string): Route {
  const [view = '', one, other] = address
    .replace(/^#?\/?/, '')
    .split('/')
    .map(decoded);
  switch (view) {
    case 'scene':
      return one ? { view: 'stage', id: one, n: Number(other) || undefined } : { view: 'library' };
    case 'talk':
    case 'figures':
      return { view, id: one || undefined };
    case 'compare':
      return { view, a: one || undefined, b: other || undefined };
    case 'new':
    case 'adapters':
      return { view };
    default:
      return { view: 'library' };
  }
}

/** The address of a route, with its "#". */
export function addressOf(to: Route): string {
  const parts = ((): readonly (string | undefined)[] => {
    switch (to.view) {
      case 'stage':
        return ['scene', to.id, to.n === undefined ? undefined : String(to.n)];
      case 'talk':
      case 'figures':
        return [to.view, to.id];
      case 'compare':
        return [to.view, to.a ?? (to.b ? '' : undefined), to.b];
      default:
        return [to.view];
    }
  })();
  const given = parts.flatMap((part) => (part === undefined ? [] : encodeURIComponent(part)));
  return `#/${given.join('/')}`;
}

/** A part of an address as it was before it was put there; as it stands where it never was. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
