#pragma once
#include <CLI/CLI.hpp>

namespace riverlight::office {

/// Adds the commands that keep an office's records: `migrate-to`, `backup`, `restore`, `prune`,
/// `check`.
void add_records_commands(CLI::App& app);

}  // namespace riverlight::office
