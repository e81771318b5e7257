export function AdaptersView(_: { id?: string | undefined; a?: string | undefined; b?: string | undefined; stream?: unknown }) { return <div class="column"><h1>Adapters</h1></div>; }
