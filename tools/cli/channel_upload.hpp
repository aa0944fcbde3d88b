#pragma once
#include <CLI/CLI.hpp>
#include <string>

#include "tools/upload/destination.hpp"

/// Options of the `channel` commands that copy the tree to where boards fetch it.
namespace riverlight::cli {

struct UploadOptions {
    std::string to;  ///< empty: nowhere
    upload::DestinationOptions destination;

    /// Copies the tree, with a line on standard error for each file. Throws UploadError.
    void send(const std::string& tree) const;
};

/// Adds `--to` and `--ssh-key`. Returns the option `--to`.
CLI::Option* add_upload_options(CLI::App& command, UploadOptions& options);

void add_upload(CLI::App& channel);

}  // namespace riverlight::cli
