#include "firmware/clock/timekeeper.hpp"

#include <spdlog/spdlog.h>

#include <cassert>
#include <utility>

#include "content/airing/time_fix.hpp"
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
}

void Timekeeper::save() {
    try {
        journal_.set_fact(facts::latest_sure_time, clock_.mark_sure(setup_.system()));
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
    const auto clock = read();
    try {
        present_since_ =
            service_start_.at(clock.now, clock.state == content::ClockState::synchronised, clock.monotonic);
    } catch (const Error& e) {
        spdlog::error("{}", e.what());
    }
}

}  // namespace riverlight::firmware
