#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>

#include "content/carry/carry_out.hpp"
#include "content/carry/stick.hpp"
#include "content/journal/reader.hpp"
#include "content/store/content_set.hpp"
#include "content/store/space.hpp"
#include "content/sync/sync.hpp"
#include "firmware/clock/clock.hpp"
#include "firmware/config/config.hpp"
#include "firmware/staging/playable.hpp"
#include "firmware/start/start_counter.hpp"
#include "firmware/stick/import.hpp"
#include "firmware/stick/import_lock.hpp"
#include "firmware/stick/note.hpp"
#include "firmware/stick/watch.hpp"
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
    command->add_flag("--images", o->images, "also the updates of boards' systems that are not held");
    command->add_option("--root", o->trusted_root,
                        "root.json to trust the channel by (default: the tree's own first one)");
    command->callback([o] {
        std::string last;
        const auto report = content::carry_out(
            *o, now(), [&](const std::string& what, std::uint64_t done, std::uint64_t total) {
                const auto line = content::format_size(done) + " of " + content::format_size(total);
                if (line != last) std::cerr << line << "  " << what << '\n';
                last = line;
            });
        std::cout << "the stick holds snapshot " << report.snapshot << " for " << report.places
                  << (report.places == 1 ? " place: " : " places: ") << report.files << " files, of which "
                  << report.copied << " new (" << content::format_size(report.bytes) << "), "
                  << report.removed << " old ones removed; all read back. It can be pulled now\n";
    });
}

/// Sentences about clearances that would stop the factory loop: those with an end, or with a limit on days
/// without the channel.
std::vector<std::string> describe_clearance_limits(const content::ContentSet& content) {
    std::vector<std::string> out;
    for (const auto& [code, country] : content.catalogue.countries) {
        if (country.offline_days)
            out.push_back(code + "'s clearances hold for " + std::to_string(country.offline_days->count()) +
                          " days without the channel: then nothing of them plays");
        const auto ends = std::count_if(country.clearances.begin(), country.clearances.end(),
                                        [](const auto& c) { return c.until || c.expiry; });
        if (ends > 0) out.push_back(std::to_string(ends) + " of " + code + "'s clearances have an end");
    }
    return out;
}

void make_factory(content::SyncOptions options, const std::string& channel) {
    const bool address = channel.find("://") != std::string::npos;
    options.channel_url =
        address ? channel : content::url_of_folder(std::filesystem::absolute(channel).string());
    if (options.trusted_root.empty() && !address) options.trusted_root = channel + "/metadata/1.root.json";
    if (options.trusted_root.empty()) throw Error("--root is needed: the root.json to trust the channel by");
    options.require_playable = [place = options.place](const content::Facts& facts) {
        firmware::require_playable(facts, place, now());
    };
    const auto result = content::sync_channel(options, {now(), true}, {});
    if (result.refused)
        throw Error("release " + result.refused->release + " cannot be played: " + result.refused->why);
    const auto content = content::Store(options.store_root).load_whole();
    if (!content || !content->missing.empty())
        throw Error(options.store_root + ": release " + result.release +
                    " is incomplete or does not read back intact; make it again in an empty folder");
    if (!content->catalogue.place(options.place))
        throw Error("the channel has no place '" + options.place + "'; name one of its places with --place");
    std::cout << "the factory loop of " << options.place << " is in " << options.store_root << ": release "
              << content->release << ", all read back. It goes into the image, and its path into [factory]\n";
    for (const auto& words : describe_clearance_limits(*content)) std::cout << "note: " << words << '\n';
}

void add_factory(CLI::App& group) {
    auto* command =
        group.add_subcommand("factory", "make the factory loop of a board's image (firmware/start)");
    auto o = std::make_shared<content::SyncOptions>();
    auto channel = std::make_shared<std::string>();
    command->add_option("--channel", *channel, "address of a channel, or the folder of its tree")->required();
    command->add_option("--root", o->trusted_root,
                        "root.json to trust it by (default: the folder's own first one)");
    command->add_option("--place", o->place, "the place whose schedule it follows")->required();
    command->add_option("--to", o->store_root, "folder to make, or to bring up to date")->required();
    command->callback([=] { make_factory(*o, *channel); });
}

/// The latest time that the board's journal proves; the clock cannot be before it.
Instant latest_proven_time(const std::string& state) {
    const auto path = state + "/journal.db";
    if (::access(path.c_str(), R_OK) != 0) return {};
    return content::JournalReader(path).latest_sure_time().value_or(Instant{});
}

void import_from_stick(const std::string& stick, const std::string& config_file, const std::string& sysroot) {
    const auto config = firmware::read_config(config_file);
    const auto clock = firmware::read_clock(latest_proven_time(config.state));
    const content::UpdateTime reading(clock.now, clock.state == content::ClockState::synchronised);
    firmware::StickSetup setup{stick, config.state, config.channel.root, config.place, config.store_quota};
    setup.system.root = sysroot;
    using State = firmware::StickNote::State;
    if (firmware::is_in_safe_mode(config.state)) {
        const auto* words =
            "The stick was not taken: the board is in safe mode. Its status page says how to leave safe "
            "mode.";
        firmware::write_stick_note(config.state, {State::failed, words, clock.now, {}});
        throw Error(words);
    }
    const auto note = [&](State state, const std::string& words, std::optional<int> percent = {}) {
        std::cout << words << '\n';
        firmware::write_stick_note(config.state, {state, words, clock.now, percent});
    };
    try {
        const auto lock = firmware::hold_import_lock(config.state);
        note(State::reading, "Looking at the stick. Please leave it in.");
        const auto result =
            firmware::import_stick(setup, reading, [&](const std::string& words, std::optional<int> percent) {
                note(State::reading, words, percent);
            });
        note(result.failed ? State::failed : State::done, result.summary + " The stick can be pulled now.");
        if (result.failed) throw CLI::RuntimeError(1);
    } catch (const CLI::RuntimeError&) {
        throw;
    } catch (const std::exception& e) {
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
    auto sysroot = std::make_shared<std::string>();
    command->add_option("--sysroot", *sysroot,
                        "folder that stands for / in the name of etc/os-release (default: none)");
    command->callback([=] { import_from_stick(*stick, *config, *sysroot); });
}

std::string environment(const char* name) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): one thread
    return value ? value : "";
}

void add_ended(CLI::App& group) {
    auto* command = group.add_subcommand(
        "ended", "for the import's unit, as ExecStopPost: says what an importer could not say itself");
    auto config = std::make_shared<std::string>();
    command->add_option("--config", *config, "the board's riverlightd.toml")->required();
    command->callback([=] {
        const auto state = firmware::read_config(*config).state;
        using State = firmware::StickNote::State;
        const auto note = firmware::read_stick_note(state);
        const std::string words(firmware::explain_unit_result(environment("SERVICE_RESULT"),
                                                              environment("EXIT_STATUS"),
                                                              note && note->state == State::reading));
        if (words.empty()) return;
        std::cout << words << '\n';
        firmware::write_stick_note(
            state, {State::failed, words, firmware::read_clock(latest_proven_time(state)).now, {}});
    });
}

}  // namespace

void add_carry(CLI::App& app) {
    auto* group = app.add_subcommand("carry", "channels and journals by stick");
    group->require_subcommand(1);
    add_out(*group);
    add_factory(*group);
    add_in(*group);
    add_ended(*group);
}

}  // namespace riverlight::cli
