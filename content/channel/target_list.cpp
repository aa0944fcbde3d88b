#include "content/channel/target_list.hpp"

#include <algorithm>
#include <cassert>
#include <limits>

#include "content/base/crypto.hpp"
#include "content/base/error.hpp"

namespace riverlight::content {
namespace {

constexpr std::size_t sha256_bytes = 32, sha512_bytes = 64;

}  // namespace

void TargetList::add(std::string_view path, const FileFacts& facts) {
    if (path.size() > std::numeric_limits<std::uint16_t>::max())
        throw ReadError(ReadFault::too_large, std::string(path.substr(0, 200)) + "…",
                        "this path of a target is too long");
    assert(!closed_);
    items_.push_back({facts.length ? static_cast<std::int64_t>(*facts.length) : -1, text_.size(),
                      static_cast<std::uint16_t>(path.size()), !facts.sha256.empty(), !facts.sha512.empty(),
                      facts.hashed});
    text_ += path;
    text_ += from_hex(facts.sha256);
    text_ += from_hex(facts.sha512);
}

void TargetList::close() {
    assert(!closed_);
    const auto before = [&](const Item& a, const Item& b) { return path_of(a) < path_of(b); };
    std::sort(items_.begin(), items_.end(), before);
    const auto twice = std::adjacent_find(items_.begin(), items_.end(),
                                          [&](const Item& a, const Item& b) { return !before(a, b); });
    if (twice != items_.end())
        throw ReadError(ReadFault::duplicate, {},
                        "target '" + std::string(path_of(*twice).substr(0, 200)) + "' is listed twice");
    items_.shrink_to_fit();
    text_.shrink_to_fit();
    closed_ = true;
}

const TargetList::Item* TargetList::at(std::string_view path) const {
    const auto found =
        std::lower_bound(items_.begin(), items_.end(), path,
                         [&](const Item& item, std::string_view wanted) { return path_of(item) < wanted; });
    return found != items_.end() && path_of(*found) == path ? &*found : nullptr;
}

std::optional<FileFacts> TargetList::find(std::string_view path) const {
    const auto* item = at(path);
    return item ? std::optional(facts_of(*item)) : std::nullopt;
}

FileFacts TargetList::facts_of(const Item& item) const {
    const std::string_view hashes = std::string_view(text_).substr(item.text + item.path);
    FileFacts facts;
    if (item.length >= 0) facts.length = static_cast<std::uint64_t>(item.length);
    facts.hashed = item.hashed;
    if (item.sha256) facts.sha256 = to_hex(hashes.substr(0, sha256_bytes));
    if (item.sha512) facts.sha512 = to_hex(hashes.substr(item.sha256 ? sha256_bytes : 0, sha512_bytes));
    return facts;
}

}  // namespace riverlight::content
