export function NewSceneView(_: { id?: string | undefined; a?: string | undefined; b?: string | undefined; stream?: unknown }) { return <div class="column"><h1>NewScene</h1></div>; }
