#pragma once
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

/// Man pages and shell completion, made from the same option table that prints `--help`.
namespace riverlight::manual {

/// What a man page says beyond the option table. Text is plain; make_man_page() escapes it for roff.
struct ManPage {
    int section = 1;                    ///< 1: a user's command; 8: a system daemon
    std::string description;            ///< paragraphs, separated by an empty line
    std::vector<std::string> files;     ///< `path: what it is`, one entry each
    std::vector<std::string> see_also;  ///< names with their section, as in `riverlightd(8)`
};

/// The man page of `app` in man(7) macros: its options, then each command with its own options, in the order
/// of the table. Hidden options and commands (an empty group) are left out.
[[nodiscard]] std::string make_man_page(const CLI::App& app, const ManPage& page);

/// A bash completion script for `app`: commands complete by level, options by the command they stand in, and
/// every other word as a file name.
[[nodiscard]] std::string make_bash_completion(const CLI::App& app);

/// Adds the hidden options `--print-man-page` and `--print-bash-completion`, which print the above and end
/// the program with success. Call it after all options and commands have been added; `app` and this call's
/// copy of `page` are used while `app` parses.
void add_manual_options(CLI::App& app, ManPage page);

}  // namespace riverlight::manual
