// riverlight-office: where boards enrol and report, and where people read what aired.
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <systemd/sd-daemon.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/signal_set.hpp>
#include <cstdlib>
#include <iostream>
#include <memory>

#include "content/base/files.hpp"
#include "content/base/json.hpp"
#include "content/base/plain_text.hpp"
#include "content/http/hosts.hpp"
#include "content/log/log.hpp"
#include "content/manual/manual.hpp"
#include "scheduler/calendar/calendar.hpp"
#include "tools/office/command_parts.hpp"
#include "tools/office/enrolment.hpp"
#include "tools/office/journal_import.hpp"
#include "tools/office/office.hpp"
#include "tools/office/proof_command.hpp"
#include "tools/office/records_commands.hpp"
#include "tools/office/simulated_clock.hpp"
#include "tools/office/verify.hpp"

namespace riverlight::office {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

/// Where the office listens, and under which names it is reached.
struct Door {
    std::string listen = "127.0.0.1:8800";
    std::vector<std::string> hosts;
};

http::AllowedHosts allowed_hosts(std::vector<std::string> names) {
    for (auto& name : http::names_of_this_machine()) names.push_back(std::move(name));
    return http::AllowedHosts(std::move(names));
}

/// Opens as many files and sockets as the system allows. Returns how many that is.
std::size_t raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
    limit.rlim_cur = limit.rlim_max;
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) ::getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
}

