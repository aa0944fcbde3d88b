#pragma once
#include <CLI/CLI.hpp>

namespace riverlight::cli {

/// channel image add | stage | hold | resume | remove | list
void add_channel_image(CLI::App& channel);

}  // namespace riverlight::cli
