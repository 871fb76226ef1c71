import type { Release } from './api/types';

export interface Line {
  name: string;
  text: string;
}

/** Ways to load a release's votes, ready to paste. `origin` is this site's address. */
export function loadLines(release: Release, origin: string): Line[] {
  const ofVotes = (ending: string) =>
    release.files.find(
      (f) => f.path.split('/').pop()?.startsWith('votes') && f.path.endsWith(ending),
    ) ?? release.files.find((f) => f.path.endsWith(ending));
  const parquet = ofVotes('.parquet');
  const votes = parquet ?? ofVotes('.jsonl.zst');
  if (!votes) return [];
  const url = new URL(votes.url, origin).href;
  if (parquet)
    return [
      { name: 'pandas', text: `pandas.read_parquet("${url}")` },
      { name: 'DuckDB', text: `SELECT * FROM '${url}';` },
      { name: 'datasets', text: `datasets.load_dataset("parquet", data_files="${url}")` },
    ];
  return [
    { name: 'pandas', text: `pandas.read_json("${url}", lines=True)` },
    { name: 'DuckDB', text: `SELECT * FROM read_json('${url}');` },
    { name: 'datasets', text: `datasets.load_dataset("json", data_files="${url}")` },
  ];
}

/** Downloads all files of a release and checks them without this server. */
export function verifyLine(release: Release, origin: string): string {
  const urls = release.files.map((f) => new URL(f.url, origin).href).join(' ');
  const key = release.public_key ? ` --public-key ${release.public_key}` : '';
  return `wget -x -nH --cut-dirs=2 ${urls} && agon verify${key} ${release.partition}`;
}

/** Checks the signature with another program than ours; nothing for an unsigned release. */
export function signatureLine(release: Release): string | undefined {
  if (!release.public_key) return undefined;
  return `cd ${release.partition} && minisign -Vm SHA256SUMS -P ${release.public_key} && sha256sum -c SHA256SUMS`;
}
