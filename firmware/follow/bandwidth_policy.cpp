#include "firmware/follow/bandwidth_policy.hpp"

#include <algorithm>
#include <cassert>

#include "content/store/space.hpp"
#include "scheduler/calendar/calendar.hpp"

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;

constexpr unsigned every_day = 0x7f;
constexpr auto wait_for_clock = 24h;

/// The windows of yesterday's night, today and the two days after.
std::vector<scheduler::Span> spans_around(const std::vector<DayWindow>& windows, Instant at,
                                          const std::string& zone) {
    std::vector<scheduler::Span> out;
    const auto today = scheduler::local_day_of(at, zone).day;
    for (int n = 0; n < 3; ++n)
        for (const auto& window : windows) {
            const auto spans = scheduler::window_on(today + std::chrono::days{n}, every_day, window.from,
                                                    window.until, zone);
            out.insert(out.end(), spans.begin(), spans.end());
        }
    return scheduler::merged(std::move(out));
}

bool inside(const std::vector<DayWindow>& windows, Instant at, const std::string& zone) {
    const auto spans = spans_around(windows, at, zone);
    return std::any_of(spans.begin(), spans.end(),
                       [&](const auto& span) { return span.from <= at && at < span.until; });
}

std::optional<Instant> next_opening(const std::vector<DayWindow>& windows, Instant at,
                                    const std::string& zone) {
    for (const auto& span : spans_around(windows, at, zone))
        if (span.from > at) return span.from;
    return {};
}

Instant next_month(Instant at, const std::string& zone) {
    const std::chrono::year_month_day day(scheduler::local_day_of(at, zone).day);
    const auto first = (day.year() / day.month() + std::chrono::months(1)) / std::chrono::day(1);
    return scheduler::bounds_of(std::chrono::local_days(first), zone).from;
}

std::uint64_t rate_at(const SyncConfig& rules, Instant at, const std::string& zone) {
    for (const auto& rule : rules.rates)
        if (!rule.window || inside({*rule.window}, at, zone)) return rule.bytes_per_second;
    return 0;
}

std::uint64_t lowest_rate(const SyncConfig& rules) {
    const auto lowest = std::min_element(
        rules.rates.begin(), rules.rates.end(),
        [](const auto& a, const auto& b) { return a.bytes_per_second < b.bytes_per_second; });
    return lowest == rules.rates.end() ? 0 : lowest->bytes_per_second;
}

std::string zone_or_utc(const std::string& zone) {
    return zone.empty() ? "UTC" : zone;
}

/// `01:00`, with the date if it is more than a day away.
std::string opening_text(Instant at, Instant now, const std::string& zone) {
    const auto text = scheduler::local_text(at, zone_or_utc(zone));
    return at - now < 24h ? text.substr(11, 5) : text.substr(0, 16);
}

}  // namespace

std::uint64_t budget_for_media(std::uint64_t budget) {
    return budget - budget / 10;
}

BandwidthDecision decide_bandwidth(const SyncConfig& rules, const ClockReading& clock,
                                   const std::string& place_zone, std::uint64_t used) {
    const auto zone = zone_or_utc(place_zone);
    const bool clock_set = clock.state != content::ClockState::floor;
    BandwidthDecision out;
    const auto close = [&](ClosedReason reason, std::optional<Instant> opens) {
        out.limit.open = false;
        out.closed = reason;
        out.opens = opens;
        return out;
    };
    if (rules.budget > 0 && used >= budget_for_media(rules.budget))
        return close(ClosedReason::budget_spent,
                     clock_set ? std::optional(next_month(clock.now, zone)) : std::nullopt);
    if (!clock_set) {
        out.limit.bytes_per_second = lowest_rate(rules);
        if (!rules.windows.empty() && clock.monotonic.time_since_epoch() < wait_for_clock)
            return close(ClosedReason::clock_not_set, {});
        return out;
    }
    out.limit.bytes_per_second = rate_at(rules, clock.now, zone);
    if (rules.windows.empty() || inside(rules.windows, clock.now, zone)) return out;
    return close(ClosedReason::window, next_opening(rules.windows, clock.now, zone));
}

std::string describe_deferred(const BandwidthDecision& decision, const content::DeferredMedia& deferred,
                              Instant now, const std::string& zone) {
    if (deferred.files == 0) return {};
    const auto files = std::to_string(deferred.files) + (deferred.files == 1 ? " file (" : " files (") +
                       content::format_size(deferred.bytes) + ").";
    if (!decision.closed) return "Fetches " + files;
    switch (*decision.closed) {
        case ClosedReason::budget_spent:
            return "This month's budget is used up: waits for " +
                   (decision.opens ? scheduler::local_text(*decision.opens, zone_or_utc(zone)).substr(0, 10)
                                   : "the clock to be set") +
                   " to fetch " + files;
        case ClosedReason::clock_not_set:
            return "Waits for the clock to be set, at most a day, to fetch " + files;
        case ClosedReason::window:
            if (!decision.opens) return "Fetches " + files;
            return "Waits for " + opening_text(*decision.opens, now, zone) + " to fetch " + files;
    }
    return {};
}

BandwidthPolicy::BandwidthPolicy(SyncConfig rules, std::string budget_file,
                                 std::function<ClockReading()> clock)
    : rules_(std::move(rules)), budget_(std::move(budget_file)), clock_(std::move(clock)) {
    assert(clock_);
}

std::string BandwidthPolicy::zone() {
    const std::lock_guard lock(mutex_);
    return zone_;
}

void BandwidthPolicy::set_zone(const std::string& zone) {
    const std::lock_guard lock(mutex_);
    zone_ = zone;
}

BandwidthDecision BandwidthPolicy::decide() {
    const auto clock = clock_();
    const auto where = zone();
    return decide_bandwidth(rules_, clock, where, rules_.budget > 0 ? budget_.used(clock, where) : 0);
}

void BandwidthPolicy::count_received(std::uint64_t bytes) {
    if (rules_.budget > 0) budget_.count_received(bytes, clock_(), zone());
}

std::string BandwidthPolicy::describe(const content::DeferredMedia& deferred) {
    return describe_deferred(decide(), deferred, clock_().now, zone());
}

std::string BandwidthPolicy::describe_budget() {
    if (rules_.budget == 0) return {};
    return "Of this month's " + content::format_size(rules_.budget) + ", " +
           content::format_size(budget_.used(clock_(), zone())) + " are used.";
}

}  // namespace riverlight::firmware
