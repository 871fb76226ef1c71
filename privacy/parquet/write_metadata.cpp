#include <zlib.h>

#include <stdexcept>

#include "privacy/parquet/metadata.hpp"

namespace agon::parquet {
namespace {

bool is_list(type t) {
  return t == type::string_list || t == type::real_list;
}

void write_text_mark(thrift_writer& out) {
  out.i32(6, static_cast<int>(converted::utf8));
  out.struct_field(10);
  out.empty_struct(1);
  out.end_struct();
}

void write_date_mark(thrift_writer& out) {
  out.i32(6, static_cast<int>(converted::date));
  out.struct_field(10);
  out.empty_struct(6);
  out.end_struct();
}

// A column's elements of the schema: one, or three for a list.
void write_schema(thrift_writer& out, const column& c) {
  const auto own = c.optional ? repetition::optional : repetition::required;
  if (is_list(c.type)) {
    out.begin_struct();
    out.i32(3, static_cast<int>(own));
    out.binary(4, c.name);
    out.i32(5, 1);
    out.i32(6, static_cast<int>(converted::list));
    out.struct_field(10);
    out.empty_struct(3);
    out.end_struct();
    out.end_struct();
    out.begin_struct();
    out.i32(3, static_cast<int>(repetition::repeated));
    out.binary(4, "list");
    out.i32(5, 1);
    out.end_struct();
  }
  out.begin_struct();
  out.i32(1, static_cast<int>(physical_of(c.type)));
  out.i32(3, static_cast<int>(is_list(c.type) ? repetition::required : own));
  out.binary(4, is_list(c.type) ? "element" : c.name);
  if (c.type == type::string || c.type == type::string_list) write_text_mark(out);
  if (c.type == type::date) write_date_mark(out);
  out.end_struct();
}

void write_statistics(thrift_writer& out, const statistics& s) {
  out.struct_field(12);
  out.i64(3, s.nulls);
  if (s.range) {
    out.binary(5, s.range->second);
    out.binary(6, s.range->first);
    out.boolean(7, true);
    out.boolean(8, true);
  }
  out.end_struct();
}

void write_chunk(thrift_writer& out, const column& c, const chunk_facts& chunk) {
  out.begin_struct();
  out.i64(2, 0);  // deprecated, and zero is what the format now asks for
  out.struct_field(3);
  out.i32(1, chunk.type);
  out.begin_list(2, wire::i32, chunk.encodings.size());
  for (const int e : chunk.encodings) out.element(std::int64_t{e});
  out.begin_list(3, wire::binary, is_list(c.type) ? 3 : 1);
  out.element(std::string_view(c.name));
  if (is_list(c.type)) {
    out.element(std::string_view("list"));
    out.element(std::string_view("element"));
  }
  out.i32(4, chunk.codec);
  out.i64(5, chunk.values);
  out.i64(6, chunk.raw_bytes);
  out.i64(7, chunk.bytes);
  out.i64(9, chunk.data_offset);
  if (chunk.dictionary_offset) out.i64(11, *chunk.dictionary_offset);
  // An element's nulls are not a list's, and readers differ in what they take them for.
  if (!is_list(c.type)) write_statistics(out, chunk.stats);
  out.end_struct();
  out.end_struct();
}

void write_row_group(thrift_writer& out, const file_facts& file, const row_group_facts& group) {
  std::int64_t raw = 0, bytes = 0;
  out.begin_struct();
  out.begin_list(1, wire::structure, group.chunks.size());
  for (std::size_t i = 0; i < group.chunks.size(); ++i) {
    write_chunk(out, file.columns[i], group.chunks[i]);
    raw += group.chunks[i].raw_bytes;
    bytes += group.chunks[i].bytes;
  }
  out.i64(2, raw);
  out.i64(3, group.rows);
  const chunk_facts& first = group.chunks.front();
  out.i64(5, first.dictionary_offset.value_or(first.data_offset));
  out.i64(6, bytes);
  out.end_struct();
}

}  // namespace

physical physical_of(type t) {
  switch (t) {
    case type::boolean:
      return physical::boolean;
    case type::int32:
    case type::date:
      return physical::int32;
    case type::int64:
      return physical::int64;
    case type::real:
    case type::real_list:
      return physical::float64;
    case type::string:
    case type::string_list:
      return physical::byte_array;
    default:
      throw std::invalid_argument("columns of this type are not written");
  }
}

std::uint32_t checksum(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

std::string to_thrift(const page_facts& page) {
  thrift_writer out;
  out.begin_struct();
  out.i32(1, page.kind);
  out.i32(2, page.raw_bytes);
  out.i32(3, page.bytes);
  out.i32(4, static_cast<std::int32_t>(page.crc.value_or(0)));
  const bool words = page.kind == static_cast<int>(page_kind::dictionary);
  out.struct_field(words ? 7 : 5);
  out.i32(1, page.values);
  out.i32(2, page.encoding);
  if (!words) {
    out.i32(3, page.definition_encoding);
    out.i32(4, page.repetition_encoding);
  }
  out.end_struct();
  out.end_struct();
  return out.take();
}

std::string to_thrift(const file_facts& file) {
  thrift_writer out;
  out.begin_struct();
  out.i32(1, 2);
  std::size_t elements = 1;
  for (const column& c : file.columns) elements += is_list(c.type) ? 3 : 1;
  out.begin_list(2, wire::structure, elements);
  out.begin_struct();
  out.binary(4, "schema");
  out.i32(5, static_cast<std::int64_t>(file.columns.size()));
  out.end_struct();
  for (const column& c : file.columns) write_schema(out, c);
  out.i64(3, file.rows);
  out.begin_list(4, wire::structure, file.row_groups.size());
  for (const row_group_facts& g : file.row_groups) write_row_group(out, file, g);
  if (!file.metadata.empty()) {
    out.begin_list(5, wire::structure, file.metadata.size());
    for (const auto& [key, value] : file.metadata) {
      out.begin_struct();
      out.binary(1, key);
      out.binary(2, value);
      out.end_struct();
    }
  }
  out.binary(6, "agon version 1.0.0");
  out.begin_list(7, wire::structure, file.columns.size());
  for (std::size_t i = 0; i < file.columns.size(); ++i) {
    out.begin_struct();
    out.empty_struct(1);
    out.end_struct();
  }
  out.end_struct();
  return out.take();
}

}  // namespace agon::parquet
