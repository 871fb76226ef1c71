#include <algorithm>

#include "privacy/parquet/metadata.hpp"

namespace agon::parquet {
namespace {

constexpr int micros_to_millis = 1000;

struct schema_element {
  std::string name;
  int type = -1;
  int repetition = 0;
  int children = 0;
  int converted = -1;
  int logical = -1;  // the field of the union LogicalType
  int integer_bits = 0;
  bool integer_signed = true;
  int time_unit = 0;  // 1 milliseconds, 2 microseconds, 3 nanoseconds
};

void read_logical(thrift_reader& in, schema_element& e) {
  in.each_field([&](int id, wire t) {
    e.logical = id;
    if (t != wire::structure) return in.skip(t);
    in.each_field([&](int field, wire u) {
      constexpr int timestamp = 8, integer = 10;
      if (id == timestamp && field == 2 && u == wire::structure) {
        in.each_field([&](int unit, wire w) {
          e.time_unit = unit;
          in.skip(w);
        });
      } else if (id == integer && field == 1) {
        e.integer_bits = in.small(u);
      } else if (id == integer && field == 2) {
        e.integer_signed = in.boolean(u);
      } else {
        in.skip(u);
      }
    });
  });
}

schema_element read_element(thrift_reader& in) {
  schema_element e;
  in.each_field([&](int id, wire t) {
    switch (id) {
      case 1:
        e.type = in.small(t);
        break;
      case 3:
        e.repetition = in.small(t);
        break;
      case 4:
        e.name = in.binary(t);
        break;
      case 5:
        e.children = in.small(t);
        break;
      case 6:
        e.converted = in.small(t);
        break;
      case 10:
        if (t == wire::structure)
          read_logical(in, e);
        else
          in.fail();
        break;
      default:
        in.skip(t);
    }
  });
  return e;
}

chunk_facts read_chunk_facts(thrift_reader& in) {
  chunk_facts c;
  in.each_field([&](int id, wire t) {
    switch (id) {
      case 1:
        c.type = in.small(t);
        break;
      case 4:
        c.codec = in.small(t);
        break;
      case 5:
        c.values = in.integer(t);
        break;
      case 6:
        c.raw_bytes = in.integer(t);
        break;
      case 7:
        c.bytes = in.integer(t);
        break;
      case 9:
        c.data_offset = in.integer(t);
        break;
      case 11:
        c.dictionary_offset = in.integer(t);
        break;
      default:
        in.skip(t);
    }
  });
  return c;
}

row_group_facts read_row_group(thrift_reader& in, bool& elsewhere) {
  row_group_facts g;
  in.each_field([&](int id, wire t) {
    if (id == 1) {
      in.each_element(t, [&](wire e) {
        if (e != wire::structure) return in.fail();
        chunk_facts chunk;
        in.each_field([&](int field, wire u) {
          if (field == 1) elsewhere = true;  // the path of another file
          if (field == 3 && u == wire::structure)
            chunk = read_chunk_facts(in);
          else
            in.skip(u);
        });
        g.chunks.push_back(std::move(chunk));
      });
    } else if (id == 3) {
      g.rows = in.integer(t);
    } else {
      in.skip(t);
    }
  });
  return g;
}

// The type of a leaf's values, or `other`; and how to bring them to it.
type type_of_leaf(const schema_element& e, leaf& l) {
  constexpr int decimal_mark = 5, timestamp_millis = 9, timestamp_micros = 10;
  constexpr int unsigned_first = 11, integer_last = 18;
  constexpr int logical_string = 1, logical_enum = 4, logical_decimal = 5, logical_date = 6,
                logical_time = 7, logical_timestamp = 8, logical_integer = 10, logical_json = 12;
  l.type = static_cast<physical>(e.type);
  if (e.converted == decimal_mark || e.logical == logical_decimal) return type::other;
  if (e.logical == logical_time || e.converted == 7 || e.converted == 8) return type::other;
  l.is_unsigned = e.logical == logical_integer
                      ? !e.integer_signed
                      : e.converted >= unsigned_first && e.converted < unsigned_first + 4;
  switch (l.type) {
    case physical::boolean:
      return type::boolean;
    case physical::int32:
      if (e.converted == static_cast<int>(converted::date) || e.logical == logical_date)
        return type::date;
      return l.is_unsigned ? type::int64 : type::int32;
    case physical::int64:
      if (e.logical == logical_timestamp || e.converted == timestamp_millis ||
          e.converted == timestamp_micros) {
        if (e.time_unit == 1 || (e.time_unit == 0 && e.converted == timestamp_millis))
          l.multiply = micros_to_millis;
        if (e.time_unit == 3) l.divide = micros_to_millis;
        return type::timestamp;
      }
      return e.converted > integer_last ? type::other : type::int64;
    case physical::float32:
    case physical::float64:
      return type::real;
    case physical::byte_array:
      // Without a mark they may be texts all the same: the reader looks at each.
      if (e.logical == logical_string || e.logical == logical_enum || e.logical == logical_json ||
          e.logical == -1)
        return type::string;
      return type::other;
    default:
      return type::other;
  }
}

// Walks the schema, which is a tree told in depth-first order.
class schema_walk {
 public:
  schema_walk(const std::vector<schema_element>& elements, file_facts& file)
      : elements_(elements), file_(file) {}

