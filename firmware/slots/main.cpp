// riverlight-slots: what is known of the two slots of a board's system. RAUC's boot loader back end, and the
// program that makes a slot sure or gives it up.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <thread>

#include "content/base/error.hpp"
#include "content/manual/manual.hpp"
#include "firmware/slots/block_file.hpp"
#include "firmware/slots/choose.hpp"
#include "firmware/slots/confirm_watch.hpp"
#include "firmware/slots/slot_report.hpp"
#include "firmware/slots/status_reader.hpp"

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;

/// The exit code of `confirm` that asks for a restart: riverlight-confirm.service knows it.
constexpr int slot_given_up = 3;

/// The options of all commands.
struct SlotOptions {
    std::string device = "/dev/disk/by-partlabel/slots";
    std::string report = slot_report_file;
    std::optional<SystemSlot> running;
    SystemSlot slot = SystemSlot::a;  ///< that a command is about
    bool good = false;                ///< what set-state says of it
    std::chrono::seconds needed{180};
    std::string address = status_address_file;
    std::string built = "/usr/lib/clock-epoch";
    std::chrono::seconds arrival{60};  ///< that a start runs until it has arrived
    StartCount count{};                ///< what the boot loader counted
    int exit_code = 0;
};

const std::map<std::string, SystemSlot> slot_names{{"A", SystemSlot::a}, {"B", SystemSlot::b}};
const std::map<std::string, StartMark> mark_names{{"odd", StartMark::odd}, {"even", StartMark::even}};

/// What the chooser told the kernel: the value of `name` on its command line, if it is one of `values`.
template <class Value>
std::optional<Value> find_told(const std::string& name, const std::map<std::string, Value>& values) {
    std::ifstream line("/proc/cmdline");
    std::string word;
    while (line >> word)
        for (const auto& [text, value] : values)
            if (word == name + "=" + text) return value;
    return std::nullopt;
}

std::optional<SystemSlot> find_told_slot(const SlotOptions& options) {
    return options.running ? options.running : find_told("rauc.slot", slot_names);
}

/// The slot that this system was started from.
SystemSlot find_running_slot(const SlotOptions& options) {
    if (const auto told = find_told_slot(options)) return *told;
    throw Error(
        "the kernel's command line names no slot (rauc.slot=A): this system was not started by the chooser; "
        "--running says which one it is");
}

SlotState state_or_lost(const BlockFile& device, const SlotOptions& options) {
    const auto state = read_state(device);
    return state ? *state : make_lost_state(find_running_slot(options));
}

/// Tells riverlightd what is known of the slots now. The folder is missing in the initramfs, and where no
/// board runs. What goes wrong here must not keep a slot from being written or confirmed.
void tell_board(const BlockFile& device, const SlotOptions& options) {
    const auto running = find_told_slot(options);
    if (!running || !std::filesystem::is_directory(std::filesystem::path(options.report).parent_path()))
        return;
    try {
        if (const auto state = read_state(device)) write_slot_report(options.report, {*running, *state});
    } catch (const Error& e) {
        std::cerr << "riverlight-slots: " << e.what() << "\n";
    }
}

void show(const SlotOptions& options) {
    const auto state = read_state(BlockFile(options.device));
    if (!state) throw Error(options.device + ": neither copy of the slots' state can be read");
    std::cout << "generation " << state->generation << ", first " << to_text(state->first) << "\n";
    for (const auto slot : all_slots) {
        const auto& record = state->of(slot);
        std::cout << to_text(slot) << ": " << to_text(record.trust);
        if (record.fault != SlotFault::none) std::cout << ", " << to_text(record.fault);
        std::cout << "\n";
    }
}

void set_state(const SlotOptions& options) {
    BlockFile device(options.device);
    const auto state = state_or_lost(device, options);
    if (options.good) {
        write_state(device, confirm_slot(state, options.slot));
        return tell_board(device, options);
    }
    if (!may_install(state, options.slot))
        throw Error("slot " + std::string(to_text(other_slot(options.slot))) +
                    " is not sure yet; nothing is installed until it has played for long enough");
    write_state_twice(device, begin_install(state, options.slot));
    tell_board(device, options);
}

Instant time_of_build(const std::string& file) {
    std::error_code fault;
    const auto written = std::filesystem::last_write_time(file, fault);
    if (fault) throw Error(file + ": " + fault.message() + "; its time is the time this system was built");
    return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::file_clock::to_sys(written));
}

/// A slot's fault is written once.
void give_up(BlockFile& device, const SlotOptions& options, SystemSlot slot, SlotFault fault) {
    if (const auto state = give_up_slot(state_or_lost(device, options), slot, fault))
        write_state(device, *state);
    tell_board(device, options);
}

