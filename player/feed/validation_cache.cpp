#include "player/feed/validation_cache.hpp"

#include <sys/stat.h>

#include <cassert>

namespace riverlight::player {
namespace {

constexpr std::size_t max_known = 512;

std::chrono::nanoseconds since_epoch(const timespec& t) {
    return std::chrono::seconds{t.tv_sec} + std::chrono::nanoseconds{t.tv_nsec};
}

}  // namespace

std::optional<ValidationCache::Identity> ValidationCache::identity_of(const std::string& path,
                                                                      const Profile& profile) {
    struct stat s {};
    if (::stat(path.c_str(), &s) != 0) return {};
    return Identity{s.st_dev,    s.st_ino, s.st_size, since_epoch(s.st_mtim), since_epoch(s.st_ctim),
                    profile.name};
}

RenditionFacts ValidationCache::facts_of(const std::string& path, const Profile& profile,
                                         const std::function<RenditionFacts()>& validate) {
    const auto identity = identity_of(path, profile);
    if (identity) {
        const std::lock_guard lock(mutex_);
        const auto found = known_.find(*identity);
        if (found != known_.end()) return found->second;
    }
    auto facts = validate();
    // The result is void if the file was written to meanwhile.
    if (identity && identity_of(path, profile) == identity) {
        const std::lock_guard lock(mutex_);
        if (known_.size() >= max_known) known_.clear();
        known_.emplace(*identity, facts);
        assert(known_.size() <= max_known);
    }
    return facts;
}

}  // namespace riverlight::player