  bool run() {
    if (elements_.empty() || elements_[0].children < 0) return false;
    at_ = 1;
    for (int i = 0; i < elements_[0].children; ++i)
      if (!take_column()) return false;
    return at_ == elements_.size();
  }

 private:
  static constexpr int deepest = 32;

  static bool is_optional(const schema_element& e) {
    return e.repetition == static_cast<int>(repetition::optional);
  }
  static bool is_repeated(const schema_element& e) {
    return e.repetition != static_cast<int>(repetition::required) && !is_optional(e);
  }

  bool skip(int depth) {
    if (at_ >= elements_.size() || depth > deepest) return false;
    const schema_element& e = elements_[at_++];
    if (e.children == 0) ++file_.all_leaves;
    if (e.children < 0) return false;
    for (int i = 0; i < e.children; ++i)
      if (!skip(depth + 1)) return false;
    return true;
  }

  // A list of the usual three levels, whose element is a leaf.
  [[nodiscard]] bool is_plain_list(std::size_t at) const {
    constexpr int logical_list = 3;
    if (at + 2 >= elements_.size()) return false;
    const schema_element &outer = elements_[at], &middle = elements_[at + 1],
                         &inner = elements_[at + 2];
    return outer.children == 1 && !is_repeated(outer) &&
           (outer.converted == static_cast<int>(converted::list) ||
            outer.logical == logical_list) &&
           middle.children == 1 && middle.repetition == static_cast<int>(repetition::repeated) &&
           inner.children == 0 && !is_repeated(inner);
  }

  bool take_column() {
    if (at_ >= elements_.size()) return false;
    const schema_element& e = elements_[at_];
    column c{e.name, type::other, is_optional(e)};
    leaf l;
    if (e.children == 0 && !is_repeated(e)) {
      c.type = type_of_leaf(e, l);
      l.most_definition = c.optional ? 1 : 0;
    } else if (is_plain_list(at_)) {
      const schema_element& inner = elements_[at_ + 2];
      const type of = type_of_leaf(inner, l);
      if (of == type::string) c.type = type::string_list;
      if (of == type::real) c.type = type::real_list;
      l.list_definition = c.optional ? 1 : 0;
      l.most_definition = l.list_definition + 1 + (is_optional(inner) ? 1 : 0);
      l.most_repetition = 1;
    }
    file_.columns.push_back(std::move(c));
    file_.leaves.push_back(l);
    file_.first_leaf.push_back(file_.all_leaves);
    return skip(1);
  }

