#include "privacy/pii/streams.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <stdexcept>

namespace agon::pii {
namespace {

const options personal{};

std::string scanned(const std::string& text, stream_format format,
                    text_style style = text_style::plain) {
  std::istringstream in(text);
  std::ostringstream out;
  scan_stream(in, out, format, style, personal);
  return out.str();
}

std::string redacted(const std::string& text, stream_format format) {
  std::istringstream in(text);
  std::ostringstream out;
  redact_stream(in, out, format, personal);
  return out.str();
}

TEST(streams, rows_of_json_give_spans_in_code_points) {
  EXPECT_EQ(scanned("{\"id\":7,\"text\":\"é a@b.co\"}\n\n{\"text\":\"none\",\"id\":\"x\"}",
                    stream_format::jsonl),
            "{\"id\":7,\"spans\":[{\"kind\":\"EMAIL_ADDRESS\",\"start\":2,\"end\":8,\"score\":1.0}"
            "]}\n{\"id\":\"x\",\"spans\":[]}\n");
}

TEST(streams, rows_that_are_not_json_are_named) {
  for (const char* bad : {"{\"id\":1,\"text\":\"a\"}\n{\"id\":2", "{}\n[]", "{}\n{\"text\":1}",
                          "x\n{\"text\":\"\xff\"}"}) {
    std::string message;
    try {
      scanned(bad, stream_format::jsonl);
    } catch (const std::runtime_error& e) {
      message = e.what();
    }
    EXPECT_EQ(message.rfind("line ", 0), 0U) << bad;
  }
}

TEST(streams, redacted_rows_hold_nothing_else_than_id_and_text) {
  EXPECT_EQ(
      redacted("{\"id\":1,\"who\":\"a@b.co\",\"text\":\"to a@b.co\"}\n", stream_format::jsonl),
      "{\"id\":1,\"text\":\"to <EMAIL_ADDRESS_1>\"}\n");
}

TEST(streams, places_go_on_counting_behind_a_block) {
  // The second find lies behind more than one block of the reader.
  std::string text;
  while (text.size() < (9U << 20U)) text += "é, nothing here\n";
  const std::string points = std::to_string(text.size() / 17 * 16 + 4);
  const std::string out = scanned(text + "see a@b.co\n", stream_format::text);
  EXPECT_EQ(out.substr(0, points.size()), points);
  EXPECT_NE(out.find("EMAIL_ADDRESS\t1.00\ta@b.co\n"), std::string::npos);
}

TEST(streams, one_long_line_is_read_whole) {
  const std::string filler(5U << 20U, 'x');
  EXPECT_EQ(redacted(filler + " a@b.co " + filler, stream_format::text),
            filler + " <EMAIL_ADDRESS_1> " + filler);
}

TEST(streams, highlighting_keeps_the_text) {
  const std::string out = scanned("to a@b.co.", stream_format::text, text_style::highlighted);
  EXPECT_EQ(out.rfind("to \x1b[", 0), 0U);
  EXPECT_NE(out.find("a@b.co\x1b[0m"), std::string::npos);
  EXPECT_EQ(out.back(), '.');
}

}  // namespace
}  // namespace agon::pii
