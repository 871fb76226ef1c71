#include "privacy/release/documents.hpp"

#include <algorithm>
#include <cstdio>

#include "privacy/dp/budget.hpp"
#include "privacy/release/dataset_card.hpp"

namespace agon::release {
namespace {

constexpr double report_delta = 1e-6;

std::string shortest_decimal(double v) {
  char text[64];
  std::snprintf(text, sizeof text, "%.3g", v);
  return text;
}

}  // namespace

std::string dataset_version(const manifest& m) {
  return std::to_string(m.revision() + 1) + ".0.0";
}

std::string license_url(std::string_view license) {
  if (!license.starts_with("cc")) return "";
  std::string id(license);
  std::transform(id.begin(), id.end(), id.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return "https://spdx.org/licenses/" + id + ".html";
}

std::string rho_text(std::int64_t billionths) {
  return shortest_decimal(static_cast<double>(billionths) / 1e9);
}

std::string epsilon_text(std::int64_t billionths) {
  return shortest_decimal(dp::epsilon_of({billionths}, report_delta));
}

std::string preview(const preview_lines& lines) {
  std::string out;
  for (const auto& [table, rows] : lines) {
    out.append(out.empty() ? "{\"" : ",\"").append(table).append("\":[");
    for (std::size_t i = 0; i < rows.size(); ++i) out.append(i == 0 ? "" : ",").append(rows[i]);
    out += "]";
  }
  return out.empty() ? "{}" : out + "}";
}

std::string changelog(const manifest& m) {
  std::string out = "# Changes of " + m.arena + " " + m.partition +
                    "\n\nA sealed partition changes in one way only: a revision takes rows away, "
                    "because people asked for it.\nUse the newest, and delete older copies.\n";
  for (auto c = m.history.rbegin(); c != m.history.rend(); ++c)
    out += "\n## " + std::to_string(c->revision + 1) + ".0.0, " + c->day + "\n\n" + c->note +
           " It holds " + std::to_string(c->votes) + " votes.\n";
  return out;
}

std::vector<document> documents(const manifest& m) {
  return {{"CHANGELOG.md", changelog(m)},
          {"PRIVACY_REPORT.json", privacy_report_json(m)},
          {"PRIVACY_REPORT.md", privacy_report(m)},
          {"README.md", dataset_card(m)},
          {"codebook.md", codebook(m)},
          {"croissant.json", croissant(m)},
          {"datapackage.json", data_package(m)}};
}

}  // namespace agon::release
