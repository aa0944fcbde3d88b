// riverlight-fleet: many simulated boards and one real office, to check the office's figures and its speed.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <thread>

#include "content/base/json.hpp"
#include "content/base/plain_text.hpp"
#include "content/manual/manual.hpp"
#include "tools/fleet/fleet.hpp"
#include "tools/fleet/fleet_report.hpp"

namespace riverlight::fleet {
namespace {

namespace fs = std::filesystem;

struct RunOptions {
    std::string scenario, folder, office_url, office_program;
    int boards = 0, days = 0, threads = 0;
    bool json = false, quiet = false;
};

/// riverlight-office beside this program; else by the search path.
std::string program_beside() {
    std::error_code none;
    const auto beside = fs::read_symlink("/proc/self/exe", none).parent_path() / "riverlight-office";
    return fs::exists(beside, none) ? beside.string() : "/usr/bin/riverlight-office";
}

Fleet fleet_of(const RunOptions& words) {
    auto scenario = read_scenario(words.scenario);
    if (words.boards > 0) scenario.boards = words.boards;
    if (words.days > 0) scenario.days = words.days;
    FleetOptions options;
    options.folder = fs::absolute(words.folder).string();
    options.office_program = words.office_program.empty() ? program_beside() : words.office_program;
    options.office_url = words.office_url;
    options.threads = words.threads > 0 ? words.threads
                                        : static_cast<int>(std::max(2U, std::thread::hardware_concurrency()));
    if (!words.quiet) options.tell = [](const std::string& line) { std::cerr << line << '\n'; };
    return {std::move(scenario), std::move(options)};
}

void add_common(CLI::App& command, RunOptions& words) {
    command.add_option("SCENARIO", words.scenario, "TOML file that says what happens")->required();
    command
        .add_option("--folder", words.folder,
                    "folder of the run: its channel, and the office's state; a new one for each run")
        ->required();
    command.add_option("--boards", words.boards, "number of boards, in place of the scenario's");
    command.add_option("--days", words.days, "number of days, in place of the scenario's");
}

void add_prepare(CLI::App& app, RunOptions& words) {
    auto* command = app.add_subcommand(
        "prepare", "make channel, clock and state in the folder, and say how an office is started on them");
    add_common(*command, words);
    command->callback([&words] {
        auto fleet = fleet_of(words);
        fleet.prepare();
        std::cout << fleet.serve_words() << '\n';
    });
}

void add_run(CLI::App& app, RunOptions& words) {
    auto* command = app.add_subcommand("run", "live through the scenario, then check the office's figures");
    add_common(*command, words);
    command->add_option("--office", words.office_program,
                        "riverlight-office to start (the one beside this program, unless said)");
    command->add_option("--url", words.office_url,
                        "an office that serves the folder's state already, in place of one to start");
    command->add_option(
        "--threads", words.threads,
        "threads that simulate and send, each over one connection (one a processor, unless said)");
    command->add_flag("--json", words.json, "the result as JSON");
    command->add_flag("--quiet", words.quiet, "no lines about what is going on");
    command->callback([&words] {
        auto fleet = fleet_of(words);
        const auto report = fleet.run();
        std::cout << (words.json ? pretty_json(report_json(report)) : report_text(report));
        if (report.check.differences > 0) throw CLI::RuntimeError(1);
    });
}

int run(int argc, char** argv) {
    CLI::App app{"Riverlight's fleet: simulated boards that report to a real office", "riverlight-fleet"};
    app.set_version_flag("--version", "riverlight-fleet " RIVERLIGHT_VERSION);
    app.set_help_all_flag("--help-all", "help of every command");
    app.require_subcommand(1);
    RunOptions words;
    add_prepare(app, words);
    add_run(app, words);
    manual::add_manual_options(
        app, {1,
              "Simulates boards in compressed time, with the planner, the records, the signatures and the "
              "uploads of real ones, and an office in a process of its own. Boards lose power and network, "
              "have wrong clocks, are cloned and replaced, and lie, as the scenario says. In the end each "
              "row and sum of the office is compared with the fleet's own ledger; the program ends with 1 "
              "and says what differs.",
              {"channel: in the --folder: keys, source and tree of the simulated channel",
               "state: in the --folder: the office's records and the simulated clock",
               "office.log: in the --folder: what the office said"},
              {"riverlight-office(8)"}});
    CLI11_PARSE(app, argc, argv);
    return 0;
}

}  // namespace
}  // namespace riverlight::fleet

int main(int argc, char** argv) {
    try {
        return riverlight::fleet::run(argc, argv);
    } catch (const std::exception& e) {
        std::cerr << "riverlight-fleet: " << riverlight::plain_text(e.what()) << '\n';
        return 2;
    }
}
