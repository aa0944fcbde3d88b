#include "content/manual/manual.hpp"

#include <gmock/gmock.h>

namespace riverlight::manual {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Program {
    CLI::App app{"Does a thing", "thing"};
    int count = 3;
    std::string file;
    Program() {
        app.add_option("--count,-c", count, "how often")->capture_default_str();
        app.add_flag("--secret")->description("not for people")->group("");
        auto* make = app.add_subcommand("make", "makes one");
        make->add_option("file", file, ".starts with a point\\")->required();
        auto* deep = app.add_subcommand("channel", "channels");
        deep->add_subcommand("publish", "publishes")->add_flag("--dry-run")->description("changes nothing");
    }
};

TEST(ManPage, ListsOptionsAndCommandsOfTheTable) {
    const Program program;
    const auto page =
        make_man_page(program.app, {8, "First.\n\nSecond.", {"/etc/x: settings"}, {"other(1)"}});
    EXPECT_TRUE(page.starts_with(".TH THING 8 "));
    EXPECT_THAT(page, HasSubstr("\\fB\\-c\\fR, \\fB\\-\\-count\\fR \\fIINT\\fR\nhow often [3]\n"));
    EXPECT_THAT(page, HasSubstr(".SS channel publish\npublishes\n"));
    EXPECT_THAT(page, HasSubstr("First.\n.PP\nSecond.\n"));
    EXPECT_THAT(page, HasSubstr(".I /etc/x\nsettings\n"));
    EXPECT_THAT(page, HasSubstr(".BR other (1)\n"));
}

TEST(ManPage, LeavesHiddenOptionsOut) {
    EXPECT_THAT(make_man_page(Program().app, {}), Not(HasSubstr("secret")));
    EXPECT_THAT(make_bash_completion(Program().app), Not(HasSubstr("secret")));
}

TEST(ManPage, TextCannotBecomeAMacro) {
    EXPECT_THAT(make_man_page(Program().app, {}), HasSubstr("\n\\&.starts with a point\\e (required)\n"));
}

TEST(Completion, KnowsEachLevel) {
    const auto script = make_bash_completion(Program().app);
    EXPECT_THAT(script, HasSubstr("'thing channel') words='publish"));
    EXPECT_THAT(script, HasSubstr("'thing channel publish') words='-h --help --dry-run'"));
    EXPECT_THAT(script, HasSubstr("'thing channel') path=$next ;;"));
    EXPECT_TRUE(script.ends_with("complete -o filenames -F _thing thing\n"));
}

TEST(ManualOptions, ArePrintedAndEndTheProgram) {
    Program program;
    add_manual_options(program.app, {});
    testing::internal::CaptureStdout();
    EXPECT_THROW(program.app.parse("--print-man-page"), CLI::Success);
    EXPECT_TRUE(testing::internal::GetCapturedStdout().starts_with(".TH THING"));
    EXPECT_THAT(program.app.help(), Not(HasSubstr("print-man-page")));
}

}  // namespace
}  // namespace riverlight::manual
