#include "player/feed/proven.hpp"

#include <sys/stat.h>

namespace riverlight::player {
namespace {

constexpr std::size_t most_known = 512;

std::int64_t nanoseconds_of(const timespec& t) {
    return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
}

}  // namespace

std::optional<Proven::Identity> Proven::identity_of(const std::string& path, const Profile& profile) {
    struct stat s {};
    if (::stat(path.c_str(), &s) != 0) return {};
    return Identity{s.st_dev,    s.st_ino, s.st_size, nanoseconds_of(s.st_mtim), nanoseconds_of(s.st_ctim),
                    profile.name};
}

RenditionFacts Proven::facts_of(const std::string& path, const Profile& profile,
                                const std::function<RenditionFacts()>& check) {
    const auto identity = identity_of(path, profile);
    if (identity) {
        const std::lock_guard lock(mutex_);
        const auto found = known_.find(*identity);
        if (found != known_.end()) return found->second;
    }
    auto facts = check();
    // A file written to while it was read was not proven.
    if (identity && identity_of(path, profile) == identity) {
        const std::lock_guard lock(mutex_);
        if (known_.size() >= most_known) known_.clear();
        known_.emplace(*identity, facts);
    }
    return facts;
}

}  // namespace riverlight::player
