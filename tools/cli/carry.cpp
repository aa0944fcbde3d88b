#include <iostream>
#include <memory>

#include "content/carry/carry_out.hpp"
#include "content/store/space.hpp"
#include "firmware/clock/clock.hpp"
#include "firmware/config/config.hpp"
#include "firmware/journal/journal.hpp"
#include "firmware/stick/import.hpp"
#include "firmware/stick/note.hpp"
#include "tools/cli/channel_options.hpp"
#include "tools/cli/commands.hpp"

namespace riverlight::cli {
namespace {

void add_out(CLI::App& group) {
    auto* command = group.add_subcommand("out", "bring a stick to the channel's newest release");
    auto o = std::make_shared<content::CarryOptions>();
    command->add_option("--channel", o->channel, "folder of the channel's tree")->required();
    command->add_option("--to", o->stick, "folder where the stick is mounted")->required();
    command->add_option("--place", o->places, "only media that may air there; may come again (default: all)");
    command->add_option("--root", o->trusted_root,
                        "root.json to trust the channel by (default: the tree's own first one)");
    command->callback([o] {
        std::string last;
        const auto report = content::carry_out(
            *o, now(), [&](const std::string& what, std::uint64_t done, std::uint64_t total) {
                const auto line = content::size_text(done) + " of " + content::size_text(total);
                if (line != last) std::cerr << line << "  " << what << '\n';
                last = line;
            });
        std::cout << "the stick holds snapshot " << report.snapshot << " for " << report.places
                  << (report.places == 1 ? " place: " : " places: ") << report.files << " files, of which "
                  << report.copied << " new (" << content::size_text(report.bytes) << "), " << report.removed
                  << " old ones removed; all read back. It can be pulled now\n";
    });
}

/// The latest instant that the board is sure of.
Instant floor_of(const std::string& state) {
    const auto path = state + "/journal.db";
    if (::access(path.c_str(), R_OK) != 0) return {};
    return from_rfc3339(firmware::Journal(path, "").note("latest")).value_or(Instant{});
}

void take_in(const std::string& stick, const std::string& config_file) {
    const auto config = firmware::read_config(config_file);
    const auto clock = firmware::read_clock(floor_of(config.state));
    const content::Moment moment(clock.now, clock.state == firmware::ClockState::synchronised);
    firmware::StickSetup setup{stick, config.state, config.root, config.place, config.store_quota};
    using State = firmware::StickNote::State;
    const auto note = [&](State state, const std::string& words) {
        std::cout << words << '\n';
        firmware::write_stick_note(config.state, {state, words, clock.now});
    };
    try {
        const auto result = firmware::import_stick(
            setup, moment, [&](const std::string& words) { note(State::reading, words); });
        note(result.failed ? State::failed : State::done, result.words + " The stick can be pulled now.");
        if (result.failed) throw CLI::RuntimeError(1);
    } catch (const Error& e) {
        note(State::failed, std::string("The stick was not taken: ") + e.what() + '.');
        throw;
    }
}

void add_in(CLI::App& group) {
    auto* command = group.add_subcommand(
        "in", "on a board: take a stick's release, give it the journal (see firmware/stick)");
    auto stick = std::make_shared<std::string>(), config = std::make_shared<std::string>();
    command->add_option("STICK", *stick, "folder where the stick is mounted")->required();
    command->add_option("--config", *config, "the board's riverlightd.toml")->required();
    command->callback([=] { take_in(*stick, *config); });
}

}  // namespace

void add_carry(CLI::App& app) {
    auto* group = app.add_subcommand("carry", "channels and journals by stick");
    group->require_subcommand(1);
    add_out(*group);
    add_in(*group);
}

}  // namespace riverlight::cli
