#include "content/sync/standing.hpp"

#include <algorithm>

namespace riverlight::content {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::minutes first_pause = 1min, longest_pause = 1h, pause_of_unsound = 6h;
constexpr std::size_t most_known = 1000;  // other boards come and go

}  // namespace

std::vector<std::string> Standing::order(const std::vector<std::string>& urls, bool all) const {
    const std::lock_guard lock(mutex_);
    const auto now = clock_();
    std::vector<std::string> good, rest;
    for (const auto& url : urls) {
        const auto found = known_.find(url);
        (found == known_.end() || found->second.until <= now ? good : rest).push_back(url);
    }
    if (!all) return good;
    std::stable_sort(rest.begin(), rest.end(),
                     [&](const auto& a, const auto& b) { return known_.at(a).until < known_.at(b).until; });
    good.insert(good.end(), rest.begin(), rest.end());
    return good;
}

void Standing::worked(const std::string& url) {
    const std::lock_guard lock(mutex_);
    known_.erase(url);
}

void Standing::failed(const std::string& url, const std::string& why) {
    note(url, why, false);
}

void Standing::unsound(const std::string& url, const std::string& why) {
    note(url, why, true);
}

void Standing::note(const std::string& url, const std::string& why, bool unsound) {
    const std::lock_guard lock(mutex_);
    const auto now = clock_();
    if (known_.size() >= most_known)
        std::erase_if(known_, [&](const auto& one) { return one.second.until <= now; });
    auto& state = known_[url];
    state.why = why;
    state.unsound = unsound;
    const auto doubled = std::min(first_pause * (1 << std::min(state.failures++, 10)), longest_pause);
    state.until = now + (unsound ? pause_of_unsound : doubled);
}

std::vector<Standing::Aside> Standing::aside() const {
    const std::lock_guard lock(mutex_);
    const auto now = clock_();
    std::vector<Aside> out;
    for (const auto& [url, state] : known_)
        if (state.until > now)
            out.push_back(
                {url, state.why, state.unsound, std::chrono::ceil<std::chrono::minutes>(state.until - now)});
    return out;
}

}  // namespace riverlight::content
