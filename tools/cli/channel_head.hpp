#pragma once
#include <CLI/CLI.hpp>
#include <string>

/// `channel head`, and the options by which `channel refresh` does the same.
namespace riverlight::cli {

struct HeadOptions {
    std::string office;  ///< its address; empty: it is not asked
    std::string key, ca_file;

    /// Publishes the office's head beside the channel's metadata, and says so on standard output. Throws
    /// PublishError and Error (tools/publisher/office_head.hpp).
    void publish(const std::string& tree) const;
};
/// Adds `--office`, `--office-key` and `--office-ca`. Returns the option `--office`.
CLI::Option* add_head_options(CLI::App& command, HeadOptions& options);

void add_channel_head(CLI::App& channel);

}  // namespace riverlight::cli
