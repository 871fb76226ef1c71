// Makes privacy/pii/phone_plans.cpp from the numbering plans of libphonenumber, as the
// npm package libphonenumber-js holds them. Run by hand when plans change; the build
// reads only what is committed.
//
//   npm install --no-save libphonenumber-js && node privacy/pii/tools/make_phone_plans.mjs > privacy/pii/phone_plans.cpp
//
// The plans are facts collected by Google's libphonenumber (Apache-2.0).
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(path.join(process.cwd(), 'x.js'));
const metadata = require('libphonenumber-js/metadata.max.json');
const { version } = require('libphonenumber-js/package.json');

const mask = (lengths) => lengths.reduce((m, n) => m | (1 << n), 0);
const rows = new Map();
const add = (code, prefix, lengths, pattern) => {
  const key = [code, mask(lengths), pattern].join(' ');
  if (!rows.has(key)) rows.set(key, { code, prefix, lengths: mask(lengths), pattern });
};
const types = (region) => (region[11] ?? []).filter((t) => Array.isArray(t) && t[0]);
for (const region of [...Object.values(metadata.countries), ...Object.values(metadata.nonGeographic ?? {})]) {
  const [code, , general, lengths] = region;
  const prefix = region[5] || '';
  const known = types(region);
  if (known.length === 0) add(code, prefix, lengths, general);
  for (const [pattern, own] of known) add(code, prefix, own ?? lengths, pattern);
}
const sorted = [...rows.values()].sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));
const quoted = (s) => {
  const text = s.replaceAll('\\d', '[0-9]');
  return text.match(/.{1,80}/gs).map((part) => `"${part}"`).join('\n     ');
};
console.log(`// Made by privacy/pii/tools/make_phone_plans.mjs from libphonenumber-js ${version}; do not edit.
// The plans come from Google's libphonenumber, Apache-2.0.
#include "privacy/pii/phone_metadata.hpp"

namespace agon::pii {

// clang-format off
const phone_plan phone_plans[] = {`);
for (const r of sorted) console.log(`    {"${r.code}", "${r.prefix}", 0x${r.lengths.toString(16)},\n     ${quoted(r.pattern)}},`);
console.log(`};
// clang-format on
const std::size_t phone_plan_count = sizeof phone_plans / sizeof phone_plans[0];

}  // namespace agon::pii`);
