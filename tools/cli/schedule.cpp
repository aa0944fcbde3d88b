#include "tools/cli/commands.hpp"

namespace riverlight::cli {

void add_schedule(CLI::App& app) {
    static_cast<void>(app);
}

}  // namespace riverlight::cli
