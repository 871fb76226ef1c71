// What a command is given, and what is taken from it.
#include "services/systems/command.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

#include "tests/unit/systems/bench.hpp"

namespace agon::systems::test {
namespace {

class command : public bench {};

TEST_F(command, output_file_is_handed_over_in_the_scratch_folder) {
  const auto made = run(script("printf 'RIFF....WAVEdata' > \"$0\"", output_format::wav));
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->media_type, "audio/wav");
  EXPECT_EQ(made->file.parent_path(), scratch);
  EXPECT_EQ(content(made->file), "RIFF....WAVEdata");
  EXPECT_GT(made->generation_seconds, 0);
  // Nothing but the output stays.
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(scratch), {}), 1);
}

TEST_F(command, prompt_comes_on_standard_input_and_output_from_standard_output) {
  command_options o;
  o.argv = {"cat"};
  o.output = output_format::text;
  const auto made = run(o, "naïve 😀");
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->text, "naïve 😀\n");
  EXPECT_TRUE(made->file.empty());
  EXPECT_TRUE(scratch_is_empty());
}

TEST_F(command, prompt_is_inert) {
  const auto trap = (root / "trap").string();
  const std::string prompt =
      "$(touch " + trap + ") `touch " + trap + "`; touch " + trap + " | -rf \"' {seed} {prompt}";
  const auto made = run(script("cat \"$1\" > \"$0\""), prompt);
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->text, prompt + "\n");
  EXPECT_FALSE(std::filesystem::exists(trap));
}

TEST_F(command, placeholders_are_filled_in_and_other_braces_kept) {
  command_options o;
  o.argv = {"printf", "%s|", "s={seed}", "{language}", "{\"a\": 1}", "${HOME}"};
  o.output = output_format::text;
  const auto made = run(o);
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->text, "s=7|en|{\"a\": 1}|${HOME}|");
}

TEST_F(command, language_that_is_no_tag_is_refused) {
  const auto system = make(script("echo x > \"$0\""));
  for (const char* bad : {"-v", "en us", "../en", "e1", "en-", "", "--"}) {
    const auto made = wait_for(system->generate({"Hello.", bad, 1}, scratch));
    EXPECT_EQ(made.has_error(), *bad != '\0') << bad;
    if (!made) EXPECT_EQ(made.error().code, errc::unsupported);
  }
}

TEST_F(command, environment_is_what_was_allowed) {
  ASSERT_EQ(::setenv("AGON_TEST_SECRET", "hunter2", 1), 0);
  ASSERT_EQ(::setenv("AGON_TEST_KEY", "given", 1), 0);
  auto o = script("env > \"$0\"");
  o.environment = {"AGON_TEST_KEY", "AGON_TEST_ABSENT"};
  const auto made = run(o);
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->text.find("hunter2"), std::string::npos);
  EXPECT_NE(made->text.find("AGON_TEST_KEY=given"), std::string::npos);
  EXPECT_NE(made->text.find("LANG=C.UTF-8"), std::string::npos);
  EXPECT_EQ(made->text.find("AGON_TEST_ABSENT"), std::string::npos);
}

TEST_F(command, open_files_of_the_server_are_not_inherited) {
  const int leaked = ::open("/etc/hostname", O_RDONLY);  // without O_CLOEXEC, as a library might
  ASSERT_GE(leaked, 0);
  const auto made = run(script("ls /proc/self/fd > \"$0\""));
  ::close(leaked);
  ASSERT_TRUE(made) << made.error().detail;
  // Three standard ones, and the folder that ls itself reads.
  EXPECT_EQ(made->text, "0\n1\n2\n3\n");
}

TEST_F(command, program_runs_nicely_and_leaves_no_core) {
  const auto made = run(script("{ nice; ulimit -c; ulimit -n; } > \"$0\""));
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->text, "5\n0\n256\n");
}

TEST_F(command, crash_is_a_failure_that_leaves_nothing) {
  const auto made = run(script("echo half > \"$0\"; kill -SEGV $$"));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, errc::system_failed);
  EXPECT_TRUE(scratch_is_empty());
}

TEST_F(command, exit_status_is_believed) {
  const auto made = run(script("echo done > \"$0\"; exit 3"));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, errc::system_failed);
}

TEST_F(command, writing_nothing_is_a_failure) {
  for (const char* text : {"true", ": > \"$0\"", "mkdir \"$0\"", "mkfifo \"$0\""}) {
    const auto made = run(script(text));
    ASSERT_FALSE(made) << text;
    EXPECT_EQ(made.error().code, errc::system_failed);
    EXPECT_TRUE(scratch_is_empty());
  }
}

TEST_F(command, output_that_is_another_file_is_refused) {
  for (const char* text : {"ln -s /etc/passwd \"$0\"", "echo x > a; ln a \"$0\""}) {
    const auto made = run(script(text));
    ASSERT_FALSE(made) << text;
    EXPECT_EQ(made.error().code, errc::system_failed);
  }
}

TEST_F(command, nonsense_is_refused) {
  EXPECT_FALSE(run(script("echo not audio at all > \"$0\"", output_format::wav)));
  EXPECT_FALSE(run(script("printf '\\377\\376' > \"$0\"")));
  EXPECT_TRUE(scratch_is_empty());
}

TEST_F(command, program_that_is_not_there_is_a_failure) {
  command_options o;
  o.argv = {"agon-no-such-program"};
  EXPECT_FALSE(program_found(o));
  const auto made = run(o);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, errc::system_failed);
  o.argv = {"sh"};
  EXPECT_TRUE(program_found(o));
  o.argv = {"/bin/sh"};
  EXPECT_TRUE(program_found(o));
}

TEST_F(command, scratch_folder_that_is_gone_is_reported) {
  std::filesystem::remove(scratch);
  const auto made = run(script("echo x > \"$0\""));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, errc::unavailable);
}

TEST_F(command, senseless_options_are_refused_by_field) {
  command_options o;
  o.argv = {"{seed}", "{prompt}", "{promt_file}", std::string("a\0b", 3)};
  o.language = "-w";
  o.concurrency = 0;
  o.timeout = {};
  o.environment = {"A=B"};
  const auto made = make_command_system(pool.get_executor(), o);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, errc::invalid_input);
  std::vector<std::string> fields;
  for (const auto& f : made.error().fields) fields.push_back(f.field);
  EXPECT_THAT(fields, ::testing::UnorderedElementsAre("/argv/0", "/argv/1", "/argv/2", "/argv/3",
                                                      "/language", "/concurrency", "/timeout",
                                                      "/environment/0"));
  EXPECT_FALSE(make_command_system(pool.get_executor(), {}));
}

TEST(prompt_rules, replace_in_their_order) {
  const prompt_rules rules({{"[[", "", "["}, {"", "(\\w+)@", "\\1 at "}, {".", "", "\\1"}});
  EXPECT_EQ(rules.apply("[[[[a@b. x"), "[[a at b\\1 x");
  EXPECT_EQ(prompt_rules({}).apply("as it is"), "as it is");
  EXPECT_THROW(prompt_rules({{"", "(", ""}}), std::invalid_argument);
}

}  // namespace
}  // namespace agon::systems::test
