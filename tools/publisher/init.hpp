#pragma once
#include <string>
#include <vector>

#include "content/base/instant.hpp"

namespace riverlight::publisher {

struct InitOptions {
    std::string keys;                    ///< folder for the key files
    std::vector<std::string> countries;  ///< lower-case ISO codes; also makes a key for each
    std::vector<std::string> holders;    ///< of root and targets, one key each; empty: one unnamed key each
    int threshold = 1;                   ///< how many holders must sign root and targets
    std::string passphrase;              ///< empty: the key files are not protected
};
/// Creates a channel: writes the keys as `<keys>/<role>.key` (`<role>.<holder>.key`) and the first root as
/// `<tree>/metadata/1.root.json`. Throws Error, and writes nothing, if a file exists already.
void init_channel(const InitOptions& options, const std::string& tree, Instant now);

}  // namespace riverlight::publisher
