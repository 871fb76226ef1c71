// A release's tables: Parquet and lines hold the same, whoever reads them.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { duckdb, parquetRows, rowsByHyparquet, rowsOf } from './cells.js'

const folder = mkdtempSync(join(tmpdir(), 'agon-parquet-'))
const release = join(folder, 'r')
after(() => rmSync(folder, { recursive: true }))
parquetRows('release', release)

for (const table of ['votes', 'outputs', 'feedback', 'boards', 'counts']) {
  const parquet = join(release, `data/${table}-00000.parquet`)
  const lines = join(release, `data/${table}-00000.jsonl.zst`)

  test(`DuckDB finds in ${table}'s Parquet the rows of its lines`, async () => {
    const db = await duckdb()
    const columns = await db.runAndReadAll(`DESCRIBE SELECT * FROM '${parquet}'`)
    const types = columns.getRows().map(([name, type]) => `${name}: '${type}'`).join(', ')
    const expected = await rowsOf(db, `SELECT * FROM read_json('${lines}', columns = {${types}})`)
    assert.ok(expected.length > 0)
    assert.deepEqual(await rowsOf(db, `SELECT * FROM '${parquet}'`), expected)
  })

  test(`hyparquet finds in ${table}'s Parquet what DuckDB finds`, async () => {
    const db = await duckdb()
    const columns = await db.runAndReadAll(`DESCRIBE SELECT * FROM '${parquet}'`)
    const types = Object.fromEntries(columns.getRows().map(([name, type]) => [name, type]))
    assert.deepEqual(await rowsByHyparquet(parquet, types), await rowsOf(db, `SELECT * FROM '${parquet}'`))
  })
}
