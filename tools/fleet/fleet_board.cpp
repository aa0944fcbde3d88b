#include "tools/fleet/fleet_board.hpp"

#include <algorithm>
#include <utility>

#include "scheduler/plan/broadcast_day.hpp"

namespace riverlight::fleet {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

/// Overnight, when the places of most scenarios are closed.
constexpr auto replaced_at_hour = 16h;
constexpr auto before_opening = 10min;

int draw(std::minstd_rand& chance, int below) {
    return std::uniform_int_distribution<int>(0, below - 1)(chance);
}

/// A seed that has nothing in common with those of the boards beside.
std::uint32_t seed_of(const std::string& what) {
    return static_cast<std::uint32_t>(std::stoul(sha256_hex(what).substr(0, 8), nullptr, 16));
}

}  // namespace

FleetBoard::FleetBoard(const Scenario& scenario, content::Place place, const Trouble* trouble,
                       const Releases& releases, LedgerSubjects& subjects)
    : scenario_(scenario),
      place_(std::move(place)),
      trouble_(trouble),
      releases_(releases),
      over_(scheduler::broadcast_day(0min, place_.zone, scenario.first_day + days{scenario.days - 1}).until),
      ledger_(subjects, place_.zone),
      chance_(seed_of(place_.id + std::to_string(scenario.seed))) {
    add_device(sha256_hex("key " + place_.id + std::to_string(scenario.seed)));
    plan_events();
}

FleetDevice& FleetBoard::add_device(const std::string& key_seed) {
    FleetDevice::Setup setup;
    setup.board = place_.id;
    setup.place = place_;
    setup.seed = seed_of(place_.id + std::to_string(chance_()));
    setup.visit_every = scenario_.visit_every;
    setup.key_seed = key_seed;
    if (trouble_) {
        if (const auto* lies = std::get_if<Lies>(trouble_)) setup.lies_percent = lies->of_records_percent;
        if (const auto* offline = std::get_if<OfflineWeek>(trouble_)) {
            setup.offline = scenario_.midnight(offline->from_day - 1);
            setup.online = scenario_.midnight(offline->until_day);
        }
    }
    devices_.push_back(std::make_unique<FleetDevice>(std::move(setup), releases_, ledger_));
    return *devices_.back();
}

std::optional<Instant> FleetBoard::replaced_at() const {
    const auto* replaced = trouble_ ? std::get_if<ReplacedBoard>(trouble_) : nullptr;
    if (!replaced) return {};
    return scenario_.midnight(replaced->day - 1) + replaced_at_hour;
}

void FleetBoard::start(Instant at) {
    devices_.front()->set_in_service_since(at);
    devices_.front()->start(at);
}

void FleetBoard::run_until(Instant until) {
    until = std::min(until, over_);
    while (!events_.empty() && events_.front().at <= until) {
        const auto event = std::move(events_.front());
        events_.erase(events_.begin());
        for (const auto& device : devices_) device->run_until(event.at);
        event.happen();
    }
    for (const auto& device : devices_) device->run_until(until);
}

FleetDevice& FleetBoard::replace_device(Instant at) {
    devices_.front()->cut_power(at);
    gone_.push_back(std::move(devices_.front()));
    devices_.clear();
    auto& device = add_device(sha256_hex("second key " + place_.id + std::to_string(scenario_.seed)));
    device.set_in_service_since(at);
    device.start(at);
    return device;
}

/// The opening time of a day, counted from 1; midnight of a place that never closes.
Instant FleetBoard::opening(int day) const {
    const auto from = scheduler::broadcast_day(0min, place_.zone, scenario_.first_day + days{day - 1}).from;
    return from + (place_.open.empty() ? 0min : place_.open.front().window.from);
}

std::chrono::minutes FleetBoard::open_for() const {
    if (place_.open.empty()) return 24h;
    const auto& window = place_.open.front().window;
    return window.until > window.from ? window.until - window.from : window.until - window.from + 24h;
}

void FleetBoard::plan_events() {
    if (!trouble_) return;
    if (const auto* cuts = std::get_if<PowerCuts>(trouble_)) plan_cuts(*cuts);
    if (const auto* wrong = std::get_if<WrongClock>(trouble_)) plan_wrong_clock(*wrong);
    if (const auto* clone = std::get_if<ClonedCard>(trouble_)) plan_clone(*clone);
    std::stable_sort(events_.begin(), events_.end(),
                     [](const auto& a, const auto& b) { return a.at < b.at; });
}

void FleetBoard::plan_restart(Instant off, Instant on, std::chrono::seconds behind, Instant fixed) {
    events_.push_back({off, [this, off] { devices_.front()->cut_power(off); }});
    events_.push_back({on, [this, on, behind, fixed] { devices_.front()->start(on, behind, fixed); }});
}

/// Each in a part of the open hours of its own, for 20 seconds to 20 minutes.
void FleetBoard::plan_cuts(const PowerCuts& cuts) {
    const auto part = open_for() / cuts.a_day;
    for (int day = 1; day <= scenario_.days; ++day)
        for (int n = 0; n < cuts.a_day; ++n) {
            const auto seconds = static_cast<int>(std::chrono::seconds{part}.count());
            const auto off = opening(day) + n * part + std::chrono::seconds{draw(chance_, seconds)};
            const auto most = std::chrono::seconds{std::min(20 * 60, std::max(seconds / 4, 21))};
            plan_restart(off,
                         off + 20s + std::chrono::seconds{draw(chance_, static_cast<int>(most.count()))});
        }
}

void FleetBoard::plan_wrong_clock(const WrongClock& wrong) {
    for (int day = 1; day <= scenario_.days; day += 2) {
        const auto on = opening(day) - before_opening;
        plan_restart(on - 10min, on, wrong.behind, on + wrong.for_minutes);
    }
}

/// A copy of the card in a second device: the same key; a journal of its own, as the daemon begins one when
/// the office tells it that its journal was continued elsewhere.
void FleetBoard::plan_clone(const ClonedCard& clone) {
    ledger_.expect_twins();
    const auto at = opening(clone.from_day) - before_opening;
    events_.push_back({at, [this, at] {
                           auto& device = add_device(devices_.front()->setup().key_seed);
                           device.office_key = devices_.front()->office_key;
                           device.set_in_service_since(at);
                           device.start(at);
                       }});
}

}  // namespace riverlight::fleet
