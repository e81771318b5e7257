export function CompareView(_: { id?: string | undefined; a?: string | undefined; b?: string | undefined; stream?: unknown }) { return <div class="column"><h1>Compare</h1></div>; }
