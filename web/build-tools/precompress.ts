import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const compressible = /\.(html|js|css|svg|json|txt|webmanifest)$/;
const smallest = 512; // below this the headers weigh more than what is saved

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const nested = await Promise.all(
    entries.map((e) => {
      const path = join(folder, e.name);
      return e.isDirectory() ? filesUnder(path) : [path];
    }),
  );
  return nested.flat();
}

async function compress(path: string): Promise<void> {
  const raw = await readFile(path);
  if (raw.length < smallest) return;
  const brotli = await promisify(brotliCompress)(raw, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: raw.length,
    },
  });
  const gzipped = await promisify(gzip)(raw, { level: 9 });
  await Promise.all([writeFile(`${path}.br`, brotli), writeFile(`${path}.gz`, gzipped)]);
}

/** Writes a `.br` and a `.gz` beside every text asset, so that the server never compresses. */
export function precompress(): Plugin {
  let folder = 'dist';
  return {
    name: 'agon-precompress',
    apply: 'build',
    configResolved(config) {
      folder = config.build.outDir;
    },
    async closeBundle() {
      const files = await filesUnder(folder);
      await Promise.all(files.filter((f) => compressible.test(f)).map(compress));
    },
  };
}
