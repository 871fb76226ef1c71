#include "services/store/postgres/output_rows.hpp"

#include "services/store/postgres/array_literal.hpp"
#include "services/store/postgres/battle_rows.hpp"
#include "services/store/postgres/columns.hpp"

namespace agon::store {
namespace {

constexpr statement add_output{
    "output_add",
    "insert into agon.output (arena_id, battle_id, slot, turn, attempt, id, system_id, status,"
    " error, generation_seconds, media_name, media_type, media_sha256, media_bytes, seconds,"
    " loudness_lufs, peaks, style_set, style, text, width, height, cut_off, names_itself) "
    "values ($1::int, $2::uuid, $3::smallint, $4::smallint, $5::smallint, $6::uuid, $7::int, $8,"
    " $9, $10::float8, $11, $12, $13::bytea, $14::bigint, $15::float8, $16::float8, $17::bytea,"
    " $18, $19::float8[], $20, $21::int, $22::int, $23::boolean, $24) "
    "on conflict do nothing"};

constexpr statement find_outputs{
    "output_find_shown",
    "select arena_id, slot, turn, attempt, id, system_id, status, error, generation_seconds,"
    " media_name, media_type, media_sha256, media_bytes, seconds, loudness_lufs, peaks,"
    " style_set, style, text, width, height, cut_off, names_itself from agon.output where "
    "battle_id = $1::uuid and status = 'shown' order by "
    "slot, turn"};

std::string peaks_bytes(const std::vector<std::uint8_t>& peaks) {
  return {peaks.begin(), peaks.end()};
}

}  // namespace

void insert_output(session& db, const arena::output& o) {
  std::optional<std::string> name, type, sha256, bytes, seconds, loudness, peaks, width, height;
  if (o.media) {
    name = o.media->name;
    type = o.media->type;
    sha256 = hex_to_bytea(o.media->sha256);
    bytes = std::to_string(o.media->bytes);
    if (o.media->width > 0) {
      width = std::to_string(o.media->width);
      height = std::to_string(o.media->height);
    } else {
      seconds = to_sql(o.media->seconds);
      loudness = to_sql(o.media->loudness_lufs);
      peaks = to_bytea(peaks_bytes(o.media->peaks));
    }
  }
  db.exec(add_output, o.arena, to_sql(o.battle), o.slot, o.turn, o.attempt, to_sql(o.id), o.system,
          std::string(to_sql(o.status)), o.error, to_sql(o.generation_seconds), or_null(name),
          or_null(type), or_null(sha256), or_null(bytes), or_null(seconds), or_null(loudness),
          or_null(peaks), o.style_set, to_array(o.style), or_null(o.text), or_null(width),
          or_null(height), o.cut_off, o.names_itself);
}

std::vector<arena::output> find_shown_outputs(session& db, battle_id id) {
  std::vector<arena::output> outputs;
  for (const auto& row : db.exec(find_outputs, to_sql(id))) {
    arena::output o;
    o.battle = id;
    o.arena = int_of(row[0]);
    o.slot = int_of(row[1]);
    o.turn = int_of(row[2]);
    o.attempt = int_of(row[3]);
    o.id.value = uuid_of(row[4]);
    o.system = int_of(row[5]);
    o.status = output_status_of(text_of(row[6]));
    o.error = text_of(row[7]);
    o.generation_seconds = double_of(row[8]);
    if (!row[9].is_null()) {
      arena::media_file& m = o.media.emplace();
      m.name = text_of(row[9]);
      m.type = text_of(row[10]);
      m.sha256 = hex_of(row[11]);
      m.bytes = static_cast<std::uint64_t>(integer_of(row[12]));
      if (!row[13].is_null()) m.seconds = double_of(row[13]);
      if (!row[14].is_null()) m.loudness_lufs = double_of(row[14]);
      if (!row[15].is_null()) {
        const std::string peaks = bytes_of(row[15]);
        m.peaks.assign(peaks.begin(), peaks.end());
      }
      if (!row[19].is_null()) m.width = static_cast<unsigned>(int_of(row[19]));
      if (!row[20].is_null()) m.height = static_cast<unsigned>(int_of(row[20]));
    }
    o.style_set = text_of(row[16]);
    o.style = parse_double_array(text_of(row[17]));
    if (!row[18].is_null()) o.text = text_of(row[18]);
    o.cut_off = bool_of(row[21]);
    o.names_itself = text_of(row[22]);
    outputs.push_back(std::move(o));
  }
  return outputs;
}

}  // namespace agon::store
