#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "content/store/layout.hpp"
#include "firmware/config/settings_file.hpp"
#include "firmware/start/start_counter.hpp"

/// Which parts of a board run (README.md).
namespace riverlight::firmware {

enum class RunMode { normal, no_state, no_settings, safe };
[[nodiscard]] std::string_view to_text(RunMode mode);  ///< as in /v1/status: `no-state`

struct StartDecision {
    RunMode mode = RunMode::normal;
    std::string
        reason;  ///< for people: why the board runs in a reduced mode, and what to do; empty if normal
    std::string folder;  ///< of this run's journal and of what outlets write
    std::string store;   ///< the store to play from; empty: none, and the slate is shown
    content::KeptRelease release = content::KeptRelease::current;  ///< of the store
    bool factory = false;  ///< `store` is the image's factory loop: its media are hashed before they air
    std::optional<StartCounter> counter;  ///< counts this start; none in no_state mode
    std::string settings_file{};          ///< their path
    std::string settings_fault{};  ///< a sentence: these are not the settings of the file; empty: they are
};

/// Checks the state folder, counts this start, and decides in which mode the board runs. Call it before any
/// other part of the board. `boot`: this boot's id, for the count; empty: unknown. `run_folder` outlives the
/// process but not the boot (systemd's RuntimeDirectory=); empty: a temporary folder is made if one is
/// needed. Throws Error only if nothing at all can be written.
[[nodiscard]] StartDecision decide_start(const Config& config, const std::string& run_folder,
                                         const std::string& boot = {});

/// The same for a board whose settings may not be those of its file: with none at all it runs in the mode
/// no_settings, for a place that it knows from its journal if it can.
[[nodiscard]] StartDecision decide_start(Settings& settings, const std::string& run_folder,
                                         const std::string& boot = {});

/// The settings of what runs. Reduced modes have no office and no boards nearby, and their outlets write into
/// `start.folder`; safe mode keeps every outlet, each with its plainest output.
[[nodiscard]] Config settings_for(const StartDecision& start, Config config);

/// Folders where earlier runs may have left a journal that has to go into the state folder's.
[[nodiscard]] std::vector<std::string> leftover_journal_folders(const Config& config,
                                                                const std::string& run_folder);

}  // namespace riverlight::firmware
