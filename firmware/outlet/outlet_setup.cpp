#include "firmware/outlet/outlet_setup.hpp"

namespace riverlight::firmware {

std::vector<std::string> player_command_line(const OutletSetup& setup, const std::vector<std::string>& slate,
                                             bool hardware_decoder, bool panel_on) {
    const auto& player = setup.player;
    std::vector<std::string> words{player.program, "--snapshot", player.snapshot()};
    words.insert(words.end(), player.options.begin(), player.options.end());
    if (setup.feed) words.insert(words.end(), {"--state", player.folder + "/feed"});
    words.insert(words.end(),
                 {"--confine", "--read", player.media, "--memory", std::to_string(player.memory_mb)});
    if (!player.user.empty()) words.insert(words.end(), {"--user", player.user});
    words.insert(words.end(), slate.begin(), slate.end());
    if (!setup.feed && !(player.hardware_decoder && hardware_decoder))
        words.emplace_back("--no-machine-decoder");
    // A player that ends at night is started without light.
    if (!panel_on) words.emplace_back("--panel-off");
    return words;
}

}  // namespace riverlight::firmware