  const std::vector<schema_element>& elements_;
  file_facts& file_;
  std::size_t at_ = 0;
};

result<void> check_row_groups(const file_facts& file) {
  std::int64_t rows = 0;
  for (const row_group_facts& g : file.row_groups) {
    if (g.chunks.size() != file.all_leaves)
      return parquet_error{"a row group has another number of columns than the schema"};
    if (g.rows < 0 || g.rows > file.rows - rows)
      return parquet_error{"the row groups have other rows than the file"};
    rows += g.rows;
  }
  if (rows != file.rows) return parquet_error{"the row groups have other rows than the file"};
  return {};
}

}  // namespace

page_facts read_page_facts(thrift_reader& in) {
  page_facts p;
  const auto counts = [&](wire t, int definitions, int repetitions) {
    if (t != wire::structure) return in.fail();
    in.each_field([&](int id, wire u) {
      if (id == 1)
        p.values = in.integer(u);
      else if (id == 2)
        p.encoding = in.small(u);
      else if (id == definitions)
        p.definition_encoding = in.small(u);
      else if (id == repetitions)
        p.repetition_encoding = in.small(u);
      else
        in.skip(u);
    });
  };
  const auto second_version = [&](wire t) {
    if (t != wire::structure) return in.fail();
    in.each_field([&](int id, wire u) {
      if (id == 1)
        p.values = in.integer(u);
      else if (id == 4)
        p.encoding = in.small(u);
      else if (id == 5)
        p.definition_bytes = in.integer(u);
      else if (id == 6)
        p.repetition_bytes = in.integer(u);
      else if (id == 7)
        p.compressed = in.boolean(u);
      else
        in.skip(u);
    });
  };
  in.each_field([&](int id, wire t) {
    if (id == 1)
      p.kind = in.small(t);
    else if (id == 2)
      p.raw_bytes = in.integer(t);
    else if (id == 3)
      p.bytes = in.integer(t);
    else if (id == 4)
      p.crc = static_cast<std::uint32_t>(in.integer(t));
    else if (id == 5)
      counts(t, 3, 4);
    else if (id == 7)
      counts(t, -1, -1);
    else if (id == 8)
      second_version(t);
    else
      in.skip(t);
  });
  return p;
}

result<file_facts> read_file_facts(std::string_view footer, std::size_t most_columns) {
  file_facts file;
  std::vector<schema_element> elements;
  bool encrypted = false, elsewhere = false;
  thrift_reader in(footer);
  const auto structures = [&](wire t, auto take) {
    in.each_element(t, [&](wire e) {
      if (e == wire::structure)
        take();
      else
        in.fail();
    });
  };
  in.each_field([&](int id, wire t) {
    switch (id) {
      case 2:
        structures(t, [&] { elements.push_back(read_element(in)); });
        break;
      case 3:
        file.rows = in.integer(t);
        break;
      case 4:
        structures(t, [&] { file.row_groups.push_back(read_row_group(in, elsewhere)); });
        break;
      case 5:
        structures(t, [&] {
          auto& [key, value] = file.metadata.emplace_back();
          in.each_field([&](int field, wire u) {
            if (field == 1)
              key = in.binary(u);
            else if (field == 2)
              value = in.binary(u);
            else
              in.skip(u);
          });
        });
        break;
      case 8:
        encrypted = true;
        in.skip(t);
        break;
      default:
        in.skip(t);
    }
  });
  if (!in.ok()) return parquet_error{"the footer is not what a Parquet file has"};
  if (encrypted) return parquet_error{"the file is encrypted"};
  if (elsewhere) return parquet_error{"the file's columns lie in other files"};
  if (file.rows < 0 || elements.size() > 4 * most_columns || !schema_walk(elements, file).run() ||
      file.columns.size() > most_columns)
    return parquet_error{"the footer's schema is not one, or too large"};
  if (auto good = check_row_groups(file); !good) return good.error();
  return file;
}

}  // namespace agon::parquet
