#include "firmware/staging/stager.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/post.hpp>
#include <cassert>
#include <optional>
#include <utility>

#include "content/base/priority.hpp"
#include "firmware/staging/playable.hpp"
#include "scheduler/calendar/calendar.hpp"

namespace riverlight::firmware {

ProgrammeStager::ProgrammeStager(boost::asio::io_context& loop, content::Store store, StagingSetup setup,
                                 Timekeeper& time, Journal& journal, OnStaged on_staged)
    : loop_(loop),
      store_(std::move(store)),
      setup_(std::move(setup)),
      time_(time),
      journal_(journal),
      on_staged_(std::move(on_staged)) {
    assert(on_staged_ && !setup_.place.empty());
}

ProgrammeStager::~ProgrammeStager() = default;

void ProgrammeStager::report_fault(const std::string& why) {
    auto fault = setup_.factory ? "The factory loop cannot be played: " + why + '.' : why;
    if (fault != fault_) spdlog::error("{}", fault);
    fault_ = std::move(fault);
}

void ProgrammeStager::load_current() {
    try {
        auto loaded = store_.load(setup_.release);
        if (loaded && stage(std::move(*loaded))) return;
    } catch (const Error& e) {
        report_fault(e.what());
    }
    if (setup_.release == content::KeptRelease::current) return_to_last_good();
}

void ProgrammeStager::return_to_last_good() {
    const content::StoreLayout layout{store_.root()};
    const auto current = content::find_release(layout, content::KeptRelease::current);
    const auto good = content::find_release(layout, content::KeptRelease::last_good);
    if (!good) return;
    if (programme_) {
        const auto& on_air = programme_->content->release;
        if (!current || on_air == current->release || on_air == good->release) return;
    }
    const auto fault = fault_;
    try {
        auto loaded = store_.load(content::KeptRelease::last_good);
        if (!loaded || !stage(std::move(*loaded))) return;
    } catch (const Error& e) {
        spdlog::error("the last good release cannot be played either: {}", e.what());
    }
    fault_ = fault.empty() ? "the store has lost its current release; the next visit restores it" : fault;
}

void ProgrammeStager::load_factory_loop() {
    assert(setup_.factory && !hashing_.valid());
    hashing_ = std::async(std::launch::async, [this, store = store_] {
        give_way_to_players();
        std::shared_ptr<content::ContentSet> loaded;  // shared: a posted handler is copied
        std::string fault = store.root() + " has no release; make it again";
        try {
            if (auto set = store.load_whole())
                loaded = std::make_shared<content::ContentSet>(std::move(*set));
        } catch (const std::exception& e) {
            fault = e.what();
        }
        boost::asio::post(loop_, [this, loaded, fault] {
            if (loaded)
                static_cast<void>(stage(std::move(*loaded)));
            else
                report_fault(fault);
        });
    });
}

bool ProgrammeStager::stage(content::ContentSet loaded) {
    time_.set_signed_until(loaded.signed_until);
    try {
        auto next = make_programme(std::move(loaded));
        if (programme_) acknowledge_withdrawals(*programme_, *next);
        programme_ = std::move(next);
        fault_.clear();
        on_staged_(programme_);
        spdlog::info("release {} is on", programme_->content->release);
        return true;
    } catch (const Error& e) {
        report_fault(e.what());
        return false;
    }
}

const content::Place& ProgrammeStager::find_place(const content::ContentSet& content) const {
    if (const auto* place = content.catalogue.place(setup_.place)) return *place;
    if (!setup_.factory)
        throw Error("the channel has no place '" + setup_.place +
                    "'; correct [place] id, or have the country's coordinator add it");
    if (const auto* place = content.catalogue.place(setup_.factory_place)) return *place;
    for (const auto& [code, country] : content.catalogue.countries)
        for (const auto& place : country.places)
            if (setup_.any_place && content.schedules.contains(place.schedule)) return place;
    throw Error("it has no place '" + setup_.place +
                "'; correct [place] id, or have the country's coordinator add it, or name one as [factory] "
                "place");
}

std::shared_ptr<const Programme> ProgrammeStager::make_programme(content::ContentSet loaded) const {
    const auto& place = find_place(loaded);
    auto programme = std::make_shared<Programme>();
    programme->schedule = read_place_schedule(loaded.schedules, place);
    programme->place = place;
    programme->content = std::make_shared<const content::ContentSet>(std::move(loaded));
    return programme;
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
