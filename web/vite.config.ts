import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { precompress } from './build-tools/precompress';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const version = readFileSync(here('../VERSION'), 'utf8').trim();
const server = process.env.AGON_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [svelte(), precompress()],
  define: { __AGON_VERSION__: JSON.stringify(version) },
  resolve: { alias: { $lib: here('src/lib'), $components: here('src/components') } },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // the content security policy allows no data: URLs
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    port: 5173,
    // Files of a release lie under /data/<arena>/…; /data/<arena> itself is a page.
    proxy: { '/api': server, '/media': server, '^/data/[^/]+/.+': server },
  },
});
