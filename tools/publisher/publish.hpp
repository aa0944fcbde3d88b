#pragma once
#include <functional>
#include <string>
#include <vector>

#include "content/base/instant.hpp"

/// Makes and signs a channel: a TUF 1.0 tree of plain files that any web server can hand out.
namespace riverlight::publisher {

/// Makes one key for each of root, targets, snapshot, timestamp and each country's role (lower-case ISO
/// codes) as `<keys>/<role>.key`, and signs the first root into `<tree>/metadata/1.root.json`. Throws Error,
/// leaving nothing, if either place is taken.
void init_channel(const std::string& keys, const std::vector<std::string>& countries, const std::string& tree,
                  Instant now);

struct PublishReport {
    bool changed = false;  ///< new facts or media, not only a new timestamp
    std::int64_t snapshot = 0;
    std::size_t segments = 0, media = 0, places = 0;
    std::uint64_t bytes_added = 0;
    std::vector<std::string> warnings;
};

/// Brings `tree` to what `source` says. Readers meet the former release or the new one, never a mixture:
/// files are named by hash or version, and timestamp.json moves last. A role whose key is not in `keys` keeps
/// what it signed before; if the source would change it, Error says whose signature is missing. Throws Error
/// for any fault in the source: then the tree stands as it was.
[[nodiscard]] PublishReport publish(const std::string& source, const std::string& keys,
                                    const std::string& tree, Instant now,
                                    const std::function<void(const std::string&)>& progress);

/// Verifies a tree as a board would, all countries and every byte of media, starting from `root`. Returns a
/// sentence of what it holds; throws Error for the first thing wrong.
[[nodiscard]] std::string verify_tree(const std::string& tree, const std::string& root, Instant now);

}  // namespace riverlight::publisher
