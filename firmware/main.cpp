// riverlightd: a board's lives, one after the other, from its settings.
#include <spdlog/spdlog.h>
#include <systemd/sd-daemon.h>

#include <CLI/CLI.hpp>
#include <boost/asio/signal_set.hpp>
#include <cstdlib>
#include <iostream>

#include "content/manual/manual.hpp"
#include "firmware/board.hpp"
#include "firmware/start/state_folder.hpp"

namespace riverlight::firmware {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

/// What cannot be noted of a start holds nothing up.
template <class Note>
void noted(const Note& note) {
    try {
        note();
    } catch (const Error& e) {
        spdlog::error("{}", e.what());
    }
}

/// One life of a board, from its start to its end in order. True where another is to begin, with more.
bool live(const Config& config, Beginning& start, const std::vector<std::string>& left_behind) {
    if (!start.words.empty()) spdlog::error("{}", start.words);
    asio::io_context loop(1);
    Board board(loop, settings_for(start, config), start, left_behind);
    asio::steady_timer end(loop);
    bool more = false;
    const auto stop = [&] {
        board.stop();
        end.expires_after(700ms);  // players end in order within this
        end.async_wait([&](const auto&) { loop.stop(); });
    };
    asio::signal_set signals(loop, SIGTERM, SIGINT);
    signals.async_wait([&](const auto& ec, int) {
        if (ec) return;
        sd_notify(0, "STOPPING=1");
        more = false;
        noted([&] {
            if (start.starts && !start.starts->removed()) start.starts->ended_in_order();
        });
        stop();
    });
    board.on_more = [&] {
        spdlog::info("the board begins anew");
        more = true;
        stop();
    };
    spdlog::info("status page on port {}", board.port());
    sd_notify(0, "READY=1");
    loop.run();
    // A slow line does not hold the end up: a fetch may be cut off at any moment, the store is made for it.
    if (board.fetching()) std::_Exit(0);
    return more;
}

/// Lives until the daemon is told to end. Where a life fails, the next start knows why.
void live_on(const Config& config) {
    const char* given = std::getenv("RUNTIME_DIRECTORY");  // NOLINT(concurrency-mt-unsafe): no thread yet
    const std::string run_folder = given ? given : "";
    auto left = left_behind(config, run_folder);
    for (bool more = true; more;) {
        auto start = begin(config, run_folder);
        try {
            more = live(config, start, left);
        } catch (const std::exception& e) {
            noted([&] {
                if (start.starts) start.starts->ended_with(e.what());
            });
            throw;
        }
        if (start.mode == Mode::no_state) left.push_back(start.keep);
    }
}

int run(int argc, char** argv) {
    CLI::App app{"Riverlight on a board: follows a channel, plays what is planned, keeps the journal",
                 "riverlightd"};
    app.set_version_flag("--version", "riverlightd " RIVERLIGHT_VERSION);
    std::string file;
    app.add_option("--config", file, "riverlightd.toml")->required();
    bool leave = false;
    app.add_flag("--leave-safe-mode", leave, "has the board leave safe mode, running or not, and ends");
    manual::add_manual_options(
        app, {8,
              "Follows a signed channel, plays what is planned for its place on its outlets, and keeps a "
              "signed journal of what really aired, which it "
              "hands over to the office when there is a network.\n\nSIGTERM and SIGINT end it in order: the "
              "player shows its last frame, and the "
              "airing on air is closed in the journal.",
              {"/etc/riverlight/riverlightd.toml: settings; riverlightd.toml.example explains each key",
               "/var/lib/riverlight: state: the journal, the store of media, the board's key"},
              {"riverlight-player(8)", "riverlight(1)", "riverlight-office(8)"}});
    CLI11_PARSE(app, argc, argv);
    const auto config = read_config(file);
    if (leave) {
        const bool was = leave_safe_mode(config.state);
        std::cout << (was ? "The board leaves safe mode.\n" : "The board is not in safe mode.\n");
        return 0;
    }
    live_on(config);
    return 0;
}

}  // namespace
}  // namespace riverlight::firmware

int main(int argc, char** argv) {
    try {
        return riverlight::firmware::run(argc, argv);
    } catch (const std::exception& e) {
        std::cerr << "riverlightd: " << e.what() << '\n';
        return 1;
    }
}
