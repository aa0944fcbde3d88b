#pragma once
#include <functional>
#include <string>
#include <vector>

#include "content/base/instant.hpp"
#include "tools/publisher/keyring.hpp"
#include "tools/publisher/release.hpp"

/// Makes and signs a channel: a TUF 1.0 tree of plain files that any web server can hand out.
namespace riverlight::publisher {

struct InitOptions {
    std::string keys;                    ///< folder for the key files
    std::vector<std::string> countries;  ///< lower-case ISO codes whose role's key is made here, too
    std::vector<std::string>
        holders;             ///< of root and targets, a key each; empty: one key each, nobody's name
    int threshold = 1;       ///< how many holders must sign root and targets
    std::string passphrase;  ///< empty: the key files are not protected
};
/// Makes the keys as `<keys>/<role>.key` (`<role>.<holder>.key`) and signs the first root into
/// `<tree>/metadata/1.root.json`. Throws Error, leaving nothing, if either place is taken.
void init_channel(const InitOptions& options, const std::string& tree, Instant now);

/// Who is told of each step, a line at a time.
using Tell = std::function<void(const std::string&)>;

struct PublishReport {
    bool changed = false;  ///< new facts or media, not only a new timestamp
    std::int64_t snapshot = 0;
    std::size_t segments = 0, media = 0, places = 0;
    std::uint64_t bytes_added = 0;
    std::vector<std::string> warnings;
    std::vector<std::string> missing;  ///< signatures that a draft waits for; then nothing was published
};

/// Brings a tree to what `source` says. Readers meet the former release or the new one, never a mixture (see
/// put_release); a run that was cut off is taken up by the next. A role that nobody in `keys` may sign for
/// keeps what it signed before; if the source would change it, the draft goes to the file `draft` for its
/// holders to sign, or without one Error says whose signature is missing. Throws Error for any fault in the
/// source: then the tree stands as it was.
[[nodiscard]] PublishReport publish(const std::string& source, KeyRing& keys, const Tree& tree, Instant now,
                                    const Tell& tell, const std::string& draft = {});

/// Publishes a draft that its holders have signed; several files are copies of one draft. Throws Error where
/// signatures or files are missing.
[[nodiscard]] PublishReport finish(const std::vector<std::string>& drafts, KeyRing& keys, const Tree& tree,
                                   const Terms& terms, Instant now);

}  // namespace riverlight::publisher
