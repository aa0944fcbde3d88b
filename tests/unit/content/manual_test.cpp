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

/// A hidden option is in neither text, and a text cannot become a macro of the page.
constexpr const char* page_body = R"man(.SH NAME
thing \- Does a thing
.SH SYNOPSIS
.B thing
\fICOMMAND\fR [\fIOPTIONS\fR]
.SH DESCRIPTION
First.
.PP
Second.
.SH OPTIONS
.TP
\fB\-h\fR, \fB\-\-help\fR
Print this help message and exit
.TP
\fB\-c\fR, \fB\-\-count\fR \fIINT\fR
how often [3]
.SH COMMANDS
.SS make
makes one
.TP
\fB\-h\fR, \fB\-\-help\fR
Print this help message and exit
.TP
.I file
\&.starts with a point\e (required)
.SS channel publish
publishes
.TP
\fB\-h\fR, \fB\-\-help\fR
Print this help message and exit
.TP
\fB\-\-dry\-run\fR
changes nothing
.SH FILES
.TP
.I /etc/x
settings
.SH SEE ALSO
.BR other (1)
)man";

constexpr const char* completion = R"sh(# bash completion of thing, made from its option table.
_thing() {
    local current=${COMP_WORDS[COMP_CWORD]} path='thing' next words= i
    for ((i = 1; i < COMP_CWORD; i++)); do
        next="$path ${COMP_WORDS[i]}"
        case $next in
            'thing make') path=$next ;;
            'thing channel') path=$next ;;
            'thing channel publish') path=$next ;;
            *) ;;
        esac
    done
    case $path in
        'thing') words='make channel -h --help -c --count' ;;
        'thing make') words='-h --help' ;;
        'thing channel') words='publish -h --help' ;;
        'thing channel publish') words='-h --help --dry-run' ;;
    esac
    COMPREPLY=($(compgen -W "$words" -- "$current"))
    [[ $current == -* || ${#COMPREPLY[@]} -gt 0 ]] || COMPREPLY=($(compgen -f -- "$current"))
}
complete -o filenames -F _thing thing
)sh";

TEST(ManPage, ListsOptionsAndCommandsOfTheTable) {
    const Program program;
    const auto page =
        make_man_page(program.app, {8, "First.\n\nSecond.", {"/etc/x: settings"}, {"other(1)"}});
    EXPECT_TRUE(page.starts_with(".TH THING 8 "));
    EXPECT_EQ(page.substr(page.find('\n') + 1), page_body);
}

TEST(Completion, KnowsEachLevel) {
    EXPECT_EQ(make_bash_completion(Program().app), completion);
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
