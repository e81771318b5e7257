/** What package-lock.json knows of the packages that are installed. */
import fs from 'node:fs';
import path from 'node:path';

/**
 * All packages that come with those named, themselves too, as the lock file of `root` has them: name, version, licence
 * and checksum.
 */
export function installedWith(root, names) {
  const { packages } = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  const found = new Map();
  const follow = (name, from) => {
    const at = resolve(packages, name, from);
    if (at === undefined || found.has(at)) return;
    const { version, license, integrity, dependencies = {} } = packages[at];
    found.set(at, { name, version, license, integrity });
    for (const other of Object.keys(dependencies)) follow(other, at);
  };
  for (const name of names) follow(name, '');
  return [...found.values()].sort((a, b) =>
    `${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1,
  );
}

/** Where npm has put a package for one that lies at `from`: within it, or within what it lies in. */
function resolve(packages, name, from) {
  for (let at = from; ; at = at.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, '')) {
    const path = `${at ? `${at}/` : ''}node_modules/${name}`;
    if (packages[path]) return path;
    if (at === '') return undefined;
  }
}