/// How many connections are kept. Boards keep theirs between reports, thirty seconds apart.
http::Limits limits_of(const OfficeSettings& settings, std::size_t descriptors) {
    constexpr std::size_t others = 200;  // office.db, the channel, the log
    http::Limits limits;
    limits.body = longest_upload;
    limits.connections = std::clamp<std::size_t>(descriptors / 4, 64, 512);
    limits.connections_of_a_peer = limits.connections / 4;
    const auto left = descriptors - std::min(descriptors, limits.connections + others);
    const auto boards = std::clamp<std::size_t>(left, 64, 12'000);
    if (boards < 12'000)
        spdlog::warn("at most {} boards stay connected: the system allows {} open files (LimitNOFILE)",
                     boards, descriptors);
    limits.budgets = {{is_for_boards, boards, boards / 2, std::chrono::minutes(2)}};
    limits.is_proxy = [proxies = proxies_of(settings)](const boost::asio::ip::address& peer) {
        return proxies.contains(peer.to_string());
    };
    return limits;
}

bool is_loopback(const std::string& listen) {
    return listen.starts_with("127.") || listen.starts_with("[::1]") || listen.starts_with("localhost:");
}

/// The time of a test, if the state folder holds its clock. Throws Error unless it was asked for, and where
/// others than this machine's programs could take simulated records for real ones.
std::unique_ptr<SimulatedClock> simulated_clock(const OfficeSettings& settings, const Door& door,
                                                bool asked_for) {
    const bool is_there = SimulatedClock::is_in(settings.state_folder);
    if (is_there && !asked_for)
        throw Error(settings.state_folder + ": holds simulated records; see --simulated-time");
    if (!asked_for) return nullptr;
    if (!is_there)
        throw Error("--simulated-time: " + settings.state_folder +
                    " has no simulated clock: riverlight-fleet makes one in a folder without records");
    if (settings.behind_tls || !is_loopback(door.listen))
        throw Error("--simulated-time is for tests on this machine: --listen must be a loopback address");
    return std::make_unique<SimulatedClock>(settings.state_folder);
}

void serve(OfficeSettings settings, const Door& door, bool simulated_time) {
    if (settings.channel_url.empty() != settings.trusted_root.empty())
        throw Error(
            "--channel and --channel-root go together: the address of a channel and the root that it is "
            "trusted by");
    if (!scheduler::zone_exists(settings.zone))
        throw Error("--zone: there is no time zone '" + settings.zone + "'; write it as Asia/Bangkok");
    boost::asio::io_context loop(1);
    const auto clock = simulated_clock(settings, door, simulated_time);
    if (clock) {
        settings.channel_every = 500ms;
        settings.look_every = 20ms;
        settings.on_looked = [&clock](Instant at) { clock->set_done_until(at); };
    }
    Office office(loop, settings, clock ? [&clock] { return clock->now(); } : std::function<Instant()>(now));
    // A name that is not listed may be a browser's, led here from another site. What boards send is signed,
    // and must arrive whatever the office was called when they were set up.
    const http::Server server(
        loop, door.listen,
        http::Server::AsyncHandler(
            [&, hosts = allowed_hosts(door.hosts)](http::Request request, const http::Reply& reply) {
                if (!is_for_boards(request) && !hosts.contains(request.host))
                    return reply(http::misdirected());
                office.answer(std::move(request), reply);
            }),
        limits_of(settings, raise_descriptor_limit()),
        [](const std::string& fault) { spdlog::error("{}", fault); });
    boost::asio::signal_set signals(loop, SIGINT, SIGTERM);
    signals.async_wait([&](const boost::system::error_code& ec, int) {
        if (ec) return;
        sd_notify(0, "STOPPING=1");
        office.stop();
        loop.stop();
    });
    spdlog::info("office on port {}", server.port());
    sd_notify(0, "READY=1");
    loop.run();
    // The end does not wait for a slow network: a fetch may be cut off at any moment without harm to the
    // store.
    if (office.is_fetching()) std::_Exit(0);
}

std::string password_from(const std::string& file) {
    std::string password;
    if (file == "-") {
        std::getline(std::cin, password);
    } else {
        password = read_file(file, 4096);
        password.erase(std::min(password.find_first_of("\r\n"), password.size()));
    }
    return password;
}

void add_user(CLI::App& app) {
    struct Options {
        std::string name, state, file = "-";
    };
    auto* user = app.add_subcommand("user", "who may sign in")->require_subcommand(1);
    auto* command = user->add_subcommand("add", "add a user, or set a new password");
    auto o = std::make_shared<Options>();
    command->add_option("NAME", o->name, "user's name")->required();
    add_state(*command, o->state);
    command
        ->add_option("--password-file", o->file,
                     "file whose first line is the password; - reads it from standard input")
        ->capture_default_str();
    command->callback([o] {
        OfficeStore store(o->state);
        Access::set_user(store, o->name, password_from(o->file));
        std::cout << o->name << " can sign in\n";
    });
}

void add_claim(CLI::App& app) {
    struct Options {
        std::string state, place, board;
    };
    auto* claim = app.add_subcommand("claim", "codes that boards enrol with")->require_subcommand(1);
    auto* command = claim->add_subcommand("new", "make a claim code; it is shown once");
    auto o = std::make_shared<Options>();
    add_state(*command, o->state);
    command->add_option("--place", o->place, "place of the channel that the board stands at")->required();
    command->add_option("--board", o->board, "board's id (the place's, unless said)");
    command->callback([o] {
        OfficeStore store(o->state);
        const auto code = issue_claim_code(store, o->place, o->board.empty() ? o->place : o->board, now());
        std::cout << "claim code, good once within 30 days: " << code << '\n';
    });
}

void add_stick(CLI::App& app) {
    struct Options {
        std::string stick, state;
    };
    auto* carry = app.add_subcommand("carry", "journals that came by stick")->require_subcommand(1);
    auto* command = carry->add_subcommand("journals", "take a stick's journals, put receipts onto it");
    auto o = std::make_shared<Options>();
    command->add_option("STICK", o->stick, "folder where the stick is mounted")->required();
    add_state(*command, o->state);
    command->callback([o] {
        require_records(o->state);
        OfficeStore store(o->state);
        const auto key = load_serving_key(store, o->state, now());
        // Of a place that is new, the running office, which knows the channel, files the airings.
        Intake intake(store, key, [&](const std::string& place) {
            return store.plans.facts_of(place).value_or(PlaceFacts{});
        });
        const auto report = import_journals(intake, o->stick, now());
        for (const auto& refusal : report.refusals) std::cerr << "not taken: " << refusal << '\n';
        std::cout << report.batches << " batches taken, " << report.receipts
                  << " receipts are on the stick. It can be pulled now\n";
        if (!report.refusals.empty()) throw CLI::RuntimeError(1);
    });
}

/// The devices of a board that has twins.
void print_twins(const OfficeStore& store, const std::string& board) {
    if (!store.twins.twins_since(board)) return;
    std::cout << "    two devices report as this board; 'board keep' says which one stays:\n";
    for (const auto& device : store.twins.devices(board, now()))
        std::cout << "    run " << device.run << ", last heard " << to_rfc3339(device.heard) << '\n';
}

void add_decline(CLI::App& group) {
    struct Options {
        std::string state, board, fingerprint;
    };
    auto* command = group.add_subcommand("decline", "refuse a device that asks to join");
    auto o = std::make_shared<Options>();
    command->add_option("BOARD", o->board, "board's id")->required();
    add_state(*command, o->state);
    command->add_option("--fingerprint", o->fingerprint, "of the device, as 'board list' shows it")
        ->required();
    command->callback([o] {
        require_records(o->state);
        OfficeStore store(o->state);
        decline_board(store, o->board, o->fingerprint);
        std::cout << "declined; the claim code is spent\n";
    });
}

void add_board(CLI::App& app) {
    struct Options {
        std::string state, board, fingerprint, run;
        bool json = false;
    };
    auto* board = app.add_subcommand("board", "boards that have enrolled")->require_subcommand(1);
    auto* list = board->add_subcommand("list", "boards, their state and fingerprint");
    auto l = std::make_shared<Options>();
    add_state(*list, l->state);
    list->add_flag("--json", l->json, "as JSON");
    list->callback([l] {
        require_records(l->state);
        json::array boards;
        const OfficeStore store(l->state);
        for (const auto& b : store.boards.all()) {
            const auto fingerprint = key_fingerprint(b.public_key);
            if (!l->json) {
                std::cout << b.board << "  " << to_text(b.state) << "  " << fingerprint << '\n';
                if (const auto next = store.boards.applicant(b.board))
                    std::cout << "    another device asks to take its place: "
                              << key_fingerprint(next->public_key) << '\n';
                print_twins(store, b.board);
            }
            boards.push_back(
                json::object{{"board", b.board}, {"state", to_text(b.state)}, {"fingerprint", fingerprint}});
        }
        if (l->json) std::cout << pretty_json(json::object{{"format", 1}, {"boards", std::move(boards)}});
    });
    auto* keep =
        board->add_subcommand("keep", "of two devices that report as one board, say which one stays");
    auto k = std::make_shared<Options>();
    keep->add_option("BOARD", k->board, "board's id")->required();
    keep->add_option("--run", k->run, "of the device that stays, as its own status page shows it")
        ->required();
    add_state(*keep, k->state);
    keep->callback([k] {
        require_records(k->state);
        OfficeStore store(k->state);
        keep_device(store, k->board, k->run);
        std::cout << "the device of run " << k->run << " stays " << k->board
                  << "; the other has to enrol again\n";
    });
    auto* allow = board->add_subcommand("approve", "let a board report, after its fingerprint was compared");
    auto a = std::make_shared<Options>();
    allow->add_option("BOARD", a->board, "board's id")->required();
    add_state(*allow, a->state);
    allow->add_option("--fingerprint", a->fingerprint, "as the board's own status page shows it")->required();
    allow->callback([a] {
        require_records(a->state);
        OfficeStore store(a->state);
        approve_board(store, a->board, a->fingerprint);
        std::cout << a->board << " may report\n";
    });
    add_decline(*board);
}

void add_verify(CLI::App& app) {
    auto* command = app.add_subcommand("verify", "check that no record was changed since its board wrote it");
    auto state = std::make_shared<std::string>();
    add_state(*command, *state);
    command->callback([state] {
        require_records(*state);
        const auto faults = verify_records(*state);
        for (const auto& fault : faults)
            std::cout << fault.board << ", epoch " << fault.epoch << ": seq " << fault.seq
                      << " is missing or not as the board wrote it\n";
        const auto fault = verify_list(*state);
        if (fault)
            std::cout << "the list of all records is not the one that this office signed, from entry "
                      << *fault << " on: a record was removed, changed or added here\n";
        for (const auto& note : restores_of(*state)) std::cout << describe(note) << '\n';
        if (!faults.empty() || fault) throw CLI::RuntimeError(1);
        std::cout << "every record is as its board wrote it, and none was removed or added\n";
    });
}

void add_key(CLI::App& app) {
    struct Options {
        std::string state;
        bool adopt = false;
    };
    auto* command =
        app.add_subcommand("key", "print the office's public key, by which others check what it signs");
    auto o = std::make_shared<Options>();
    add_state(*command, o->state);
    command->add_flag("--adopt", o->adopt,
                      "the key that signed for these records is lost: from now on this folder's does, and "
                      "boards enrol again");
    command->callback([o] {
        OfficeStore store(o->state);
        if (o->adopt) store.keys.add(load_office_key(o->state).public_hex(), now());
        std::cout << load_serving_key(store, o->state, now()).public_hex() << '\n';
    });
}

int run(int argc, char** argv) {
    CLI::App app{"Riverlight office: boards report here, people read here what aired", "riverlight-office"};
    app.set_version_flag("--version", "riverlight-office " RIVERLIGHT_VERSION);
    app.require_subcommand(1);
    auto* command = app.add_subcommand("serve", "run the office");
    auto settings = std::make_shared<OfficeSettings>();
    auto door = std::make_shared<Door>();
    command
        ->add_option("--listen", door->listen, "address; put a TLS proxy before it for any but this machine")
        ->capture_default_str();
    command->add_option(
        "--host", door->hosts,
        "name under which people reach it, beside its addresses and this machine's own name; their "
        "requests for other names are refused. May stand several times");
    command->add_option("--proxy", settings->proxies,
                        "address of a proxy before it, whose X-Forwarded-For counts; 127.0.0.1 and ::1 with "
                        "--behind-tls, unless said. May stand several times");
    add_state(*command, settings->state_folder);
    command->add_option("--channel", settings->channel_url,
                        "address of the channel, to know what was planned");
    command->add_option("--channel-root", settings->trusted_root, "root.json that the channel is trusted by");
    command->add_option("--channel-ca", settings->ca_file, "private CA of the channel's server");
    command->add_option("--zone", settings->zone, "IANA zone whose today a page opens on")
        ->capture_default_str();
    command->add_flag("--behind-tls", settings->behind_tls,
                      "a TLS proxy stands before it and sets X-Forwarded-For: browsers use HTTPS alone");
    auto simulated = std::make_shared<bool>(false);
    command->add_flag("--simulated-time", *simulated,
                      "for tests: serve simulated records, by the clock in the state folder that "
                      "riverlight-fleet sets");
    command->callback([settings, door, simulated] { serve(*settings, *door, *simulated); });
    add_user(app);
    add_claim(app);
    add_board(app);
    add_stick(app);
    add_verify(app);
    add_proof(app);
    add_records_commands(app);
    add_key(app);
    manual::add_manual_options(
        app, {8,
              "Boards enrol and report here; people read here what was planned and what "
              "aired, and export it. It speaks plain HTTP: put a TLS proxy in front of "
              "it for any address but this machine's own.",
              {"office.db: in the --state folder: all records, one SQLite file",
               "office.toml: in the --state folder, where it is there: database = "
               "\"postgresql://USER@HOST/DATABASE\", which holds the records instead; with a "
               "password in it, for the office's user alone (chmod 600)",
               "office.key: in the --state folder: the key that signs receipts; it is in no backup"},
              {"riverlight(1)", "riverlightd(8)"}});
    CLI11_PARSE(app, argc, argv);
    return 0;
}

}  // namespace
}  // namespace riverlight::office

int main(int argc, char** argv) {
    try {
        riverlight::log::write_plain_text();
        return riverlight::office::run(argc, argv);
    } catch (const std::exception& e) {
        std::cerr << "riverlight-office: " << riverlight::plain_text(e.what()) << '\n';
        return 1;
    }
}
