#include "content/sync/mirror_health.hpp"

#include <algorithm>

namespace riverlight::content {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::minutes first_suspension = 1min, longest_suspension = 1h, bad_content_suspension = 6h;
constexpr std::size_t max_known = 1000;  // other boards come and go

std::chrono::minutes suspension(SourceFault fault, int earlier_failures) {
    switch (fault) {
        case SourceFault::unreachable:
            return std::min(first_suspension * (1 << std::min(earlier_failures, 10)), longest_suspension);
        case SourceFault::bad_content:
            return bad_content_suspension;
    }
    __builtin_unreachable();
}

}  // namespace

std::vector<std::string> MirrorHealth::usable(const std::vector<std::string>& urls) const {
    const std::lock_guard lock(mutex_);
    const auto now = clock_();
    std::vector<std::string> out;
    std::copy_if(urls.begin(), urls.end(), std::back_inserter(out), [&](const auto& url) {
        const auto found = known_.find(url);
        return found == known_.end() || found->second.until <= now;
    });
    return out;
}

std::vector<std::string> MirrorHealth::usable_first(const std::vector<std::string>& urls) const {
    const std::lock_guard lock(mutex_);
    const auto now = clock_();
    const auto until = [&](const std::string& url) {
        const auto found = known_.find(url);
        return found == known_.end() ? now : std::max(found->second.until, now);
    };
    auto out = urls;
    std::stable_sort(out.begin(), out.end(),
                     [&](const auto& a, const auto& b) { return until(a) < until(b); });
    return out;
}

void MirrorHealth::report_success(const std::string& url) {
    const std::lock_guard lock(mutex_);
    known_.erase(url);
}

void MirrorHealth::report_fault(const std::string& url, SourceFault fault, const std::string& why) {
    const std::lock_guard lock(mutex_);
    const auto now = clock_();
    if (known_.size() >= max_known)
        std::erase_if(known_, [&](const auto& one) { return one.second.until <= now; });
    auto& state = known_[url];
    state.why = why;
    state.fault = fault;
    state.until = now + suspension(fault, state.failures);
    ++state.failures;
}

std::vector<MirrorHealth::Suspended> MirrorHealth::suspended() const {
    const std::lock_guard lock(mutex_);
    const auto now = clock_();
    std::vector<Suspended> out;
    for (const auto& [url, state] : known_)
        if (state.until > now)
            out.push_back(
                {url, state.why, state.fault, std::chrono::ceil<std::chrono::minutes>(state.until - now)});
    return out;
}

}  // namespace riverlight::content
