#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "firmware/config/config.hpp"
#include "firmware/start/starts.hpp"

/// With how much a board runs (README.md).
namespace riverlight::firmware {

enum class Mode { normal, no_state, safe };
[[nodiscard]] std::string_view to_text(Mode mode);

struct Beginning {
    Mode mode = Mode::normal;
    std::string words;             ///< for people: why not all runs, and what to do; empty in normal mode
    std::string keep;              ///< folder of this run's journal and of what outlets write
    std::string store;             ///< a store to play from; empty: there is none, and the slate is on
    bool factory = false;          ///< `store` is the image's: its media are hashed before they air
    std::optional<Starts> starts;  ///< of this start; none in no-state mode, which counts nothing
};

/// Looks at the state folder, counts the start, and decides. Nothing else of the board has begun yet.
/// `run_folder`: of this boot, outlives the process (systemd's RuntimeDirectory=); empty: a temporary one is
/// made where one is needed. Throws Error only where nothing at all can be written.
[[nodiscard]] Beginning begin(const Config& config, const std::string& run_folder);

/// The settings of what runs then: in the lesser modes without office and boards nearby, outlets writing into
/// `keep`; in safe mode the plainest outlet alone, a screen before a feed, with one output.
[[nodiscard]] Config settings_for(const Beginning& beginning, Config config);

/// Folders where earlier runs may have left a journal that belongs into the state folder's own.
[[nodiscard]] std::vector<std::string> left_behind(const Config& config, const std::string& run_folder);

}  // namespace riverlight::firmware
