import { render } from 'preact';
import { App } from './app.tsx';
import { OriginStream } from './live/origin-stream.ts';

const root = document.getElementById('page');
if (root) render(<App stream={new OriginStream()} />, root);
