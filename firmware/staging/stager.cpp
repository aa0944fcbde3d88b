#include "firmware/staging/stager.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/post.hpp>
#include <cassert>
#include <utility>

#include "content/base/priority.hpp"
#include "scheduler/calendar/calendar.hpp"

namespace riverlight::firmware {

namespace asio = boost::asio;

ProgrammeStager::ProgrammeStager(boost::asio::io_context& loop, content::Store store, StagingSetup setup,
                                 Timekeeper& time, Journal& journal, OnStaged on_staged)
    : loop_(loop),
      store_(std::move(store)),
      setup_(std::move(setup)),
      time_(time),
      journal_(journal),
      on_staged_(std::move(on_staged)),
      reading_(std::make_shared<int>(0)) {
    assert(on_staged_ && !setup_.place.empty());
    asio::post(thread_, give_way_to_players);
}

ProgrammeStager::~ProgrammeStager() {
    thread_.stop();
    thread_.join();
}

void ProgrammeStager::report_fault(const std::string& fault) {
    if (fault != fault_) spdlog::error("{}", fault);
    fault_ = fault;
}

std::string ProgrammeStager::on_air() const {
    return programme_ ? programme_->content->release : std::string{};
}

void ProgrammeStager::load_current() {
    static_cast<void>(put_on_air(read_to_play(store_, setup_, on_air())));
}

void ProgrammeStager::read_current() {
    read_aside(
        [store = store_, setup = setup_, stays = on_air()] { return read_to_play(store, setup, stays); });
}

void ProgrammeStager::load_factory_loop() {
    assert(setup_.factory);
    read_aside([store = store_, setup = setup_] { return read_factory_loop(store, setup); });
}

void ProgrammeStager::read_aside(std::function<ReadRelease()> read) {
    ++*reading_;
    asio::post(thread_, [this, alive = std::weak_ptr(reading_), read = std::move(read)] {
        // What was read is handed over whole: nothing is shared with the loop.
        asio::post(loop_, [this, alive, done = read()]() mutable {
            const auto reading = alive.lock();
            if (!reading) return;
            --*reading;
            static_cast<void>(put_on_air(std::move(done)));
        });
    });
}

bool ProgrammeStager::stage(content::ContentSet loaded) {
    return put_on_air(make_programme(setup_, std::move(loaded)));
}

bool ProgrammeStager::put_on_air(ReadRelease read) {
    if (read.signed_until) time_.set_signed_until(*read.signed_until);
    if (!read.fault.empty()) report_fault(read.fault);
    if (!read.programme) return false;
    if (read.fault.empty()) fault_.clear();
    try {
        if (programme_) acknowledge_withdrawals(*programme_, *read.programme);
    } catch (const Error& e) {  // a withdrawal comes into force whether or not it can be recorded
        spdlog::error("{}", e.what());
    }
    programme_ = std::move(read.programme);
    on_staged_(programme_);
    spdlog::info("release {} is on", programme_->content->release);
    return true;
}

/// Records what the country no longer clears, on air or not, so that the office sees that the withdrawal
/// arrived.
void ProgrammeStager::acknowledge_withdrawals(const Programme& before, const Programme& after) {
    const auto* cleared_before = before.content->catalogue.country_of(before.place);
    const auto* cleared_after = after.content->catalogue.country_of(after.place);
    if (!cleared_before || !cleared_after) return;
    const auto clock = time_.read();
    const auto day = scheduler::local_day_of(clock.now, after.place.zone).day;
    for (const auto& withdrawn : content::withdrawn(*cleared_before, *cleared_after, day)) {
        content::AiringRecord record;
        record.kind = content::RecordKind::withdrawal;
        record.place = setup_.place;
        record.segment = withdrawn.segment;
        record.revision = withdrawn.revision;
        record.locale_asked = withdrawn.locale;
        record.planned_start = record.planned_end = clock.now;
        record.clock = clock.state;
        record.clock_error = clock.error;
        record.status = content::AiringStatus::skipped;
        record.reason = "withdrawn: " + after.place.country + " no longer clears it; received with release " +
                        after.content->release;
        record.outlet = setup_.outlet;
        spdlog::warn("{} in {}: {}", withdrawn.segment, withdrawn.locale, record.reason);
        static_cast<void>(journal_.add(std::move(record)));
    }
}

}  // namespace riverlight::firmware
