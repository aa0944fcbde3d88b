// Sums, counts and pages of airings against what is stored, after whatever happened in whatever order.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "content/airing/failure_run.hpp"
#include "content/airing/time_gap.hpp"
#include "tests/support/office_folder.hpp"
#include "tests/support/volume.hpp"
#include "tools/office/comparer.hpp"
#include "tools/office/store.hpp"
#include "tools/office/views.hpp"

namespace riverlight::office {
namespace {

using namespace std::chrono_literals;
using content::AiringStatus;
using std::chrono::days;
using std::chrono::local_days;

const local_days first = *date_from_iso("2026-11-24");
const Instant midnight = *from_rfc3339("2026-11-23T17:00:00Z");  // where the day begins, at UTC+7

/// An office of two places in two countries, to which things happen that numbers choose. Each place has one
/// board; each day ten promises, an hour apart.
class Happenings {
  public:
    Happenings() {
        for (const auto* place : {"kh-1", "th-1"})
            for (int day = 0; day < 2; ++day) store_.plans.set(planned(place, day, "1-a", 0));
    }

    void happen(std::uint32_t what) {
        const auto pick = [&](std::uint32_t count) {
            const auto out = what % count;
            what /= count;
            return out;
        };
        const std::string place = pick(2) == 0 ? "kh-1" : "th-1";
        const auto kind = pick(10);
        if (kind < 6) return upload(place, pick(4), pick(2), pick(14), pick(8), pick(3));
        if (kind == 6) return fix(place, pick(3), pick(4));
        if (kind == 7) return release(place, static_cast<int>(pick(2)), pick(3), pick(24));
        if (kind == 8) return retire(place, static_cast<int>(pick(2)), pick(24));
        special(place, static_cast<int>(pick(2)), pick(12), pick(2) == 0, pick(3));
    }
    /// Of every place and day, sums are those of settlements, at any moment.
    void check_sums() {
        for (const auto now : {midnight - 1h, midnight + 5h, midnight + 26h, midnight + 90h})
            for (int n = -1; n < 4; ++n) {
                const auto day = first + days{n};
                std::map<std::string, std::map<Subject, Tally>> by_subject;
                for (const auto& sum : store_.sums.places(day, "", now)) {
                    const auto place = settle_place(store_, sum.place, day, now);
                    RC_ASSERT(place);
                    const auto counted = compare(place->settled);
                    RC_ASSERT(sum.tally == counted.tally);
                    RC_ASSERT(sum.reasons == counted.reasons);
                    for (const auto& [subject, tally] : counted.by_subject)
                        if (tally != Tally{}) by_subject[sum.country][subject] += tally;
                }
                RC_ASSERT(equal(store_.sums.countries(day, "", now), by_subject));
                RC_ASSERT(equal(store_.sums.countries(day, "KH", now)["KH"], by_subject["KH"]));
            }
    }
    /// Walking the pages in each order gives each row that matches once, in order; the counts say how many.
    void check_pages() {
        const auto all = store_.airings.list({}, std::nullopt, 10'000);
        for (const auto& filter : filters()) {
            std::vector<std::int64_t> wanted;
            for (const auto& row : all)
                if (fits(row, filter)) wanted.push_back(row.id);
            RC_ASSERT(store_.airings.count(filter, 10'000) == static_cast<std::int64_t>(wanted.size()));
            RC_ASSERT(walk(filter, AiringOrder::newest) == wanted);
            std::reverse(wanted.begin(), wanted.end());
            RC_ASSERT(walk(filter, AiringOrder::oldest) == wanted);
        }
    }

  private:
    static bool less(const Subject& a, const Subject& b) { return a < b; }
    static bool equal(const std::map<Subject, Tally>& a, const std::map<Subject, Tally>& b) {
        return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
            return !less(x.first, y.first) && !less(y.first, x.first) && x.second == y.second;
        });
    }
    static bool equal(const std::map<std::string, std::map<Subject, Tally>>& a,
                      const std::map<std::string, std::map<Subject, Tally>>& b) {
        const auto is_some = [](const auto& one) { return !one.second.empty(); };
        const auto count = [&](const auto& m) { return std::count_if(m.begin(), m.end(), is_some); };
        return count(a) == count(b) && std::all_of(a.begin(), a.end(), [&](const auto& one) {
                   const auto found = b.find(one.first);
                   return found != b.end() && equal(one.second, found->second);
               });
    }
    static PlaceFacts facts(const std::string& place) {
        return {place == "kh-1" ? "KH" : "TH", "Asia/Bangkok"};
    }
    static Instant hour_of(int day, unsigned hour) { return midnight + days{day} + hour * 1h; }
    static std::string id_of(const std::string& place, int day, unsigned n) {
        return place + "-" + std::to_string(day) + "-" + std::to_string(n);
    }
    /// Hours 2 to 11; `skipped` leaves promises out, as a release does.
    static StoredDay planned(const std::string& place, int day, const std::string& name, unsigned skipped) {
        StoredDay out;
        out.facts = {place,          first + days{day}, facts(place).country, place,
                     "Asia/Bangkok", hour_of(day, 0),   hour_of(day + 1, 0),  midnight + 3h};
        out.plan.release = name;
        out.plan.air_time = {"filler"};
        for (unsigned n = 0; n < 10; ++n)
            if (skipped == 0 || n % (skipped + 1) != 0)
                out.plan.promises.push_back({id_of(place, day, n), hour_of(day, n + 2),
                                             hour_of(day, n + 2) + 60s, n % 2 == 0 ? "always" : "new",
                                             n % 3 == 0 ? "law" : "work", "km", "often"});
        return out;
    }
    AiringRecord record(const std::string& place, unsigned boot) {
        AiringRecord r;
        r.board = r.place = place;
        r.epoch = "e1";
        r.seq = ++seq_[place];
        r.hash = place + std::to_string(r.seq);
        r.outlet = "screen";
        r.boot_id = "boot-" + std::to_string(boot);
        return r;
    }
    void add(const AiringRecord& r) { store_.airings.add({r}, facts(r.place), midnight + 40h); }

    void upload(const std::string& place, unsigned day, unsigned repeat, unsigned n, unsigned how,
                unsigned boot) {
        auto r = record(place, boot);
        const int of_day = static_cast<int>(day % 2);
        r.airing = n < 10 ? id_of(place, of_day, n) : "";
        r.booking = n < 12 ? "often" : "filler";
        r.campaign = n % 2 == 0 ? "always" : "new";
        r.segment = n % 3 == 0 ? "law" : "work";
        r.locale_aired = how == 5 ? "en" : "km";
        r.sha256 = std::string(64, 'a');
        r.status = how == 1 ? AiringStatus::truncated : how == 2 ? AiringStatus::failed : AiringStatus::aired;
        r.reason = how == 2 ? "file is broken" : "";
        r.frames = how == 3 ? 0 : 1500;  // in doubt
        const auto start = hour_of(of_day, n + 2);
        if (n < 10) r.planned_start = start, r.planned_end = start + 60s;
        const bool unset = how >= 6 || day >= 2;  // its clock was not set: where it belongs, a time fix says
        r.started = unset ? Instant{} + n * 1h : start + repeat * 20s;
        r.ended = *r.started + 60s;
        r.clock = unset ? content::ClockState::floor : content::ClockState::synchronised;
        r.monotonic_start = MonotonicTime{(n + 2) * 1h + of_day * 24h + (how == 4 ? 90s : 0s)};
        r.monotonic_end = *r.monotonic_start + 60s;
        add(r);
    }
    void fix(const std::string& place, unsigned boot, unsigned off) {
        const auto at = midnight + off * 6h;
        auto r = record_of(content::TimeFix{place, "boot-" + std::to_string(boot), at,
                                            MonotonicTime{off * 6h + off * 1min}, 10ms},
                           place);
        const auto numbered = record(place, boot);
        r.board = numbered.board;
        r.epoch = numbered.epoch;
        r.seq = numbered.seq;
        r.hash = numbered.hash;
        add(r);
    }
    void release(const std::string& place, int day, unsigned skipped, unsigned hour) {
        auto stored = store_.plans.find(place, first + days{day});
        RC_ASSERT(stored);
        stored->plan = planned_again(std::move(stored->plan), planned(place, day, "2-b", skipped).plan,
                                     hour_of(day, hour));
        stored->stands = true;
        store_.plans.set(*stored);
    }
    void retire(const std::string& place, int day, unsigned hour) {
        auto stored = store_.plans.find(place, first + days{day});
        RC_ASSERT(stored);
        stored->plan = waive_rest(std::move(stored->plan), hour_of(day, hour), WaiveCause::board_retired);
        stored->stands = false;
        store_.plans.set(*stored);
    }
    /// A time gap, or a run of failures.
    void special(const std::string& place, int day, unsigned hour, bool gap, unsigned hours) {
        const auto from = hour_of(day, hour), until = from + (hours + 1) * 5h;
        auto r = record(place, 0);
        const auto seq = r.seq;
        const auto hash = r.hash;
        if (gap) {
            content::TimeGap one;
            one.boot_id = "boot-0";
            one.from = from;
            one.until = until;
            r = record_of(one, place);
            r.board = place;
            r.epoch = "e1";
            r.seq = seq;
            r.hash = hash;
        } else {
            r.airing = id_of(place, day, 0);
            r.status = AiringStatus::failed;
            r.planned_start = from;
            content::write_failure_run({from, until, 5}, r);
        }
        add(r);
    }

    static std::vector<AiringFilter> filters() {
        std::vector<AiringFilter> out(18);
        out[1].country = "KH";
        out[2].segment = "law";
        out[3].status = "failed";
        out[4].in_doubt = true;
        out[5].board = "th-1";
        out[5].from = first;
        out[6].until = first;
        out[6].campaign = "new";
        out[7].locale = "en";
        out[7].country = "TH";
        out[8].place = "kh-1";
        out[8].until = first;
        out[9].overclaims = true;
        out[10].segment = "none";
        out[11].status = "aired";
        out[11].from = out[11].until = first + days{1};
        out[12].from = out[12].until = first;
        out[13].country = "TH";
        out[13].until = first;
        out[14].place = "th-1";
        out[14].in_doubt = true;
        out[15].board = "kh-1";
        out[15].overclaims = true;
        out[16].segment = "work";
        out[16].status = "failed";
        out[16].from = first + days{1};
        out[17].country = "KH";
        out[17].in_doubt = true;
        return out;
    }
    static bool fits(const AiringRow& row, const AiringFilter& f) {
        const auto is = [](const std::string& wanted, const std::string& value) {
            return wanted.empty() || wanted == value;
        };
        const auto& r = row.record;
        return is(f.country, row.country) && is(f.place, r.place) && is(f.board, r.board) &&
               is(f.segment, r.segment) && is(f.campaign, r.campaign) &&
               is(f.locale, r.locale_aired.empty() ? r.locale_asked : r.locale_aired) &&
               is(f.status, row.assessed.status ? std::string(to_text(*row.assessed.status)) : "-") &&
               (!f.from || row.day >= *f.from) && (!f.until || row.day <= *f.until) &&
               (!f.in_doubt || row.doubt) && (!f.overclaims || row.assessed.overclaims);
    }
    std::vector<std::int64_t> walk(const AiringFilter& filter, AiringOrder order) {
        std::vector<std::int64_t> out;
        std::optional<Cursor> after;
        do {
            const auto page = airings_from(store_, filter, after, 3, order);
            for (const auto& row : page.rows) out.push_back(row.id);
            after = page.next;
        } while (after && out.size() < 10'000);
        return out;
    }

    test::OfficeFolder folder_;
    OfficeStore store_{folder_.path()};
    std::map<std::string, std::int64_t> seq_;
};

/// A server's databases cost more than files: one case in twenty.
const bool number_is_set =
    ::setenv("RC_PARAMS",
             ("max_success=" + std::to_string(100 / test::case_stride / (test::is_on_postgresql() ? 20 : 1)))
                 .c_str(),
             0) == 0;

using What = std::vector<std::uint32_t>;
rc::Gen<What> some(std::size_t most) {
    return rc::gen::resize(static_cast<int>(most),
                           rc::gen::container<What>(rc::gen::inRange<std::uint32_t>(0, 1U << 30)));
}

TEST(SumsProperty, WhateverHappensSumsAreThoseOfTheSettlements) {
    EXPECT_TRUE(rc::check("sums equal a recount", [] {
        Happenings office;
        for (const auto one : *some(25)) office.happen(one);
        office.check_sums();
    }));
}

TEST(SumsProperty, WhateverHappensPagesHoldEachRowOnce) {
    EXPECT_TRUE(rc::check("pages and counts equal the rows", [] {
        Happenings office;
        for (const auto one : *some(25)) office.happen(one);
        office.check_pages();
    }));
}

}  // namespace
}  // namespace riverlight::office
