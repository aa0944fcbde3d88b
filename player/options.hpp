#pragma once
#include <optional>
#include <string>
#include <variant>

#include "player/confine/confine.hpp"
#include "player/outlet/outlet.hpp"

namespace riverlight::player {

// More than 12 members: one for each option.
/// The player's command line.
struct Options {
    OutletOptions outlet;
    std::string locale = "en";  ///< BCP 47, of the slate
    std::string slate_label, slate_number;
    std::string fade;                           ///< `black:MS`; empty: items are cut
    std::string cues;                           ///< file of cues; empty: they come over `cue_fd`
    std::optional<int> cue_fd;                  ///< socket for cues and events
    std::string snapshot;                       ///< JPEG that is replaced every second; empty: none
    bool fast = false;                          ///< not in real time
    bool until_drained = false;                 ///< exit when the cues have been played
    bool validate_only = false;                 ///< `--prove`: validate renditions, play nothing
    std::optional<ConfineOptions> confinement;  ///< absent: not confined
    std::string user;  ///< confined: whom root's player becomes; empty: it stays root
};

/// Reads the command line, or prints `--help`, `--version` or what is wrong with it and returns the
/// process's exit code. Throws Error if no source of cues is given. The only file that includes CLI11.
[[nodiscard]] std::variant<Options, int> parse_options(int argc, char** argv);

}  // namespace riverlight::player
