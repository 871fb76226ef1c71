// What DuckDB writes, every cell, as we read it.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { duckdb, parquetRows, rowsOf } from './cells.js'

const folder = mkdtempSync(join(tmpdir(), 'agon-parquet-'))
after(() => rmSync(folder, { recursive: true }))

const query = `SELECT
  i % 3 = 0 AS flag, CASE WHEN i % 5 = 0 THEN NULL ELSE i % 2 = 0 END AS flag_or_null,
  (i % 100)::TINYINT AS tiny, i::INTEGER * 7919 AS small, i * 1234567890123 AS large, (i * 3)::UINTEGER AS unsigned,
  CASE WHEN i % 7 = 0 THEN NULL ELSE i * i END AS large_or_null,
  sqrt(i) AS number, (i / 3)::FLOAT AS single,
  ['a', 'b', 'tie', 'both_bad'][1 + i % 4] AS word,
  CASE WHEN i % 4 = 0 THEN NULL ELSE 'unique text ' || i || ' Grüße 日本語' END AS text,
  ('2026-01-01'::DATE + (i % 400)::INTEGER) AS day,
  make_timestamp(1767225600000000 + i * 1000001) AS at,
  CASE WHEN i % 6 = 0 THEN NULL WHEN i % 6 = 1 THEN [] ELSE list_transform(range(i % 6), x -> 'w' || x) END AS words,
  list_transform(range(i % 4), x -> x / 7) AS numbers,
  (i % 10 = 0)::INTEGER AS runs
  FROM range(6000) t(i)`

const ways = []
for (const codec of ['uncompressed', 'snappy', 'gzip', 'zstd'])
  for (const version of ['V1', 'V2']) ways.push(`COMPRESSION ${codec}, PARQUET_VERSION ${version}`)
ways.push('ROW_GROUP_SIZE 4096', 'DICTIONARY_SIZE_LIMIT 1, PARQUET_VERSION V2', 'DICTIONARY_SIZE_LIMIT 1, PARQUET_VERSION V1')

for (const [n, way] of ways.entries())
  test(`we read what DuckDB writes with ${way}`, async () => {
    const db = await duckdb()
    const path = join(folder, `${n}.parquet`)
    await db.run(`COPY (${query}) TO '${path}' (FORMAT parquet, ${way})`)
    const [names, ...rows] = parquetRows('read', path)
    assert.equal(names.length, 16)
    assert.equal(rows.length, 6000)
    assert.deepEqual(rows, await rowsOf(db, query))
  })

test('every encoding of DuckDB has been read', async () => {
  const db = await duckdb()
  const found = await rowsOf(db, `SELECT DISTINCT unnest(string_split(encodings, ', ')) e FROM parquet_metadata('${folder}/*.parquet') ORDER BY e`)
  const names = found.map(([name]) => name)
  for (const wanted of ['s:DELTA_BINARY_PACKED', 's:DELTA_LENGTH_BYTE_ARRAY', 's:PLAIN', 's:RLE_DICTIONARY', 's:BYTE_STREAM_SPLIT'])
    assert.ok(names.includes(wanted), `${wanted} is not among ${names}`)
})

test('a type that we do not read is named', async () => {
  const db = await duckdb()
  const path = join(folder, 'odd.parquet')
  await db.run(`COPY (SELECT 1 AS a, {'x': 1, 'y': [1]} AS nested, 2.50::DECIMAL(9, 2) AS money) TO '${path}' (FORMAT parquet)`)
  assert.throws(() => parquetRows('read', path), /column nested: its type is not read here/)
})
