#pragma once
#include <optional>
#include <string>

#include "content/store/layout.hpp"

namespace riverlight::content {

/// A release that a board did not take although it is signed: the board cannot play it.
struct ReleaseRefusal {
    std::string release;
    std::string why;  ///< for people
    friend bool operator==(const ReleaseRefusal&, const ReleaseRefusal&) = default;
};

/// The last release that was refused for `place`, by this version of Riverlight; nothing if there is none, or
/// if `refused.json` is damaged: the release is looked at once more then.
[[nodiscard]] std::optional<ReleaseRefusal> read_refusal(const StoreLayout& layout, const std::string& place);
/// Notes a refusal, so that the same release is neither fetched nor checked again. Throws DiskFault.
void write_refusal(const StoreLayout& layout, const std::string& place, const ReleaseRefusal& refusal);
/// A release was taken: none is refused any more.
void remove_refusal(const StoreLayout& layout);

}  // namespace riverlight::content
