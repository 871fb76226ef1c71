// The documents against the specifications that they name: Croissant 1.1 and its vocabulary of
// responsible AI, Data Package 2.0.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "privacy/release/tables.hpp"
#include "tests/unit/release/small_release.hpp"

namespace agon::release {
namespace {

using nlohmann::json;

class documented : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(test::build_small(release_)); }
  std::string text(const std::string& name) const { return test::read_file(release_ / name); }

  test::temporary_folder folder_;
  std::filesystem::path release_ = folder_.path() / "r";
};

TEST_F(documented, croissant_has_every_required_property_and_no_undefined_term) {
  const json c = json::parse(text("croissant.json"));
  for (const char* needed : {"@context", "@type", "conformsTo", "description", "license", "name",
                             "url", "creator", "datePublished", "distribution", "recordSet"})
    EXPECT_TRUE(c.contains(needed)) << needed;
  EXPECT_EQ(c["@type"], "sc:Dataset");
  EXPECT_EQ(c["@context"]["cr"], "http://mlcommons.org/croissant/");
  EXPECT_EQ(c["conformsTo"], json::array({"http://mlcommons.org/croissant/1.1",
                                          "http://mlcommons.org/croissant/RAI/1.0"}));
  EXPECT_EQ(c["license"], "https://spdx.org/licenses/CC-BY-4.0.html");
  EXPECT_TRUE(std::regex_match(c["version"].get<std::string>(), std::regex(R"(\d+\.\d+\.\d+)")));
  const std::set<std::string> rai = {"dataCollection",
                                     "dataCollectionType",
                                     "dataCollectionMissingData",
                                     "dataCollectionRawData",
                                     "dataCollectionTimeframe",
                                     "dataPreprocessingProtocol",
                                     "dataImputationProtocol",
                                     "dataManipulationProtocol",
                                     "dataReleaseMaintenancePlan",
                                     "personalSensitiveInformation",
                                     "dataAnnotationProtocol",
                                     "dataAnnotationPlatform",
                                     "dataAnnotationAnalysis",
                                     "annotationsPerItem",
                                     "annotatorDemographics",
                                     "machineAnnotationTools",
                                     "dataSocialImpact",
                                     "dataBiases",
                                     "dataLimitations",
                                     "dataUseCases"};
  int told = 0;
  for (const auto& [key, v] : c.items())
    if (key.starts_with("rai:")) {
      EXPECT_EQ(rai.count(key.substr(4)), 1U) << key;
      ++told;
    }
  EXPECT_GE(told, 10);
}

TEST_F(documented, croissants_references_and_hashes_are_those_of_files_and_fields) {
  const json c = json::parse(text("croissant.json"));
  std::set<std::string> ids, referenced;
  for (const json& d : c["distribution"]) {
    EXPECT_TRUE(ids.insert(d["@id"]).second) << d["@id"];
    for (const char* needed : {"name", "description", "encodingFormat"})
      EXPECT_TRUE(d.contains(needed)) << needed;
    if (d["@type"] == "cr:FileSet") {
      EXPECT_TRUE(d.contains("includes"));
      continue;
    }
    EXPECT_EQ(d["@type"], "cr:FileObject");
    const std::string bytes = text(d["contentUrl"]);
    EXPECT_EQ(d["sha256"], test::sha256_hex(bytes));
    EXPECT_EQ(d["contentSize"], std::to_string(bytes.size()) + " B");
  }
  const std::set<std::string> types = {"sc:Text", "sc:Integer", "sc:Float", "sc:Boolean",
                                       "sc:Date"};
  for (const json& r : c["recordSet"]) {
    EXPECT_EQ(r["@type"], "cr:RecordSet");
    EXPECT_TRUE(ids.insert(r["@id"]).second);
    for (const json& f : r["field"]) {
      EXPECT_EQ(f["@type"], "cr:Field");
      EXPECT_TRUE(ids.insert(f["@id"]).second);
      EXPECT_TRUE(f["@id"].get<std::string>().starts_with(r["@id"].get<std::string>() + "/"));
      EXPECT_EQ(types.count(f["dataType"]), 1U) << f["dataType"];
      referenced.insert(f["source"]["fileSet"]["@id"].get<std::string>());
      EXPECT_EQ(f["source"]["extract"]["column"], f["name"]);
      if (f.contains("references"))
        referenced.insert(f["references"]["field"]["@id"].get<std::string>());
    }
  }
  for (const std::string& id : referenced) EXPECT_EQ(ids.count(id), 1U) << id;
  EXPECT_EQ(c["recordSet"].size(), tables().size());
}

TEST_F(documented, data_package_follows_the_standard) {
  const json p = json::parse(text("datapackage.json"));
  EXPECT_EQ(p["$schema"], "https://datapackage.org/profiles/2.0/datapackage.json");
  const std::regex name("[a-z0-9._/-]+");
  EXPECT_TRUE(std::regex_match(p["name"].get<std::string>(), name));
  EXPECT_TRUE(std::regex_match(p["created"].get<std::string>(),
                               std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)")));
  EXPECT_TRUE(p["licenses"][0].contains("name"));
  std::set<std::string> names;
  const std::set<std::string> types = {"string", "integer", "number", "boolean", "date"};
  for (const json& r : p["resources"]) {
    EXPECT_TRUE(names.insert(r["name"]).second);
    EXPECT_TRUE(std::regex_match(r["name"].get<std::string>(), name)) << r["name"];
    const std::string bytes = text(r["path"]);
    EXPECT_EQ(r["bytes"], bytes.size());
    EXPECT_EQ(r["hash"], "sha256:" + test::sha256_hex(bytes));
    for (const json& f : r["schema"]["fields"]) {
      EXPECT_EQ(types.count(f["type"]), 1U) << f["type"];
      if (f.contains("constraints") && f["constraints"].contains("enum"))
        EXPECT_EQ(f["type"], "string");
    }
    if (r["schema"].contains("foreignKeys"))
      EXPECT_EQ(r["schema"]["foreignKeys"][0]["reference"]["resource"], "votes-00000-parquet");
  }
  EXPECT_EQ(names.size(), 2 * tables().size());
}

TEST_F(documented, codebook_counts_the_values_of_every_variable) {
  const std::string book = text("codebook.md");
  for (const table_schema& t : tables())
    for (const column& c : t.columns)
      EXPECT_NE(book.find("| " + std::string(c.name) + " | "), std::string::npos) << c.name;
  EXPECT_NE(
      book.find(
          "| language | name | Language of the prompt (BCP 47), where known. | 0 | `en` 24 |"),
      std::string::npos)
      << book;
  EXPECT_NE(book.find("`failed` 0, `replaced` 0, `shown` 48"), std::string::npos);
}

TEST_F(documented, the_privacy_report_says_the_same_to_programs_and_to_people) {
  const json r = json::parse(text("PRIVACY_REPORT.json"));
  EXPECT_EQ(r["singling_out"]["k_required"], 5);
  EXPECT_EQ(r["singling_out"]["k_reached"], 24);
  EXPECT_EQ(r["counts"]["published"], true);
  EXPECT_EQ(r["finders"]["EMAIL_ADDRESS"], 69);
  const std::string words = text("PRIVACY_REPORT.md");
  for (const char* part :
       {"picked out?", "put together?", "learned of a person", "| EMAIL_ADDRESS | 69 |",
        "There is 1 group, the smallest of 24 votes.", "Nobody has read a sample"})
    EXPECT_NE(words.find(part), std::string::npos) << part;
}

}  // namespace
}  // namespace agon::release
