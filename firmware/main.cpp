// riverlightd: reads the settings, and runs a board until the daemon is told to end.
#include <spdlog/spdlog.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/algorithm/string.hpp>
#include <boost/asio/signal_set.hpp>
#include <cerrno>
#include <cstdlib>
#include <functional>
#include <iostream>

#include "content/base/error.hpp"
#include "content/base/plain_text.hpp"
#include "content/log/log.hpp"
#include "content/manual/manual.hpp"
#include "firmware/board.hpp"
#include "firmware/clock/clock.hpp"
#include "firmware/repeating_timer.hpp"
#include "firmware/start/decision.hpp"
#include "firmware/start/watchdog.hpp"

namespace riverlight::firmware {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

/// Failing to record a start must not stop the board.
template <class Record>
void try_to_record(const Record& record) {
    try {
        record();
    } catch (const Error& e) {
        spdlog::error("{}", e.what());
    }
}

/// In the environment of a process that replaced itself: the temporary folders of its earlier runs.
constexpr auto temporary_folders_variable = "RIVERLIGHTD_TEMPORARY_FOLDERS";

/// Replaces this process by a new start of the same program. Its threads end and its files are closed, also
/// where a transfer or a plan takes long.
[[noreturn]] void replace_process(char** argv, const std::vector<std::string>& temporary) {
    const auto folders = boost::join(temporary, ":");
    ::setenv(temporary_folders_variable, folders.c_str(), 1);  // NOLINT(concurrency-mt-unsafe)
    ::close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
    ::execv("/proc/self/exe", argv);
    spdlog::error("riverlightd could not start again: {}", system_reason(errno));
    std::_Exit(1);
}

/// Runs the board until it is told to end, or can start again in a better mode: then calls `replace`.
void run_board(const Config& config, const SystemPaths& system, StartDecision& start,
               const std::vector<std::string>& leftovers, const std::function<void()>& replace) {
    for (const auto* told : {&start.reason, &start.settings_fault})
        if (!told->empty()) spdlog::error("{}", *told);
    asio::io_context loop(1);
    asio::steady_timer end(loop);
    asio::signal_set signals(loop, SIGTERM, SIGINT);  // from here on they are kept until the loop runs
    bool restart = false;
    std::function<void()> stop;
    Board board(loop, settings_for(start, config), system, start, leftovers, [&] {
        spdlog::info("the board starts again in a better mode");
        restart = true;
        stop();
    });
    stop = [&] {
        board.stop();
        end.expires_after(700ms);  // players end in order within this
        end.async_wait([&](const auto&) { loop.stop(); });
    };
    signals.async_wait([&](const auto& ec, int) {
        if (ec) return;
        sd_notify(0, "STOPPING=1");
        restart = false;
        try_to_record([&] {
            if (start.counter && !start.counter->is_removed()) start.counter->forget_start();
        });
        stop();
    });
    // From this loop, so that a daemon that hangs is noticed too.
    Watchdog watchdog;
    const auto interval = watchdog_interval();
    RepeatingTimer feeder(loop, interval.value_or(1s), [&] {
        if (watchdog.observe(system_time().monotonic, board.progress())) sd_notify(0, "WATCHDOG=1");
    });
    if (interval) feeder.start();
    sd_notify(0, "READY=1");
    loop.run();
    // A slow transfer must not delay the end. It may be cut off at any moment: the store is made for that. So
    // may a plan, which writes nothing.
    if (restart) replace();
    if (board.is_busy()) std::_Exit(0);
}

/// A variable that systemd sets; empty if it did not.
std::string environment(const char* name) {
    const char* given = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): no thread yet
    return given ? given : "";
}

/// If the run fails, the next start knows why.
void run_daemon(const std::string& file, const SystemPaths& system, char** argv) {
    const auto run_folder = environment("RUNTIME_DIRECTORY"),
               state_directory = environment("STATE_DIRECTORY");
    const auto boot = boot_id();
    std::vector<std::string> temporary;
    if (const auto earlier = environment(temporary_folders_variable); !earlier.empty())
        boost::split(temporary, earlier, [](char c) { return c == ':'; });
    auto settings = load_settings(file, state_directory);
    auto start = decide_start(settings, run_folder, boot == "unknown" ? "" : boot);
    if (start.mode != RunMode::no_state) try_to_record([&] { keep_settings(settings); });
    auto leftovers = leftover_journal_folders(settings.config, run_folder);
    leftovers.insert(leftovers.end(), temporary.begin(), temporary.end());
    if (start.mode == RunMode::no_state) temporary.push_back(start.folder);
    try {
        run_board(settings.config, system, start, leftovers, [&] { replace_process(argv, temporary); });
    } catch (const std::exception& e) {
        try_to_record([&] {
            if (start.counter) start.counter->record_failure(e.what());
        });
        throw;
    }
}

int run(int argc, char** argv) {
    CLI::App app{"Riverlight on a board: follows a channel, plays what is planned, keeps the journal",
                 "riverlightd"};
    app.set_version_flag("--version", "riverlightd " RIVERLIGHT_VERSION);
    std::string file;
    app.add_option("--config", file, "riverlightd.toml")->required();
    SystemPaths system;
    app.add_option("--sysroot", system.root,
                   "folder that stands for / in the names of the system's files: etc/os-release, "
                   "run/riverlight-slots, run/riverlight-update, run/riverlightd (default: none)");
    bool leave = false, check = false;
    app.add_flag("--check-settings", check, "says what is wrong with the settings, and ends");
    app.add_flag("--leave-safe-mode", leave, "has the board leave safe mode, running or not, and ends");
    manual::add_manual_options(
        app, {8,
              "Follows a signed channel, plays what is planned for its place on its outlets, and keeps a "
              "signed journal of what really aired, which it "
              "hands over to the office when there is a network.\n\nSIGTERM and SIGINT end it in order: the "
              "player shows its last frame, and the "
              "airing on air is closed in the journal.",
              {"/etc/riverlight/riverlightd.toml: settings; riverlightd.toml.example explains each key. If "
               "they cannot be read, the board runs with the last ones that could be, and says so",
               "/var/lib/riverlight: state: the journal, the store of media, the board's key"},
              {"riverlight-player(8)", "riverlight(1)", "riverlight-office(8)", "riverlight-update(8)"}});
    CLI11_PARSE(app, argc, argv);
    if (check) {
        static_cast<void>(read_config(file));
        std::cout << "The settings can be used.\n";
        return 0;
    }
    if (leave) {
        const bool was = leave_safe_mode(load_settings(file, environment("STATE_DIRECTORY")).config.state);
        std::cout << (was ? "The board leaves safe mode.\n" : "The board is not in safe mode.\n");
        return 0;
    }
    run_daemon(file, system, argv);
    return 0;
}

}  // namespace
}  // namespace riverlight::firmware

int main(int argc, char** argv) {
    try {
        riverlight::log::write_plain_text();
        return riverlight::firmware::run(argc, argv);
    } catch (const std::exception& e) {
        std::cerr << "riverlightd: " << riverlight::plain_text(e.what()) << '\n';
        return 1;
    }
}