/// One of two sure slots runs: says so to the chooser once it has run for long enough.
void arrive(BlockFile& device, const SlotOptions& options, const SlotState& state, SystemSlot running) {
    if (state.first != running && state.of(state.first).trust == SlotTrust::sure)
        std::cout << "slot " << to_text(state.first) << " is to start and did not arrive; slot "
                  << to_text(running) << " runs instead of it, for this start\n"
                  << std::flush;
    const auto mark = find_told("riverlight.mark", mark_names);
    if (!mark) return;
    std::this_thread::sleep_for(options.arrival);
    write_arrival(device, *mark);
}

/// Waits until the board's page has proved something of the slot.
SlotProof watch_slot(const SlotOptions& options) {
    ConfirmWatch watch(options.needed, time_of_build(options.built));
    while (true) {
        const auto address = read_status_address(options.address);
        const auto status = address ? read_status(*address, 5s) : std::nullopt;
        const MonotonicTime now(std::chrono::duration_cast<MonotonicClock::duration>(
            std::chrono::steady_clock::now().time_since_epoch()));
        const auto proof = watch.observe(now, status ? parse_status(*status) : std::nullopt);
        if (proof != SlotProof::none_yet) return proof;
        std::this_thread::sleep_for(2s);
    }
}

/// Returns the program's exit code: `slot_given_up` asks for a restart.
int confirm(const SlotOptions& options) {
    BlockFile device(options.device);
    const auto running = find_running_slot(options);
    if (const auto settled = settle_start(read_state(device), running)) write_state(device, *settled);
    tell_board(device, options);
    const auto state = state_or_lost(device, options);
    if (state.of(running).trust == SlotTrust::sure) {
        std::cout << "slot " << to_text(running) << " is sure already\n" << std::flush;
        arrive(device, options, state, running);
        return 0;
    }
    while (watch_slot(options) == SlotProof::does_not) {
        // Without another slot that plays there is nothing to restart for.
        if (state_or_lost(device, options).of(other_slot(running)).trust != SlotTrust::sure) continue;
        give_up(device, options, running, SlotFault::did_not_play);
        std::cout << "slot " << to_text(running) << " is given up: in " << ConfirmWatch::patience.count()
                  << " minutes it has not played for " << options.needed.count() << " s without a break\n";
        return slot_given_up;
    }
    write_state(device, confirm_slot(state_or_lost(device, options), running));
    tell_board(device, options);
    std::cout << "slot " << to_text(running) << " is sure: it has played for " << options.needed.count()
              << " s\n";
    return 0;
}

/// An option, or a word of a command, that names a slot.
CLI::Option* add_slot_option(CLI::App& app, const char* name, const char* about,
                             const std::function<void(SystemSlot)>& take) {
    return app
        .add_option_function<std::string>(
            name, [take](const std::string& word) { take(slot_names.at(word)); }, about)
        ->check(CLI::IsMember({"A", "B"}));
}

CLI::Option* add_mark_option(CLI::App& app, const char* name, const char* about, StartMark& mark) {
    return app
        .add_option_function<std::string>(
            name, [&mark](const std::string& word) { mark = mark_names.at(word); }, about)
        ->check(CLI::IsMember({"odd", "even"}));
}

/// Adds commands to a program. Owner: main.
class CommandTable {
  public:
    explicit CommandTable(CLI::App& app) : app_(app) {}
    CLI::App* add(const char* name, const char* about, std::function<void()> run) {
        auto* command = app_.add_subcommand(name, about);
        command->callback(std::move(run));
        return command;
    }
    CLI::App* add_for_slot(const char* name, const char* about, SystemSlot& slot, std::function<void()> run) {
        auto* command = add(name, about, std::move(run));
        add_slot_option(*command, "slot", "A or B", [&slot](SystemSlot named) { slot = named; })->required();
        return command;
    }

  private:
    CLI::App& app_;
};

/// RAUC's interface of a custom back end: get-primary, set-primary SLOT, get-state SLOT, set-state SLOT
/// STATE.
void add_commands_of_rauc(CommandTable& table, SlotOptions& o) {
    table.add("get-primary", "names the slot that is to start (RAUC)", [&] {
        const BlockFile device(o.device);
        std::cout << to_text(state_or_lost(device, o).first) << "\n";
    });
    table.add_for_slot("set-primary", "a slot was written completely: it is to start (RAUC)", o.slot, [&] {
        BlockFile device(o.device);
        write_state(device, finish_install(state_or_lost(device, o), o.slot));
        tell_board(device, o);
    });
    table.add_for_slot("get-state", "says good or bad (RAUC)", o.slot, [&] {
        const BlockFile device(o.device);
        const auto trust = state_or_lost(device, o).of(o.slot).trust;
        std::cout << (trust == SlotTrust::sure || trust == SlotTrust::unsure ? "good" : "bad") << "\n";
    });
    table
        .add_for_slot("set-state", "good: a slot is sure; bad: it is about to be written (RAUC)", o.slot,
                      [&] { set_state(o); })
        ->add_option_function<std::string>(
            "state", [&](const std::string& word) { o.good = word == "good"; }, "good or bad")
        ->required()
        ->check(CLI::IsMember({"good", "bad"}));
}

