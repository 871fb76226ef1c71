// agon rate --from FILE: boards without a server or a database.
#pragma once

#include <CLI/CLI.hpp>

#include <memory>

#include "services/offline/rate_votes.hpp"

namespace agon::commands {

class rate_file {
 public:
  // Adds the flags of files to `agon rate`.
  explicit rate_file(CLI::App& command);
  [[nodiscard]] bool chosen() const { return !from_.empty(); }
  // Prints the board of the file, or why there is none. The exit status.
  [[nodiscard]] int run() const;

 private:
  [[nodiscard]] offline::rate_settings settings() const;
  [[nodiscard]] files::checked<std::vector<offline::named_board>> boards(
      const offline::rate_settings& s) const;
  [[nodiscard]] files::checked<std::vector<offline::named_board>> boards_of_rankings(
      files::row_file& file, const offline::rate_settings& s) const;

  std::string from_;
  std::string input_;
  std::string method_ = "bradley-terry";
  std::string both_bad_;
  std::string anchor_;
  std::string format_ = "table";
  double confidence_ = 0.95;
  double k_ = 4;
  bool simultaneous_ = false;
  ratings::bootstrap_settings bootstrap_;
  bool skip_unjudged_ = false;
  std::vector<std::string> styles_;
  std::vector<std::string> features_;
  bool no_side_bias_ = false;
  offline::vote_columns columns_;
  std::string ranking_;
};

}  // namespace agon::commands
