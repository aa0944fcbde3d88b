#include "firmware/clock/timekeeper.hpp"

#include <spdlog/spdlog.h>

#include <cassert>
#include <utility>

#include "content/airing/time_fix.hpp"
#include "content/airing/time_gap.hpp"
#include "firmware/journal/time_fixes.hpp"

namespace riverlight::firmware {

namespace facts = content::journal_facts;

namespace {

/// The epoch, where a damaged journal cannot say it: the next call of save() writes it again.
Instant latest_sure_time(const Journal& journal) {
    try {
        return journal.fact(facts::latest_sure_time).value_or(Instant{});
    } catch (const Error& e) {
        spdlog::error("{}", e.what());
        return {};
    }
}

}  // namespace

Timekeeper::Timekeeper(Journal& journal, Setup setup)
    : journal_(journal),
      setup_(std::move(setup)),
      clock_(latest_sure_time(journal), setup_.system(), setup_.earliest),
      service_start_(journal, setup_.boot_id) {
    assert(!setup_.place.empty() && !setup_.boot_id.empty());
    advance();
}

void Timekeeper::advance() {
    // A hardware clock is slow to read, and of use only if the system clock is doubted.
    if (!read().fault.empty())
        if (const auto says = setup_.hardware_clock()) hear(TimeWitness::hardware_clock, *says);
    clock_.advance(setup_.system());
    record_jump();
}

/// One record for a gap, instead of one for each airing that was planned in it.
void Timekeeper::record_jump() {
    if (const auto jump = clock_.take_jump()) {
        known_since_ = jump->until;
        unwritten_ = {unwritten_ ? unwritten_->from : jump->from, jump->until};
    }
    if (known_since_ > read().now) known_since_ = {};  // the clock was wrong, and was set back
    if (!unwritten_ || unwritten_->from >= unwritten_->until) return;
    const auto clock = read();
    try {
        static_cast<void>(journal_.add(
            content::record_of(content::TimeGap{setup_.boot_id, unwritten_->from, unwritten_->until,
                                                clock.monotonic, clock.state, clock.error},
                               setup_.place)));
        spdlog::warn("the clock was set from {} to {}", to_rfc3339(unwritten_->from),
                     to_rfc3339(unwritten_->until));
        unwritten_.reset();
    } catch (const Error& e) {
        spdlog::error("{}", e.what());
    }
}

void Timekeeper::save() {
    try {
        const auto sure = clock_.mark_sure(setup_.system());
        if (sure != Instant{}) journal_.set_fact(facts::latest_sure_time, sure);
    } catch (const Error& e) {
        spdlog::error("{}", e.what());
    }
}

void Timekeeper::save_if_synchronised() {
    if (read().state == content::ClockState::synchronised) save();
}

void Timekeeper::record_time_fix(bool on_air_needs_fix) {
    const auto clock = read();
    if (time_fixed_ || clock.state != content::ClockState::synchronised) return;
    try {
        const bool needed = on_air_needs_fix || lacks_time_fix(journal_, setup_.boot_id);
        if (needed && setup_.boot_id != "unknown")
            static_cast<void>(journal_.add(content::record_of(
                {setup_.place, setup_.boot_id, clock.now, clock.monotonic, clock.error}, setup_.place)));
        time_fixed_ = true;
    } catch (const Error& e) {
        spdlog::error("{}", e.what());
    }
}

void Timekeeper::update_present_since() {
    clock_.advance(setup_.system());
    record_jump();
    const auto clock = read();
    try {
        present_since_ =
            service_start_.at(clock.now, clock.state == content::ClockState::synchronised, clock.monotonic);
    } catch (const Error& e) {
        spdlog::error("{}", e.what());
    }
}

}  // namespace riverlight::firmware
