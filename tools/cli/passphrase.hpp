#pragma once
#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "content/base/crypto.hpp"

namespace riverlight::cli {

/// Where a passphrase comes from: a file's first line, a descriptor, or the terminal. Never the command line,
/// where others see it, nor the environment.
struct PassphraseOptions {
    std::string file;
    int fd = -1;
};
/// Adds --passphrase-file and --passphrase-fd.
void add_passphrase(CLI::App& command, PassphraseOptions& options);

/// For opening keys: what file or descriptor say serves every key; a terminal is asked for each.
[[nodiscard]] AskPassphrase asking(const PassphraseOptions& options);
/// For making keys: at a terminal asked for twice. Throws Error for one of under 8 bytes, or where there is
/// neither file, descriptor nor terminal.
[[nodiscard]] std::string new_passphrase(const PassphraseOptions& options);

}  // namespace riverlight::cli
