// croissant.json: https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html, with the
// vocabulary of https://docs.mlcommons.org/croissant/docs/croissant-rai-spec.html.
#include <nlohmann/json.hpp>

#include "privacy/release/documents.hpp"
#include "privacy/release/tables.hpp"

namespace agon::release {
namespace {

using croissant_json = nlohmann::ordered_json;

// Appendix 1 of the specification, as far as terms of it are used.
croissant_json croissant_context() {
  return {{"@language", "en"},
          {"@vocab", "http://schema.org/"},
          {"sc", "http://schema.org/"},
          {"cr", "http://mlcommons.org/croissant/"},
          {"rai", "http://mlcommons.org/croissant/RAI/"},
          {"dct", "http://purl.org/dc/terms/"},
          {"citeAs", "cr:citeAs"},
          {"column", "cr:column"},
          {"conformsTo", "dct:conformsTo"},
          {"containedIn", "cr:containedIn"},
          {"dataType", {{"@id", "cr:dataType"}, {"@type", "@vocab"}}},
          {"extract", "cr:extract"},
          {"field", "cr:field"},
          {"fileObject", "cr:fileObject"},
          {"fileSet", "cr:fileSet"},
          {"includes", "cr:includes"},
          {"isLiveDataset", "cr:isLiveDataset"},
          {"key", "cr:key"},
          {"recordSet", "cr:recordSet"},
          {"references", "cr:references"},
          {"source", "cr:source"}};
}

const char* croissant_type(column_type t) {
  switch (t) {
    case column_type::integer:
      return "sc:Integer";
    case column_type::number:
      return "sc:Float";
    case column_type::boolean:
      return "sc:Boolean";
    case column_type::day:
      return "sc:Date";
    default:
      return "sc:Text";
  }
}

std::string file_set_id(const table_schema& t) {
  return std::string(t.name) + "-parquet";
}

croissant_json distribution_of(const manifest& m) {
  croissant_json out = croissant_json::array();
  for (const manifest_file& f : m.files) {
    const bool parquet = f.path.ends_with(".parquet");
    out.push_back(
        {{"@type", "cr:FileObject"},
         {"@id", f.path},
         {"name", f.path.substr(f.path.find('/') + 1)},
         {"description",
          "Rows of " + f.table +
              (parquet ? ", as Parquet." : ", one JSON object per line, compressed with zstd.")},
         {"contentUrl", f.path},
         {"contentSize", std::to_string(f.bytes) + " B"},
         {"encodingFormat", parquet ? "application/vnd.apache.parquet" : "application/zstd"},
         {"sha256", f.sha256}});
  }
  for (const table_schema& t : tables())
    out.push_back({{"@type", "cr:FileSet"},
                   {"@id", file_set_id(t)},
                   {"name", file_set_id(t)},
                   {"description", "All Parquet files of the table " + std::string(t.name) + "."},
                   {"encodingFormat", "application/vnd.apache.parquet"},
                   {"includes", "data/" + std::string(t.name) + "-*.parquet"}});
  return out;
}

croissant_json field_of(const table_schema& t, const column& c) {
  const std::string table(t.name);
  croissant_json out = {
      {"@type", "cr:Field"},
      {"@id", table + "/" + std::string(c.name)},
      {"name", c.name},
      {"description", c.description},
      {"dataType", croissant_type(c.type)},
      {"source", {{"fileSet", {{"@id", file_set_id(t)}}}, {"extract", {{"column", c.name}}}}}};
  if (c.name == "battle" && table != "votes")
    out["references"] = {{"field", {{"@id", "votes/battle"}}}};
  return out;
}

croissant_json record_sets() {
  croissant_json out = croissant_json::array();
  for (const table_schema& t : tables()) {
    croissant_json fields = croissant_json::array();
    for (const column& c : t.columns) fields.push_back(field_of(t, c));
    croissant_json set = {{"@type", "cr:RecordSet"},
                          {"@id", t.name},
                          {"name", t.name},
                          {"description", t.description}};
    if (t.name == "votes") set["key"] = {{"@id", "votes/battle"}};
    set["field"] = std::move(fields);
    out.push_back(std::move(set));
  }
  return out;
}

void add_responsible_ai(croissant_json& out, const manifest& m) {
  out["rai:dataCollection"] =
      "Visitors of a public page ask for an output, compare what two hidden systems made of it, "
      "and say which is better and why.";
  out["rai:dataCollectionType"] =
      croissant_json::array({"Experiments", "User-generated content data"});
  out["rai:dataAnnotationPlatform"] = "Agon " + m.code_version;
  out["rai:annotationsPerItem"] = "1";
  out["rai:annotatorDemographics"] =
      "Not asked and not known: whoever came to the page and agreed to publication.";
  out["rai:dataPreprocessingProtocol"] = croissant_json::array(
      {"Votes are taken " + std::to_string(m.policy.cool_off_hours) +
           " hours after they were cast at the earliest, if their person agreed to publication and "
           "has not declined it since.",
       "Texts are normalised and searched for personal data; what is found becomes a typed "
       "placeholder.",
       "Times are cut to days, ids are hashed under a key that is destroyed, rows are shuffled."});
  out["rai:personalSensitiveInformation"] = croissant_json::array(
      {"Prompts and comments were written by people; automatic search misses some personal data, "
       "above all names and stories.",
       "Languages that stand in fewer than " + std::to_string(m.policy.k) +
           " votes are withheld. See PRIVACY_REPORT.md."});
  out["rai:dataBiases"] =
      "Voters choose themselves; pairs are drawn by a policy whose probability stands with each "
      "vote; what may not be published is missing.";
  out["rai:dataLimitations"] =
      "Votes of one person are not linked, so that nothing within persons can be estimated. Do "
      "not try to identify anybody.";
  out["rai:dataUseCases"] = croissant_json::array({"Ranking systems by preference.",
                                                   "Training and testing models of preference.",
                                                   "Studying why people prefer one output."});
  out["rai:dataReleaseMaintenancePlan"] =
      "A sealed partition changes only by revisions, which take rows away; CHANGELOG.md lists "
      "them.";
}

}  // namespace

std::string croissant(const manifest& m) {
  const std::string name = m.arena + "-" + m.partition;
  const std::string licence = license_url(m.license);
  croissant_json out;
  out["@context"] = croissant_context();
  out["@type"] = "sc:Dataset";
  out["@id"] = name;
  out["name"] = name;
  out["description"] = "Votes of people who compared two hidden systems: " + m.arena_title + ", " +
                       m.partition + ".";
  out["conformsTo"] = croissant_json::array(
      {"http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"});
  out["license"] = licence.empty() ? m.license : licence;
  out["url"] = m.url.empty() ? "urn:agon:" + m.arena + ":" + m.partition : m.url;
  out["creator"] = {{"@type", "sc:Organization"}, {"name", "The arena " + m.arena_title}};
  out["datePublished"] = m.history.empty() ? m.created_day : m.history.front().day;
  out["dateModified"] = m.history.empty() ? m.created_day : m.history.back().day;
  out["version"] = dataset_version(m);
  out["keywords"] =
      croissant_json::array({"human preferences", "pairwise comparison", "leaderboard"});
  out["isLiveDataset"] = false;
  out["citeAs"] = "@misc{" + name + ", title={" + m.arena_title + ", " + m.partition +
                  "}, version={" + dataset_version(m) + "}, year={" + m.created_day.substr(0, 4) +
                  "}}";
  out["distribution"] = distribution_of(m);
  out["recordSet"] = record_sets();
  add_responsible_ai(out, m);
  return out.dump(1) + "\n";
}

}  // namespace agon::release
