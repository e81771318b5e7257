/** A file, or a choice of files, in a model repository of the Hugging Face Hub. */
export interface HfReference {
  /** Such as "Qwen/Qwen3-4B-GGUF". */
  readonly repo: string;
  /** A branch, a tag or a commit. */
  readonly revision: string;
  /** Path in the repository; absent where a quantisation is to be chosen. */
  readonly file?: string;
  /** Such as "Q4_K_M", in capitals. */
  readonly quantisation?: string;
}

const name = '[A-Za-z0-9_][A-Za-z0-9._-]*';
const spelling = new RegExp(
  `^(${name}/${name})(?:@([^/:#]+))?(?:/([^#:]+)|:([A-Za-z0-9_.-]+))?(?:#(.+))?$`,
);
const prefix =
  /^(?:hf:\/\/|hf:|(?:https?:\/\/)?(?:www\.)?(?:hf\.co|huggingface\.co)\/)(?:models\/)?/i;

/**
 * Understands the spellings in use: `hf:user/repo:Q4_K_M` and `hf:user/repo/file.gguf#branch`
 * (node-llama-cpp), `user/repo:Q4_K_M` (llama.cpp's -hf), `hf.co/user/repo:Q4_K_M` (Ollama) and
 * `hf://user/repo@branch/file.gguf` (the hub's own), besides the address of a file's web page.
 *
 * @returns undefined if the text is none of these.
 */
export function parseHfUri(text: string): HfReference | undefined {
  const rest = text.replace(prefix, '');
  const parts = spelling.exec(rest);
  if (!parts) return undefined;
  const [, repo, at, path, quantisation, hash] = parts;
  if (repo!.includes('..') || rest.split('/').some((part) => part === '..' || part === '.')) {
    return undefined;
  }
  const page = /^(?:resolve|blob)\/([^/]+)\/(.+)$/.exec(path ?? '');
  const file = page?.[2] ?? path;
  const revision = hash ?? at ?? page?.[1] ?? 'main';
  if (!/^[A-Za-z0-9_][A-Za-z0-9._/-]*$/.test(revision) || revision.includes('..')) return undefined;
  return {
    repo: repo!,
    revision,
    ...(file ? { file: file.replace(/\?.*$/, '') } : {}),
    ...(quantisation ? { quantisation: quantisation.toUpperCase() } : {}),
  };
}

/** Whether the text says of itself that it is meant for the hub; `user/repo` could be a path too. */
export function isHfUri(text: string): boolean {
  return prefix.test(text);
}

/** The one spelling we print, with the commit where it is known. */
export function canonicalHfUri({ repo, file }: HfReference, commit: string): string {
  return `hf:${repo}${file ? `/${file}` : ''}#${commit}`;
}
