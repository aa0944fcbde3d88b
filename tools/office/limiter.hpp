#pragma once
#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <string>

#include "content/base/instant.hpp"

namespace riverlight::office {

/// Counts failures by key in a sliding window; too many, and the key has to wait. Holds at most 10,000 keys
/// and drops those without failures for the longest time first.
class Limiter {
  public:
    Limiter(std::size_t most, std::chrono::seconds window) : most_(most), window_(window) {}

    /// How long until `key` may try again; zero: now.
    [[nodiscard]] std::chrono::seconds wait(const std::string& key, Instant now) {
        const auto found = failures_.find(key);
        if (found == failures_.end()) return {};
        auto& times = found->second;
        // A clock that was set back must not lock anyone out: failures in the future are dropped too.
        std::erase_if(times, [&](Instant at) { return at + window_ <= now || at > now; });
        if (times.empty()) {
            failures_.erase(found);
            return {};
        }
        if (times.size() < most_) return {};
        return std::chrono::ceil<std::chrono::seconds>(times.front() + window_ - now);
    }
    void failed(const std::string& key, Instant now) {
        if (failures_.size() >= 10'000 && !failures_.contains(key)) {
            auto oldest = failures_.begin();
            for (auto it = failures_.begin(); it != failures_.end(); ++it)
                if (it->second.back() < oldest->second.back()) oldest = it;
            failures_.erase(oldest);
        }
        auto& times = failures_[key];
        times.push_back(now);
        if (times.size() > most_) times.pop_front();
    }
    void succeeded(const std::string& key) { failures_.erase(key); }

  private:
    std::size_t most_;
    std::chrono::seconds window_;
    std::map<std::string, std::deque<Instant>> failures_;
};

}  // namespace riverlight::office
