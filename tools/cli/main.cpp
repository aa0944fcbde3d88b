#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>

#include "content/manual/manual.hpp"
#include "tools/cli/commands.hpp"

int main(int argc, char** argv) {
    CLI::App app{"Riverlight: for authors, coordinators and operators of community screens and TV feeds",
                 "riverlight"};
    app.set_version_flag("--version", "riverlight " RIVERLIGHT_VERSION);
    app.require_subcommand(1);
    app.set_help_all_flag("--help-all", "help of every command");
    try {
        riverlight::cli::add_segment(app);
        riverlight::cli::add_channel(app);
        riverlight::cli::add_carry(app);
        riverlight::cli::add_tuf(app);
        riverlight::cli::add_schedule(app);
        riverlight::cli::add_text(app);
        riverlight::cli::add_play(app);
        riverlight::cli::add_journal(app);
        riverlight::cli::add_traffic(app);
        riverlight::cli::add_proof(app);
        riverlight::manual::add_manual_options(
            app, {1,
                  "Makes segments from videos and texts, checks and previews schedules, publishes and "
                  "verifies signed channels, "
                  "plays segments on this machine, and reads a board's journal.",
                  {},
                  {"riverlightd(8)", "riverlight-office(8)", "riverlight-player(8)"}});
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return app.exit(e);
    } catch (const std::exception& e) {
        std::cerr << "riverlight: " << e.what() << '\n';
        return 1;
    }
    return 0;
}
