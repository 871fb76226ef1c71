import type { Release } from './api/types';

export interface Line {
  name: string;
  text: string;
}

/** Ways to load a release's votes, ready to paste. `origin` is this site's address. */
export function loadLines(release: Release, origin: string): Line[] {
  const isVotes = (f: { path: string }) => /votes[^/]*\.jsonl\.zst$/.test(f.path);
  const isTable = (f: { path: string }) => f.path.endsWith('.jsonl.zst');
  const votes = release.files.find(isVotes) ?? release.files.find(isTable);
  if (!votes) return [];
  const url = new URL(votes.url, origin).href;
  return [
    { name: 'pandas', text: `pandas.read_json("${url}", lines=True)` },
    { name: 'DuckDB', text: `SELECT * FROM read_json('${url}');` },
    { name: 'datasets', text: `datasets.load_dataset("json", data_files="${url}")` },
  ];
}

/** Downloads all files of a release and checks them without this server. */
export function verifyLine(release: Release, origin: string): string {
  const urls = release.files.map((f) => new URL(f.url, origin).href).join(' ');
  return `wget -x -nH --cut-dirs=2 ${urls} && agon verify ${release.partition}`;
}
