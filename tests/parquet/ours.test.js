// What we write, every cell, as DuckDB and hyparquet read it.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { parquetMetadata } from 'hyparquet'
import { duckdb, parquetRows, rowsByHyparquet, rowsOf } from './cells.js'

const folder = mkdtempSync(join(tmpdir(), 'agon-parquet-'))
after(() => rmSync(folder, { recursive: true }))

// Physical types, by column: hyparquet gives plain numbers for INT32 and DOUBLE alike.
const types = {
  flag: 'BOOLEAN', flag_or_null: 'BOOLEAN', small: 'INT32', small_or_null: 'INT32', large: 'INT64',
  large_or_null: 'INT64', number: 'DOUBLE', number_or_null: 'DOUBLE', word: 'UTF8', word_or_null: 'UTF8',
  unique: 'UTF8', never: 'UTF8', day: 'DATE', day_or_null: 'DATE', tags: 'UTF8', tags_or_null: 'UTF8',
  scores: 'DOUBLE', scores_or_null: 'DOUBLE',
}

for (const count of [0, 1, 10_000]) {
  const path = join(folder, `${count}.parquet`)
  const rows = parquetRows('write', path, String(count))

  test(`DuckDB reads ${count} of our rows as they were written`, async () => {
    const db = await duckdb()
    const read = await rowsOf(db, `SELECT * FROM '${path}'`)
    assert.equal(read.length, count)
    assert.deepEqual(read, rows)
  })

  test(`hyparquet reads ${count} of our rows as they were written`, async () => {
    assert.deepEqual(await rowsByHyparquet(path, types), rows)
  })
}

test('DuckDB finds rows by our statistics', async () => {
  const db = await duckdb()
  const path = join(folder, '10000.parquet')
  const rows = parquetRows('read', path).slice(1)
  const names = Object.keys(types)
  for (const [column, cell, sql] of [
    ['small', 'i:-2147483648', '-2147483648'], ['large', 'i:9223372036854775807', '9223372036854775807'],
    ['number', 'f:7fefffffffffffff', '1.7976931348623157e308'], ['word', 's:', "''"], ['flag', true, 'true'],
  ]) {
    const wanted = rows.filter((r) => r[names.indexOf(column)] === cell).length
    assert.ok(wanted > 0)
    const found = await rowsOf(db, `SELECT count(*) FROM '${path}' WHERE ${column} = ${sql}`)
    assert.deepEqual(found, [[`i:${wanted}`]], column)
    const range = await rowsOf(db, `SELECT count(*) FROM '${path}' WHERE ${column} >= ${sql} AND ${column} <= ${sql}`)
    assert.deepEqual(range, [[`i:${wanted}`]], column)
  }
  const zeros = rows.filter((r) => ['f:0000000000000000', 'f:8000000000000000'].includes(r[names.indexOf('number')]))
  assert.deepEqual(await rowsOf(db, `SELECT count(*) FROM '${path}' WHERE number = 0`), [[`i:${zeros.length}`]])
})

test('the statistics hold the least, the greatest and the nulls', async () => {
  const db = await duckdb()
  const path = join(folder, '10000.parquet')
  const stats = await rowsOf(db, `SELECT path_in_schema, min(stats_min_value::VARCHAR::BIGINT), max(stats_max_value::VARCHAR::BIGINT),
    sum(stats_null_count)::BIGINT FROM parquet_metadata('${path}') WHERE path_in_schema IN ('small', 'large_or_null') GROUP BY 1 ORDER BY 1`)
  const [[nulls]] = await rowsOf(db, `SELECT count(*) - count(large_or_null) FROM '${path}'`)
  assert.deepEqual(stats, [
    ['s:large_or_null', 'i:-9223372036854775808', 'i:9223372036854775807', nulls],
    ['s:small', 'i:-2147483648', 'i:2147483647', 'i:0'],
  ])
})

test('repeated words are kept once in a dictionary, unique ones are not', () => {
  const bytes = readFileSync(join(folder, '10000.parquet'))
  const { row_groups } = parquetMetadata(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
  assert.equal(row_groups.length, 4)
  const encodings = (name) => row_groups[0].columns.find((c) => c.meta_data.path_in_schema[0] === name).meta_data.encodings
  assert.ok(encodings('word').includes('RLE_DICTIONARY'))
  assert.ok(!encodings('unique').includes('RLE_DICTIONARY'))
})
