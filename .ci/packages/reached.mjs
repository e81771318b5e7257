/** Which of the compiled modules a package needs: most types, and modules that hold types alone, are nobody's there. */
import fs from 'node:fs';
import path from 'node:path';

/**
 * Compiled files that these files import, themselves too, however many steps away; of a type declaration, declarations.
 *
 * @param files Paths of .js or .d.ts files.
 */
export function reachedFrom(files) {
  const reached = new Set();
  const left = [...files];
  for (let file = left.pop(); file !== undefined; file = left.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    left.push(...importsOf(file));
  }
  return reached;
}

/** Files of the same kind that a file imports by a relative path, also as a type or when it is called. */
function importsOf(file) {
  const ending = file.endsWith('.d.ts') ? '.d.ts' : '.js';
  return [
    ...fs.readFileSync(file, 'utf8').matchAll(/\b(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g),
  ]
    .map(([, to]) => path.resolve(path.dirname(file), to.replace(/\.[jt]s$/, ending)))
    .filter((to) => to.endsWith(ending) && fs.existsSync(to));
}