void add_commands_of_board(CommandTable& table, SlotOptions& o) {
    table.add("show", "says what is known of both slots", [&] { show(o); });
    table.add("init", "writes the state of a board that was never updated", [&] {
        BlockFile device(o.device);
        write_state_twice(device, make_factory_state());
        write_arrival(device, StartMark::none);
    });
    auto* next = table.add(
        "next",
        "says which slot the chooser starts next, what it counts then, and whether the start has a mark: "
        "SLOT COUNTED STARTS LAST TRIES MARK MARKED",
        [&] {
            const BlockFile device(o.device);
            const auto choice = choose_slot({read_state(device), read_arrival(device)}, o.count);
            const auto mark = to_text(choice.count.mark);
            std::cout << to_text(choice.slot) << " " << choice.count.generation << " " << choice.count.starts
                      << " " << (choice.count.last ? to_text(*choice.count.last) : "-") << " "
                      << choice.count.tries << " " << (mark.empty() ? "-" : mark) << " "
                      << (choice.marked ? "marked" : "-") << "\n";
        });
    next->add_option("--counted", o.count.generation, "generation that starts were counted for");
    next->add_option("--starts", o.count.starts, "how many were counted")
        ->check(CLI::Range(0, starts_of_unsure_slot));
    add_slot_option(*next, "--last",
                    "slot that was started last without trust in either, or of two sure ones",
                    [&](SystemSlot slot) { o.count.last = slot; });
    next->add_option("--tries", o.count.tries, "starts in a row of one of two sure slots")
        ->check(CLI::Range(0, tries_of_sure_slot));
    add_mark_option(*next, "--mark", "of the last of these", o.count.mark);
    table.add_for_slot("give-up", "a slot's root cannot be opened: the other one is to start", o.slot, [&] {
        BlockFile device(o.device);
        give_up(device, o, o.slot, SlotFault::root_damaged);
    });
    auto* arrived =
        table.add("arrived", "a start has run for long enough: the chooser counts it no more", [&] {
            BlockFile device(o.device);
            write_arrival(device, o.count.mark);
        });
    add_mark_option(*arrived, "mark", "that the chooser gave it (riverlight.mark of the kernel's line)",
                    o.count.mark)
        ->required();
    auto* command =
        table.add("confirm",
                  "waits until the running slot has played for long enough, and makes it sure; if "
                  "it does not play, gives it up and ends with 3. A slot that is sure has only to "
                  "run for a while",
                  [&] { o.exit_code = confirm(o); });
    command->add_option("--seconds", o.needed, "for how long")
        ->default_str("180")
        ->check(CLI::Range(1, 86400));
    command->add_option("--arrival", o.arrival, "for how long a slot that is sure has to run, in seconds")
        ->default_str("60")
        ->check(CLI::Range(1, 86400));
    command->add_option("--address", o.address, "file in which riverlightd says where its status page is")
        ->capture_default_str();
    command->add_option("--built", o.built, "file whose time is the time this system was built")
        ->capture_default_str();
}

int run(int argc, char** argv) {
    CLI::App app{"What is known of the two slots of a board's system, and which one starts",
                 "riverlight-slots"};
    app.set_version_flag("--version", "riverlight-slots " RIVERLIGHT_VERSION);
    app.require_subcommand(1);
    SlotOptions options;
    app.add_option("--device", options.device, "the partition that holds the state")->capture_default_str();
    app.add_option("--report", options.report,
                   "file that says to the board what is known; its folder may be missing")
        ->capture_default_str();
    add_slot_option(app, "--running", "the slot that runs (as the kernel's command line says)",
                    [&](SystemSlot slot) { options.running = slot; });
    CommandTable table(app);
    add_commands_of_board(table, options);
    add_commands_of_rauc(table, options);
    manual::add_manual_options(app, {8,
                                     "The chooser starts one of two slots. This program keeps what it reads "
                                     "for that: two copies with checksums, "
                                     "written in place in turn. RAUC calls it as its boot loader back end, "
                                     "the initramfs gives up a slot with it, "
                                     "and a service makes a slot sure with it.",
                                     {"/dev/disk/by-partlabel/slots: the state",
                                      "/run/riverlight-slots/slots.json: what riverlightd reads of it",
                                      "/run/riverlightd/status-address: what riverlightd says of its page"},
                                     {"riverlightd(8)", "rauc(1)"}});
    CLI11_PARSE(app, argc, argv);
    return options.exit_code;
}

}  // namespace
}  // namespace riverlight::firmware

int main(int argc, char** argv) {
    try {
        return riverlight::firmware::run(argc, argv);
    } catch (const std::exception& e) {
        std::cerr << "riverlight-slots: " << e.what() << "\n";
        return 1;
    }
}
