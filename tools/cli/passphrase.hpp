#pragma once
#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "content/base/crypto.hpp"

namespace riverlight::cli {

/// Where a passphrase comes from: a file's first line, a descriptor, or the terminal. Never the command line
/// or the environment, where other users could read it.
struct PassphraseOptions {
    std::string file;
    int fd = -1;
};
/// Adds --passphrase-file and --passphrase-fd.
void add_passphrase(CLI::App& command, PassphraseOptions& options);

/// For opening keys: the passphrase from a file or descriptor serves every key; at a terminal the user is
/// asked for each key.
[[nodiscard]] AskPassphrase passphrase_source(const PassphraseOptions& options);
/// For making keys: at a terminal the user types it twice. Throws Error if it has fewer than 8 bytes, or if
/// there is neither file, descriptor nor terminal.
[[nodiscard]] std::string new_passphrase(const PassphraseOptions& options);

}  // namespace riverlight::cli
