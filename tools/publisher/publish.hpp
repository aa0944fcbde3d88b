#pragma once
#include <functional>
#include <string>
#include <vector>

#include "content/base/instant.hpp"
#include "scheduler/campaign/schedule.hpp"
#include "tools/publisher/draft.hpp"
#include "tools/publisher/keyring.hpp"
#include "tools/publisher/release.hpp"

/// Publishes a channel: a TUF 1.0 tree of plain files that any web server can serve.
namespace riverlight::publisher {

/// Receives a line for each step.
using Tell = std::function<void(const std::string&)>;

struct PublishReport {
    bool changed = false;  ///< new facts or media, not only a new timestamp
    std::int64_t snapshot = 0;
    std::size_t segments = 0, media = 0, places = 0;
    std::uint64_t bytes_added = 0;
    std::vector<std::string> warnings;
    std::vector<MissingSignatures> missing;  ///< of the draft; if any, nothing was published
};

/// The schedules of a source have errors.
class FaultySchedules : public Error {
  public:
    explicit FaultySchedules(std::vector<scheduler::Finding> errors);
    std::vector<scheduler::Finding> findings;
};

/// Publishes `source` into the tree. Readers see the former release or the new one, never a mixture
/// (put_release). A run after an interrupted one completes it. A role that no key in `keys` may sign keeps
/// its metadata; if the source changes it, the draft goes to the file `draft` for its holders to sign, or, if
/// `draft` is empty, throws SignaturesMissing. Throws FaultySchedules or another Error for any fault in the
/// source, and leaves the tree unchanged.
[[nodiscard]] PublishReport publish(const std::string& source, KeyRing& keys, const Tree& tree, Instant now,
                                    const Tell& tell, const std::string& draft = {});

/// Publishes a draft that its holders have signed. Several files are copies of one draft, signed separately.
/// Throws PublishError for files of several drafts, Error if files are missing.
[[nodiscard]] PublishReport finish(const std::vector<std::string>& drafts, KeyRing& keys, const Tree& tree,
                                   const Terms& terms, Instant now);

}  // namespace riverlight::publisher
