import { spawn } from 'node:child_process';
import { messages } from '../terminal/output.ts';

/** By what each system opens an address with; where that is missing, the address is printed anyway. */
export function openInBrowser(url: string): void {
  const programs: Partial<Record<NodeJS.Platform, [string, ...string[]]>> = {
    darwin: ['open', url],
    win32: ['cmd', '/c', 'start', '', url],
  };
  const [program, ...args] = programs[process.platform] ?? ['xdg-open', url];
  const child = spawn(program, args, { detached: true, stdio: 'ignore' });
  child.on('error', () => messages.line(`No browser could be opened: open ${url} yourself.`));
  child.unref();
}
