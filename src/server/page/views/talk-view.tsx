export function TalkView(_: { id?: string | undefined; a?: string | undefined; b?: string | undefined; stream?: unknown }) { return <div class="column"><h1>Talk</h1></div>; }
