#pragma once
#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <string>

#include "tools/cli/passphrase.hpp"
#include "tools/publisher/publish.hpp"
#include "tools/publisher/source.hpp"

/// Options and output that the `channel` commands share.
namespace riverlight::cli {

inline Instant now() {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

/// Options that most `channel` commands take: where keys, tree, source and draft are.
struct ChannelOptions {
    std::string keys, tree, source, draft;
    PassphraseOptions passphrase;

    [[nodiscard]] publisher::KeyRing ring() const {
        return publisher::KeyRing(keys, passphrase_source(passphrase));
    }
    [[nodiscard]] publisher::Terms terms() const {
        return source.empty() ? publisher::default_terms() : publisher::read_channel_settings(source).expiry;
    }
};

inline void add_keys(CLI::App& command, ChannelOptions& o) {
    command.add_option("--keys", o.keys, "folder of the keys that are at hand")->required();
    add_passphrase(command, o.passphrase);
}
inline void add_tree(CLI::App& command, ChannelOptions& o) {
    command.add_option("--out", o.tree, "folder of the channel's tree")->required();
}
inline void add_draft(CLI::App& command, ChannelOptions& o) {
    command.add_option("--draft", o.draft,
                       "where signatures are missing, write this file for their holders to sign");
}
inline void add_terms(CLI::App& command, ChannelOptions& o) {
    command.add_option("--source", o.source,
                       "folder whose channel.toml says how long signatures hold (default: as "
                       "in a channel.toml that says nothing)");
}

inline void print_missing(const publisher::PublishReport& report, const std::string& draft) {
    for (const auto& lacks : report.missing) std::cout << "  " << lacks.sentence() << '\n';
    std::cout << "not published yet: carry " << draft << " to the holders (riverlight channel sign " << draft
              << " --keys …), then: riverlight channel finish " << draft << " --keys … --out …\n";
}

}  // namespace riverlight::cli
