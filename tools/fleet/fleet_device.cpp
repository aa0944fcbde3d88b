#include "tools/fleet/fleet_device.hpp"

#include <cassert>
#include <utility>

#include "firmware/follow/visit_jitter.hpp"

namespace riverlight::fleet {
namespace {

/// A number of 32 bits; minstd_rand gives 31.
std::uint32_t draw(std::minstd_rand& chance) {
    return std::uniform_int_distribution<std::uint32_t>()(chance);
}

/// Digits that stay the same from one run of a scenario to the next.
std::string hex_of(const std::string& what) {
    return sha256_hex(what).substr(0, 16);
}

}  // namespace

void ChannelVisits::run_until(Instant until, const Releases& releases, Instant offline, Instant online) {
    for (; next_ <= until; next_ += firmware::spread_visit(every_, draw(chance_))) {
        if (next_ >= offline && next_ < online) continue;
        auto newest = seen_.value_or(0);
        while (newest + 1 < releases.size() && releases[newest + 1]->published <= next_) ++newest;
        seen_ = newest;
        while (first_visits_.size() <= newest) first_visits_.push_back(next_);
    }
}

FleetDevice::FleetDevice(Setup setup, const Releases& releases, PlaceLedger& ledger)
    : setup_(std::move(setup)),
      releases_(releases),
      ledger_(ledger),
      key_(SigningKey::from_seed_hex(setup_.key_seed)),
      visits_(setup_.visit_every, setup_.seed),
      chain_(setup_.board, hex_of("epoch " + setup_.board + std::to_string(setup_.seed))),
      board_({setup_.board, setup_.place.id, [this](Instant now) { return programme_at(now); },
              [this]() -> firmware::AiringLog& {
                  chain_.close_interrupted("the power went");
                  return chain_;
              },
              [this](const Deed& deed) { untold_.push_back(deed); }, setup_.seed, setup_.lies_percent}) {}

void FleetDevice::start(Instant at, std::chrono::seconds behind, Instant fixed) {
    if (board_.is_on()) return;
    after_ =
        std::exchange(run_, hex_of("run " + setup_.board + std::to_string(setup_.seed) + to_rfc3339(at)));
    visits_.start(at);
    board_.start(at, behind, fixed);
}

std::shared_ptr<const firmware::Programme> FleetDevice::programme_at(Instant now) {
    visits_.run_until(now, releases_, setup_.offline, setup_.online);
    // A board is set up with the release of its first day.
    const auto seen = visits_.seen().value_or(0);
    if (programme_of_ != seen) {
        programme_ = releases_.at(seen)->programme_of(setup_.place);
        programme_of_ = seen;
    }
    return programme_;
}

content::HealthReport FleetDevice::health(Instant now) const {
    content::HealthReport report;
    report.board = setup_.board;
    report.run = run_;
    report.after = after_;
    report.at = now;
    report.version = "fleet";
    report.mode = "normal";
    report.clock = content::ClockState::synchronised;
    report.clock_error = std::chrono::milliseconds{10};
    report.release = programme_ ? programme_->content->release : "";
    report.queue = static_cast<std::int64_t>(chain_.waiting());
    report.outlets.push_back({"screen", {}, false});
    return report;
}

void FleetDevice::told_all() {
    assert(chain_.waiting() == 0);
    for (const auto& deed : std::exchange(untold_, {})) ledger_.note(deed);
}

}  // namespace riverlight::fleet
