// datapackage.json: https://datapackage.org/standard/data-package/, version 2.0.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "privacy/release/documents.hpp"
#include "privacy/release/tables.hpp"

namespace agon::release {
namespace {

using package_json = nlohmann::ordered_json;

const char* field_type(column_type t) {
  switch (t) {
    case column_type::integer:
      return "integer";
    case column_type::number:
      return "number";
    case column_type::boolean:
      return "boolean";
    case column_type::day:
      return "date";
    default:
      return "string";
  }
}

package_json package_field(const column& c) {
  package_json constraints = package_json::object();
  if (!c.nullable) constraints["required"] = true;
  if (c.type == column_type::enumeration) constraints["enum"] = c.values;
  if (c.type == column_type::integer || c.type == column_type::number) {
    constraints["minimum"] = c.at_least;
    constraints["maximum"] = c.at_most;
  }
  if (c.type == column_type::pseudonym) constraints["pattern"] = "^[0-9a-f]{32}$";
  package_json out = {
      {"name", c.name}, {"type", field_type(c.type)}, {"description", c.description}};
  if (!constraints.empty()) out["constraints"] = std::move(constraints);
  return out;
}

package_json package_schema(const table_schema& t, const std::string& votes_resource) {
  package_json fields = package_json::array();
  for (const column& c : t.columns) fields.push_back(package_field(c));
  package_json out = {{"$schema", "https://datapackage.org/profiles/2.0/tableschema.json"},
                      {"fields", std::move(fields)}};
  if (t.name == "votes") out["primaryKey"] = package_json::array({"battle"});
  if (t.name != "votes" && t.find("battle") && !votes_resource.empty())
    out["foreignKeys"] = package_json::array(
        {{{"fields", package_json::array({"battle"})},
          {"reference",
           {{"resource", votes_resource}, {"fields", package_json::array({"battle"})}}}}});
  return out;
}

// "votes-00000-parquet": names are made of a-z, 0-9, - . _ and /.
std::string resource_name(const manifest_file& f) {
  std::string out = f.path.substr(f.path.find('/') + 1);
  std::replace(out.begin(), out.end(), '.', '-');
  return out;
}

// Keys between tables can be told as long as all votes are in one file.
std::string only_votes_resource(const manifest& m) {
  std::string out;
  for (const manifest_file& f : m.files) {
    if (f.table != "votes" || !f.path.ends_with(".parquet")) continue;
    if (!out.empty()) return "";
    out = resource_name(f);
  }
  return out;
}

}  // namespace

std::string data_package(const manifest& m) {
  const std::string licence = license_url(m.license);
  const std::string votes = only_votes_resource(m);
  package_json resources = package_json::array();
  for (const manifest_file& f : m.files) {
    const table_schema* table = find_table(f.table);
    if (table == nullptr) continue;
    const bool parquet = f.path.ends_with(".parquet");
    resources.push_back(
        {{"$schema", "https://datapackage.org/profiles/2.0/dataresource.json"},
         {"name", resource_name(f)},
         {"type", "table"},
         {"path", f.path},
         {"title", f.table},
         {"description", table->description},
         {"format", parquet ? "parquet" : "jsonl.zst"},
         {"mediatype", parquet ? "application/vnd.apache.parquet" : "application/zstd"},
         {"encoding", "utf-8"},
         {"bytes", f.bytes},
         {"hash", "sha256:" + f.sha256},
         {"schema", package_schema(*table, votes)}});
  }
  package_json license = {{"name", m.license}};
  if (!licence.empty()) license["path"] = licence;
  package_json out;
  out["$schema"] = "https://datapackage.org/profiles/2.0/datapackage.json";
  out["name"] = m.arena + "-" + m.partition;
  out["title"] = m.arena_title + ", " + m.partition;
  out["description"] =
      "Votes of people who compared two hidden systems, anonymised. README.md tells more.";
  if (!m.url.empty()) out["homepage"] = m.url;
  out["version"] = dataset_version(m);
  out["created"] = (m.history.empty() ? m.created_day : m.history.back().day) + "T00:00:00Z";
  out["licenses"] = package_json::array({std::move(license)});
  out["contributors"] = package_json::array(
      {{{"title", "The arena " + m.arena_title}, {"roles", package_json::array({"publisher"})}}});
  out["keywords"] = package_json::array({"human preferences", "pairwise comparison"});
  out["resources"] = std::move(resources);
  return out.dump(1) + "\n";
}

}  // namespace agon::release
