#include "firmware/start/decision.hpp"

#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "content/base/files.hpp"
#include "content/journal/reader.hpp"
#include "content/store/content_set.hpp"
#include "content/store/store_files.hpp"
#include "firmware/start/state_folder.hpp"
#include "player/cue/output_spec.hpp"

namespace riverlight::firmware {
namespace {

namespace fs = std::filesystem;
using Kind = player::OutputSpec::Kind;

constexpr auto unknown_place = "unknown";

std::string safe_folder(const Config& config) {
    return config.state + "/safe";
}

std::string no_settings_folder(const Config& config) {
    return config.state + "/no-settings";
}

/// A folder of this process alone, in the first place where one can be made.
std::string temporary_folder() {
    std::error_code ec;
    const auto usual = fs::temp_directory_path(ec).string();
    for (const auto& base : {usual, std::string("/run"), std::string("/dev/shm")}) {
        auto path = base + "/riverlightd-XXXXXX";
        if (!base.empty() && ::mkdtemp(path.data())) return path;
    }
    throw Error(
        "no temporary folder could be made (" + system_reason(errno) +
        "), and the state folder cannot be used either; check whether the board's disk and memory are "
        "full");
}

std::string text_of(std::chrono::seconds time) {
    return time < std::chrono::minutes(2) ? std::to_string(time.count()) + " seconds"
                                          : std::to_string(time.count() / 60) + " minutes";
}

/// A player opens the store's folder of media when it starts.
void prepare_store(const std::string& store) {
    try {
        content::make_store_folders({store});
    } catch (const Error& e) {
        spdlog::error("{}", e.what());
    }
}

/// Whether the store has this release, and its facts verify.
bool holds_release(const std::string& store, content::KeptRelease which) {
    try {
        return content::Store(store).load(which).has_value();
    } catch (const std::exception& e) {
        spdlog::warn("{}", e.what());
        return false;
    }
}

/// Whether the store has a release to return to: another than the current one.
bool holds_former_release(const std::string& store) {
    const auto current = content::find_release({store}, content::KeptRelease::current);
    const auto good = content::find_release({store}, content::KeptRelease::last_good);
    if (!good || (current && content::base_of(current->release) == content::base_of(good->release)))
        return false;
    return holds_release(store, content::KeptRelease::last_good);
}

/// Plays from the factory loop. False if the image has none.
bool use_factory_loop(const Config& config, StartDecision& start) {
    if (config.factory.path.empty()) return false;
    std::error_code ec;
    if (!fs::is_directory(config.factory.path + "/media", ec)) {
        spdlog::error("there is no factory loop in {}; make one for the image with riverlight carry factory",
                      config.factory.path);
        return false;
    }
    start.store = config.factory.path;
    start.factory = true;
    return true;
}

/// The store's release if it can be read, else the factory loop, else nothing.
void play_what_is_there(const Config& config, StartDecision& start) {
    const auto store = config.state + "/store";
    if (holds_release(store, content::KeptRelease::current) ||
        holds_release(store, content::KeptRelease::last_good))
        start.store = store;
    else
        use_factory_loop(config, start);
}

std::string what_plays(const StartDecision& start) {
    return start.factory         ? "the factory loop plays"
           : start.store.empty() ? "the slate is shown"
                                 : "the release in it plays";
}

StartDecision start_without_state(const Config& config, const std::string& run_folder,
                                  const std::string& fault) {
    StartDecision start;
    start.mode = RunMode::no_state;
    start.folder = run_folder.empty() ? temporary_folder() : run_folder;
    // A partition that can be read but not written (full, or read-only) has the newest release.
    play_what_is_there(config, start);
    start.reason =
        fault + " Until then " + what_plays(start) + ", nothing is fetched, and the journal is kept in " +
        start.folder +
        ". The board checks the folder every few seconds, and continues by itself as soon as it can "
        "be used.";
    return start;
}

void enter_no_settings(const Config& config, StartDecision& start, const std::string& fault) {
    start.mode = RunMode::no_settings;
    start.folder = no_settings_folder(config);
    make_folder(start.folder);
    start.store.clear();
    if (config.place != unknown_place)
        play_what_is_there(config, start);
    else
        use_factory_loop(config, start);  // a release airs for a place
    start.reason = "The settings cannot be read, and there is no copy of earlier ones in " + config.state +
                   ": " + fault + ". Correct the file; the board takes it by itself. Until then " +
                   what_plays(start) + ", and nothing is fetched.";
}

/// Whose journal is in the state folder; empty: it cannot say.
std::string place_of_journal(const std::string& state) {
    try {
        return content::JournalReader(state + "/journal.db").state().board;
    } catch (const Error&) {
        return {};
    }
}

/// What safe mode plays: the last good release, if it is not the one that crashed; then the factory loop;
/// without either the release that is here; the slate once those have crashed, too. Says so, a part of a
/// sentence.
std::string choose_for_safe_mode(const Config& config, StartDecision& start, int times) {
    const auto store = config.state + "/store";
    const bool former = holds_former_release(store);
    if (former && times == 1) {
        start.store = store;
        start.release = content::KeptRelease::last_good;
        return " The release before the newest one plays";
    }
    if (times > (former ? 2 : 1)) return " The slate is shown";
    if (use_factory_loop(config, start)) return " The factory loop plays";
    if (former || !holds_release(store, content::KeptRelease::current)) return " The slate is shown";
    start.store = store;
    return " The release that is here plays";
}

void enter_safe_mode(const Config& config, StartDecision& start, int failed) {
    start.mode = RunMode::safe;
    start.folder = safe_folder(config);
    start.store.clear();
    make_folder(start.folder);
    const auto plays = choose_for_safe_mode(config, start, failed / config.safe_mode.failed_starts);
    const auto& failure = start.counter->last_failure();
    start.reason =
        "Safe mode: the board failed to start " + std::to_string(failed) +
        " times in a row. The last start ended " +
        (failure.empty() ? std::string("without a message (a crash).") : "with: " + failure + '.') + plays +
        "; nothing is fetched and no stick is imported. The board tries again by itself after " +
        text_of(config.safe_mode.tries_again) +
        ". To leave safe mode at once: riverlightd --config FILE --leave-safe-mode. If it comes "
        "back, tell your coordinator.";
    start.counter->mark_safe_mode();
}

/// The output that needs least from a board: one that writes no files is preferred to HLS and recordings.
std::string plainest(const std::vector<std::string>& outputs) {
    const auto found = std::find_if(outputs.begin(), outputs.end(), [](const std::string& output) {
        const auto kind = player::parse_output(output).kind;
        return kind != Kind::hls && kind != Kind::file;
    });
    return found == outputs.end() ? outputs.front() : *found;
}

/// Moves HLS output that would be in the state folder into `folder`.
void move_hls(OutletConfig& outlet, const std::string& state, const std::string& folder) {
    const auto before = state + "/outlets/", after = folder + "/outlets/";
    bool has = false;
    for (auto& output : outlet.outputs) {
        if (player::parse_output(output).kind != Kind::hls) continue;
        has = true;
        if (const auto at = output.find(before); at != std::string::npos)
            output.replace(at, before.size(), after);
    }
    if (!has)
        outlet.hls.clear();
    else if (outlet.hls.starts_with(before))
        outlet.hls.replace(0, before.size(), after);
}

/// `settings_fault`: why there are no settings; null: there are.
StartDecision decide(const Config& config, const std::string& run_folder, const std::string& boot,
                     const std::string* settings_fault) {
    if (const auto fault = check_state_folder(config.state, config.own_partition))
        return start_without_state(config, run_folder, *fault);
    StartDecision start;
    start.folder = config.state;
    start.store = config.state + "/store";
    prepare_store(start.store);
    start.counter.emplace(config.state);
    try {
        const int failed = start.counter->count_start(boot);
        if (failed >= config.safe_mode.failed_starts)
            enter_safe_mode(config, start, failed);
        else if (settings_fault)
            enter_no_settings(config, start, *settings_fault);
    } catch (const DiskFault& e) {  // although the check could write
        return start_without_state(config, run_folder, e.what() + std::string("."));
    }
    assert(start.reason.empty() == (start.mode == RunMode::normal));
    return start;
}

}  // namespace

std::string_view to_text(RunMode mode) {
    switch (mode) {
        case RunMode::normal:
            return "normal";
        case RunMode::no_state:
            return "no-state";
        case RunMode::no_settings:
            return "no-settings";
        case RunMode::safe:
            return "safe";
    }
    return {};
}

StartDecision decide_start(const Config& config, const std::string& run_folder, const std::string& boot) {
    return decide(config, run_folder, boot, nullptr);
}

StartDecision decide_start(Settings& settings, const std::string& run_folder, const std::string& boot) {
    auto& config = settings.config;
    if (config.place.empty()) config.place = place_of_journal(config.state);
    if (config.place.empty()) config.place = unknown_place;
    const bool salvaged = settings.source == SettingsSource::salvaged;
    auto start = decide(config, run_folder, boot, salvaged ? &settings.fault : nullptr);
    start.settings_file = settings.file;
    if (settings.source == SettingsSource::file) return start;
    start.settings_fault = "The settings cannot be read: " + settings.fault + ". ";
    start.settings_fault += salvaged ? "Correct the file; the board takes it by itself."
                                     : "The board goes on with the last ones that it could read. Correct the "
                                       "file; the board takes it by itself.";
    return start;
}

Config settings_for(const StartDecision& start, Config config) {
    if (start.mode == RunMode::normal) return config;
    config.office.reset();
    config.nearby = {};
    if (start.mode == RunMode::safe)
        for (auto& outlet : config.outlets) {
            outlet.outputs = {plainest(outlet.outputs)};
            outlet.avails = false;
        }
    for (auto& outlet : config.outlets) move_hls(outlet, config.state, start.folder);
    return config;
}

std::vector<std::string> leftover_journal_folders(const Config& config, const std::string& run_folder) {
    std::vector<std::string> folders{safe_folder(config), no_settings_folder(config)};
    if (!run_folder.empty()) folders.push_back(run_folder);
    return folders;
}

}  // namespace riverlight::firmware
