// How a day's promises are kept: packed, and one day after the other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "content/base/error.hpp"
#include "scheduler/plan/play_ids.hpp"
#include "tools/office/figures/packed_plan.hpp"

namespace riverlight::office {
namespace {

using namespace std::chrono_literals;
using scheduler::BookingKind;

constexpr auto place = "kh-pp-01";
const auto day = *date_from_iso("2026-11-24");
const Instant midnight = *from_rfc3339("2026-11-23T17:00:00Z");

bool equal(const KeptPlan& a, const KeptPlan& b) {
    return a.release == b.release && a.promises == b.promises && a.air_time == b.air_time &&
           a.knows_kinds == b.knows_kinds;
}

/// A day of a rotation every half minute, in two languages, as a board that is always open has it.
KeptPlan long_day() {
    KeptPlan plan{"12-abcdef", {}, {"filler"}};
    const scheduler::PlayIds ids(place, day, "often");
    for (int n = 0; n < 2880; ++n) {
        const auto start = midnight + n * 30s;
        plan.promises.push_back({ids.of_number(n), start, start + 15s + (n % 4) * 1s, "always",
                                 "segment-" + std::to_string(n % 4), n % 10 < 6 ? "km" : "en", "often",
                                 BookingKind::rotation});
    }
    return plan;
}

TEST(PackedPlan, ADayOfThousandsOfPlaysTakesLessThanFiveKilobytes) {
    const auto plan = long_day();
    const auto packed = pack_plan(plan, place, day);
    EXPECT_LT(packed.size(), 5000U) << "of " << plan.promises.size() << " plays; JSON takes "
                                    << write_kept_plan(plan).size();
    EXPECT_TRUE(equal(unpack_plan(packed, place, day), plan));
}

TEST(PackedPlan, WhatCannotBeReadIsRefused) {
    const auto packed = pack_plan(long_day(), place, day);
    for (const auto& bad : {std::string(), std::string("{}"), packed.substr(0, packed.size() / 2),
                            packed + "x", std::string("\x04") + packed.substr(1)})
        EXPECT_THROW(static_cast<void>(unpack_plan(bad, place, day)), Error);
}

TEST(PackedPlanProperty, EveryPlanReadsBackUnchanged) {
    EXPECT_TRUE(rc::check("packed and unpacked", [] {
        const auto text = [] {
            return *rc::gen::element<std::string>("", "a", "often", "law", "km", "zh-Hans");
        };
        KeptPlan plan;
        plan.knows_kinds = *rc::gen::arbitrary<bool>();
        plan.release = text();
        for (int n = *rc::gen::inRange(0, 3); n > 0; --n) plan.air_time.insert(text());
        const auto unit = *rc::gen::element(1, 1000, 1'000'000);
        for (int n = *rc::gen::inRange(0, 30); n > 0; --n) {
            Promise p;
            p.booking = text();
            p.id = *rc::gen::inRange(0, 4) == 0
                       ? *rc::gen::arbitrary<std::string>()
                       : scheduler::PlayIds(place, day, p.booking).of_number(*rc::gen::inRange(0, 100));
            p.start = midnight + *rc::gen::inRange(-100'000, 100'000'000) * std::chrono::microseconds{unit};
            p.end = p.start + *rc::gen::inRange(0, 1000) * std::chrono::microseconds{unit};
            p.campaign = text();
            p.segment = text();
            p.locale = text();
            p.kind = *rc::gen::element(BookingKind::fixed, BookingKind::rotation, BookingKind::block);
            if (*rc::gen::arbitrary<bool>()) p.made = midnight + *rc::gen::inRange(0, 1000) * 1us;
            if (*rc::gen::arbitrary<bool>())
                p.waived = Waiver{midnight + *rc::gen::inRange(0, 1000) * 1s,
                                  *rc::gen::element(WaiveCause::planned_again, WaiveCause::board_retired,
                                                    WaiveCause::place_removed)};
            plan.promises.push_back(std::move(p));
        }
        RC_ASSERT(equal(unpack_plan(pack_plan(plan, place, day), place, day), plan));
    }));
}

}  // namespace
}  // namespace riverlight::office
