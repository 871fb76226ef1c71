// One text form for cells, whoever read them: as parquet_rows.cpp describes it.
import { DuckDBDateValue, DuckDBInstance, DuckDBListValue, DuckDBTimestampValue } from '@duckdb/node-api'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'

const dayLength = 86_400_000

function ofNumber(value) {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  return 'f:' + view.getBigUint64(0).toString(16).padStart(16, '0')
}

// DuckDB tells 1 (a double) from 1 (an integer) by the column's type alone.
export function ofDuckdb(value, type) {
  if (value === null) return null
  if (value instanceof DuckDBListValue) return value.items.map((v) => ofDuckdb(v, type.replace('[]', '')))
  if (value instanceof DuckDBDateValue) return `i:${value.days}`
  if (value instanceof DuckDBTimestampValue) return `i:${value.micros}`
  if (typeof value === 'boolean') return value
  if (typeof value === 'string') return `s:${value}`
  if (type === 'DOUBLE' || type === 'FLOAT') return ofNumber(value)
  return `i:${value}`
}

export function ofHyparquet(value, type) {
  if (value === null || value === undefined) return null
  if (Array.isArray(value)) return value.map((v) => ofHyparquet(v, type))
  if (value instanceof Date) return `i:${value.getTime() / dayLength}`
  if (typeof value === 'boolean') return value
  if (typeof value === 'string') return `s:${value}`
  if (typeof value === 'bigint') return `i:${value}`
  return type === 'INT32' ? `i:${value}` : ofNumber(value)
}

export async function duckdb() {
  return (await DuckDBInstance.create(':memory:')).connect()
}

// All rows of a query, each as an array of cells.
export async function rowsOf(connection, sql) {
  const reader = await connection.runAndReadAll(sql)
  const types = reader.columnTypes().map(String)
  return reader.getRows().map((row) => row.map((v, i) => ofDuckdb(v, types[i])))
}

export async function rowsByHyparquet(path, types) {
  const bytes = readFileSync(path)
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  const objects = await parquetReadObjects({ file, compressors })
  return objects.map((o) => Object.entries(types).map(([name, type]) => ofHyparquet(o[name], type)))
}

export function parquetRows(...words) {
  const program = process.env.PARQUET_ROWS
  if (!program) throw new Error('PARQUET_ROWS does not say where parquet_rows is')
  const text = execFileSync(program, words, { encoding: 'utf8', maxBuffer: 1 << 30 })
  return text.trimEnd().split('\n').filter(Boolean).map((line) => JSON.parse(line))
}
