#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "content/audit/tree_head.hpp"
#include "tools/publisher/tree.hpp"

/// Publishes what the office signs of its list of records (content/audit) beside the channel's metadata,
/// where boards and donors read it without asking the office.
namespace riverlight::publisher {

/// How the office is asked: over HTTP, or by a test. Each throws Error where no answer comes.
struct AskOffice {
    std::function<std::string()> daily_head;  ///< the body of GET /v1/daily-head
    /// The body of GET /v1/tree-growth/{from}-{to}.
    std::function<std::string(std::uint64_t from, std::uint64_t to)> growth;
};

enum class HeadStep : std::uint8_t {
    first,  ///< none was published before
    same,   ///< the list did not grow since
    grown   ///< it goes on from the list that was published before
};
struct PublishedHead {
    HeadStep step{};
    content::TreeHead head;
};

/// Asks the office for its head of the day, and publishes it. `office_key`: hex; needed for the first head
/// alone, later ones must be of the same office.
///
/// A head that is smaller than the published one, or of a list that does not go on from it, is never
/// published. Both heads and the office's proof are then kept in the tree's folder `evidence`, which is not
/// uploaded, and PublishError `office_conflict` names the file. Throws PublishError `another_office`, and
/// Error where the office does not answer.
PublishedHead publish_office_head(const Tree& tree, const AskOffice& ask,
                                  const std::optional<std::string>& office_key, Instant now);

/// The head that the tree publishes, by its own office; nothing if there is none. Throws Error for a file
/// that is no head.
[[nodiscard]] std::optional<content::TreeHead> published_head(const Tree& tree);

}  // namespace riverlight::publisher
