#include "firmware/start/mode.hpp"

#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "content/base/files.hpp"
#include "content/store/content_set.hpp"
#include "firmware/start/state_folder.hpp"
#include "player/cue/output_spec.hpp"

namespace riverlight::firmware {
namespace {

namespace fs = std::filesystem;
using Kind = player::OutputSpec::Kind;

std::string safe_folder(const Config& config) {
    return config.state + "/safe";
}

/// A folder of this process alone, in the first place that takes one.
std::string temporary_folder() {
    std::error_code ec;
    const auto usual = fs::temp_directory_path(ec).string();
    for (const auto& base : {usual, std::string("/run"), std::string("/dev/shm")}) {
        auto path = base + "/riverlightd-XXXXXX";
        if (!base.empty() && ::mkdtemp(path.data())) return path;
    }
    throw Error("no temporary folder could be made (" + system_reason(errno) +
                "), and the state folder cannot be used either; look whether the board's disk and memory are "
                "full");
}

std::string text_of(std::chrono::seconds time) {
    return time < std::chrono::minutes(2) ? std::to_string(time.count()) + " seconds"
                                          : std::to_string(time.count() / 60) + " minutes";
}

/// Whether a release lies there and its facts are whole.
bool holds_release(const std::string& store) {
    try {
        return content::Store(store).load().has_value();
    } catch (const std::exception& e) {
        spdlog::warn("{}", e.what());
        return false;
    }
}

bool play_factory(const Config& config, Beginning& b) {
    if (config.factory.path.empty()) return false;
    std::error_code ec;
    if (!fs::is_directory(config.factory.path + "/media", ec)) {
        spdlog::error("there is no factory loop in {}; make one for the image with riverlight carry factory",
                      config.factory.path);
        return false;
    }
    b.store = config.factory.path;
    b.factory = true;
    return true;
}

Beginning without_state(const Config& config, const std::string& run_folder, const std::string& why) {
    Beginning b;
    b.mode = Mode::no_state;
    b.keep = run_folder.empty() ? temporary_folder() : run_folder;
    // A partition that can be read, only not written (full, read-only), holds what is newest.
    const auto store = config.state + "/store";
    if (holds_release(store))
        b.store = store;
    else
        play_factory(config, b);
    b.words =
        why +
        (b.factory         ? " Until then the factory loop plays"
         : b.store.empty() ? " Until then the slate is shown"
                           : " Until then the release in it plays") +
        ", nothing is fetched, and the journal is kept in " + b.keep +
        ". The folder is looked at every few seconds; as soon as it can be used, all goes on by itself.";
    return b;
}

void into_safe_mode(const Config& config, Beginning& b, int failed) {
    b.mode = Mode::safe;
    b.keep = safe_folder(config);
    b.store.clear();
    make_folder(b.keep);
    const bool loop = failed < 2 * config.safe_mode.failed_starts && play_factory(config, b);
    b.words = "Safe mode: the board began " + std::to_string(failed) +
              " times in a row and did not last. The last time it ended " +
              (b.starts->last_words().empty() ? std::string("without a word (a crash, or the power).")
                                              : "with: " + b.starts->last_words() + '.') +
              (loop ? " The factory loop plays" : " The slate is shown") +
              "; nothing is fetched and no stick is taken. It tries again by itself after " +
              text_of(config.safe_mode.tries_again) +
              ". To leave at once: riverlightd --config FILE --leave-safe-mode. If it comes back, tell "
              "your coordinator.";
    b.starts->note_safe_mode();
}

/// The output that needs least of a board: one that writes no files, before HLS and recordings.
std::string plainest(const std::vector<std::string>& outputs) {
    const auto found = std::find_if(outputs.begin(), outputs.end(), [](const std::string& output) {
        const auto kind = player::parse_output(output).kind;
        return kind != Kind::hls && kind != Kind::file;
    });
    return found == outputs.end() ? outputs.front() : *found;
}

/// HLS that lay in the state folder lies in `keep`.
void move_hls(OutletConfig& outlet, const std::string& state, const std::string& keep) {
    const auto before = state + "/outlets/", after = keep + "/outlets/";
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

}  // namespace

std::string_view to_text(Mode mode) {
    constexpr std::array names{std::string_view("normal"), std::string_view("no-state"),
                               std::string_view("safe")};
    return names.at(static_cast<std::size_t>(mode));
}

Beginning begin(const Config& config, const std::string& run_folder) {
    auto why = state_fault(config.state, config.own_partition);
    if (!why.empty()) return without_state(config, run_folder, why);
    Beginning b;
    b.keep = config.state;
    b.store = config.state + "/store";
    b.starts.emplace(config.state);
    try {
        const int failed = b.starts->begin();
        if (failed >= config.safe_mode.failed_starts) into_safe_mode(config, b, failed);
    } catch (const DiskFault& e) {  // it could be written a moment ago
        return without_state(config, run_folder, e.what() + std::string("."));
    }
    return b;
}

Config settings_for(const Beginning& beginning, Config config) {
    if (beginning.mode == Mode::normal) return config;
    config.office.reset();
    config.nearby = {};
    if (beginning.mode == Mode::safe) {
        const auto screen = std::find_if(config.outlets.begin(), config.outlets.end(),
                                         [](const auto& outlet) { return outlet.profile.empty(); });
        auto one = screen == config.outlets.end() ? config.outlets.front() : *screen;
        one.outputs = {plainest(one.outputs)};
        one.avails = false;
        config.outlets = {std::move(one)};
    }
    for (auto& outlet : config.outlets) move_hls(outlet, config.state, beginning.keep);
    return config;
}

std::vector<std::string> left_behind(const Config& config, const std::string& run_folder) {
    std::vector<std::string> folders{safe_folder(config)};
    if (!run_folder.empty()) folders.push_back(run_folder);
    return folders;
}

}  // namespace riverlight::firmware
