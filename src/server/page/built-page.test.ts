import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../../../dist/server/page/', import.meta.url));
const mostBytes = 60_000;

describe('The built page', () => {
  const files = readdirSync(folder).filter((name) => /\.(html|js|css|svg)$/.test(name));
  const texts = new Map(files.map((name) => [name, readFileSync(`${folder}${name}`, 'utf8')]));

  it('is 60 kB at most, compressed', () => {
    expect(files.sort()).toEqual(['icon.svg', 'index.html', 'page.js', 'style.css']);
    const sizes = [...texts.values()].map((text) => gzipSync(text).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(mostBytes);
  });

  it('names no other server', () => {
    const named = [...texts].flatMap(([name, text]) =>
      [...text.matchAll(/(?:https?:)?\/\/[a-z][\w.-]+\.[a-z]{2,}/gi)].map(
        ([url]) => `${name}: ${url}`,
      ),
    );
    // Names of namespaces, which nobody fetches.
    expect(named.filter((url) => !url.endsWith('//www.w3.org'))).toEqual([]);
  });

  it('has nothing in it that its security policy refuses', () => {
    expect(texts.get('index.html')).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/);
    expect(texts.get('page.js')).not.toMatch(/\beval\(|new Function\(|document\.write/);
  });
});
