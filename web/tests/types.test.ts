import { readFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';

it('the types are those of schema/openapi.yaml (else run: npm run types)', async () => {
  const path = new URL('../src/lib/api/schema.d.ts', import.meta.url);
  const made = astToString(await openapiTS(new URL('../../schema/openapi.yaml', import.meta.url)));
  const config = await resolveConfig(path);
  const pretty = (text: string) => format(text, { ...config, plugins: [], parser: 'typescript' });
  const header = /^\/\*\*[\s\S]*?\*\/\s*/; // the command line writes it, the function does not
  const committed = readFileSync(path, 'utf8').replace(header, '');
  expect(await pretty(committed)).toBe(await pretty(made));
});
