export function FiguresView(_: { id?: string | undefined; a?: string | undefined; b?: string | undefined; stream?: unknown }) { return <div class="column"><h1>Figures</h1></div>; }
