// Files on disk: audio in ranges, pages from memory.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "services/http/file_plan.hpp"
#include "services/http/static_files.hpp"
#include "tests/unit/http/live_server.hpp"

namespace agon::http {
namespace {

namespace fs = std::filesystem;
using testing::answer;
using testing::live_server;
using testing::raw_client;

class folder {
 public:
  folder() {
    std::string name = (fs::temp_directory_path() / "agon-http-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~folder() { fs::remove_all(path); }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;

  void write(const std::string& name, const std::string& bytes) const {
    fs::create_directories((path / name).parent_path());
    std::ofstream(path / name, std::ios::binary) << bytes;
  }
  fs::path path;
};

TEST(parse_range, follows_rfc_9110) {
  const auto parse = [](std::string_view text, std::uint64_t size) -> std::string {
    byte_range r;
    switch (parse_range(text, size, r)) {
      case range_outcome::ignored:
        return "ignored";
      case range_outcome::unsatisfiable:
        return "unsatisfiable";
      case range_outcome::satisfiable:
        return std::to_string(r.first) + "-" + std::to_string(r.last);
    }
    return "";
  };
  EXPECT_EQ(parse("bytes=0-0", 10), "0-0");
  EXPECT_EQ(parse("bytes=2-", 10), "2-9");
  EXPECT_EQ(parse("bytes=2-99", 10), "2-9");
  EXPECT_EQ(parse("bytes=-3", 10), "7-9");
  EXPECT_EQ(parse("bytes=-30", 10), "0-9");
  EXPECT_EQ(parse("bytes=10-", 10), "unsatisfiable");
  EXPECT_EQ(parse("bytes=-0", 10), "unsatisfiable");
  EXPECT_EQ(parse("bytes=0-", 0), "unsatisfiable");
  for (const std::string_view odd :
       {"bytes=", "bytes=-", "bytes=3-2", "bytes=a-b", "bytes=0-1,3-4", "lines=0-1", "bytes=0 - 1",
        "bytes=99999999999999999999-", "bytes=--1"})
    EXPECT_EQ(parse(odd, 10), "ignored") << odd;
}

class http_files : public ::testing::Test {
 protected:
  http_files() {
    for (int i = 0; i < 200'000; ++i) bytes_.push_back(static_cast<char>('a' + i % 26));
    folder_.write("audio.ogg", bytes_);
    folder_.write("empty.ogg", "");
    server_.on(method::get, "/media/{name:slug}", [this](const request& r) {
      response out;
      out.content_type = "audio/ogg";
      out.body = file_body{folder_.path / std::string(r.parameter("name")), ""};
      return out;
    });
    server_.start();
  }
  folder folder_;
  std::string bytes_;
  live_server server_;
};

TEST_F(http_files, come_whole) {
  const answer a = server_.get("/media/audio.ogg");
  EXPECT_EQ(a.status, 200);
  EXPECT_EQ(a.header("content-type"), "audio/ogg");
  EXPECT_EQ(a.header("accept-ranges"), "bytes");
  EXPECT_TRUE(a.body == bytes_);
  EXPECT_EQ(server_.get("/media/empty.ogg").header("content-length"), "0");
}

TEST_F(http_files, come_in_ranges) {
  const answer a = server_.get("/media/audio.ogg", "Range: bytes=100000-199998\r\n");
  EXPECT_EQ(a.status, 206);
  EXPECT_EQ(a.header("content-range"), "bytes 100000-199998/200000");
  EXPECT_TRUE(a.body == bytes_.substr(100'000, 99'999));
  EXPECT_EQ(server_.get("/media/audio.ogg", "Range: bytes=-5\r\n").body, bytes_.substr(199'995));
  const answer beyond = server_.get("/media/audio.ogg", "Range: bytes=200000-\r\n");
  EXPECT_EQ(beyond.status, 416);
  EXPECT_EQ(beyond.header("content-range"), "bytes */200000");
  EXPECT_EQ(server_.get("/media/audio.ogg", "Range: bytes=0-1,4-5\r\n").status, 200);
}

TEST_F(http_files, are_not_sent_again_unchanged) {
  const answer first = server_.get("/media/audio.ogg");
  const std::string etag = first.header("etag");
  const std::string date = first.header("last-modified");
  const auto status = [&](const std::string& headers) {
    return server_.get("/media/audio.ogg", headers).status;
  };
  EXPECT_EQ(status("If-None-Match: " + etag + "\r\n"), 304);
  EXPECT_EQ(status("If-None-Match: \"x\"\r\n"), 200);
  EXPECT_EQ(status("If-Modified-Since: " + date + "\r\n"), 304);
  EXPECT_EQ(status("If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n"), 200);
  EXPECT_EQ(status("If-None-Match: \"x\"\r\nIf-Modified-Since: " + date + "\r\n"), 200);
  EXPECT_EQ(status("Range: bytes=0-1\r\nIf-Range: " + etag + "\r\n"), 206);
  EXPECT_EQ(status("Range: bytes=0-1\r\nIf-Range: \"x\"\r\n"), 200);
  EXPECT_EQ(status("Range: bytes=0-1\r\nIf-Range: W/" + etag + "\r\n"), 200);
  EXPECT_EQ(status("Range: bytes=0-1\r\nIf-Range: " + date + "\r\n"), 206);
}

TEST_F(http_files, head_tells_the_size) {
  raw_client client(server_.port());
  client.send("HEAD /media/audio.ogg HTTP/1.1\r\nHost: x\r\nRange: bytes=0-1\r\n\r\n");
  const answer a = client.read_answer(true);
  EXPECT_EQ(a.status, 200);
  EXPECT_EQ(a.header("content-length"), "200000");
  client.send("GET /media/audio.ogg HTTP/1.1\r\nHost: x\r\nRange: bytes=0-1\r\n\r\n");
  EXPECT_EQ(client.read_answer().body, "ab");
}

TEST_F(http_files, that_are_missing_or_no_files_are_not_found) {
  EXPECT_EQ(server_.get("/media/none").status, 404);
  fs::create_directory(folder_.path / "directory");
  EXPECT_EQ(server_.get("/media/directory").status, 404);
}

class http_pages : public ::testing::Test {
 protected:
  http_pages() {
    folder_.write("index.html", "<html>");
    folder_.write("index.html.gz", "gz html");
    folder_.write("assets/app-1a2b.js", "js");
    folder_.write("assets/app-1a2b.js.br", "br js");
    folder_.write("assets/app-1a2b.js.gz", "gz js");
    folder_.write("favicon.svg", "<svg/>");
    folder_.write(".secret", "hidden");
    pages_ = std::make_unique<static_files>(folder_.path);
    pages_->serve_from(server_.routes());
    server_.on(method::post, "/api/v1/votes", [](const request&) { return json("{}"); });
    server_.start();
  }
  folder folder_;
  std::unique_ptr<static_files> pages_;
  live_server server_;
};

TEST_F(http_pages, have_types_policies_and_lifetimes) {
  const answer page = server_.get("/");
  EXPECT_EQ(page.body, "<html>");
  EXPECT_EQ(page.header("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.header("cache-control"), "no-cache");
  EXPECT_EQ(page.header("vary"), "Accept-Encoding");
  EXPECT_TRUE(page.header("content-security-policy").starts_with("default-src 'self'; script-src"));
  EXPECT_EQ(page.header("cross-origin-opener-policy"), "same-origin");
  EXPECT_EQ(page.header("strict-transport-security"), "") << "only with TLS";
  const answer script = server_.get("/assets/app-1a2b.js");
  EXPECT_EQ(script.header("cache-control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(script.header("content-type"), "text/javascript; charset=utf-8");
}

TEST_F(http_pages, come_compressed_if_accepted) {
  const answer best = server_.get("/assets/app-1a2b.js", "Accept-Encoding: gzip, br\r\n");
  EXPECT_EQ(best.body, "br js");
  EXPECT_EQ(best.header("content-encoding"), "br");
  EXPECT_EQ(server_.get("/assets/app-1a2b.js", "Accept-Encoding: gzip\r\n").body, "gz js");
  EXPECT_EQ(server_.get("/assets/app-1a2b.js").body, "js");
  EXPECT_EQ(server_.get("/favicon.svg", "Accept-Encoding: br\r\n").body, "<svg/>");
}

TEST_F(http_pages, each_form_has_its_own_etag) {
  const answer plain = server_.get("/");
  const answer zipped = server_.get("/", "Accept-Encoding: gzip\r\n");
  EXPECT_NE(plain.header("etag"), zipped.header("etag"));
  const std::string known = "If-None-Match: " + zipped.header("etag") + "\r\n";
  EXPECT_EQ(server_.get("/", known + "Accept-Encoding: gzip\r\n").status, 304);
  EXPECT_EQ(server_.get("/", known).status, 200);
}

TEST_F(http_pages, unknown_pages_are_left_to_the_browser) {
  EXPECT_EQ(server_.get("/arenas/speech/board").body, "<html>");
  EXPECT_EQ(server_.get("/assets/none.js").status, 404);
  EXPECT_EQ(server_.get("/.secret").status, 404);
  for (const std::string_view path :
       {"/assets/none", "/assets", "/assets/a/b", "/.well-known/none"})
    EXPECT_EQ(server_.get(path).status, 404) << path;
  for (const std::string_view path : {"/api/v1/none", "/api", "/media/none", "/releases/none"})
    EXPECT_EQ(server_.get(path).status, 404) << path;
  EXPECT_EQ(server_.get("/api/v1/votes").status, 405);
  EXPECT_EQ(server_.ask("POST /arenas/speech HTTP/1.1\r\n").status, 404);
}

TEST(static_files_folder, must_have_an_index) {
  const folder empty;
  EXPECT_THROW(static_files{empty.path}, std::runtime_error);
}

}  // namespace
}  // namespace agon::http
