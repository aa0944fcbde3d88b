// Thirty days of four boards and an office: restarts, power cuts, wrong clocks, a stick that comes late, a
// replaced board, a removed place, new releases in the middle of days, an office that is down. Every promise
// ends in one outcome with its reason, and all sums agree. The planner, the agenda, the records, the journal,
// the batches and the office are the product's own; only player and clock are made up.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "content/base/json.hpp"
#include "tests/integration/office/journalled_board.hpp"
#include "tests/integration/office/simulated_release.hpp"
#include "tests/support/folder.hpp"
#include "tools/office/comparer.hpp"
#include "tools/office/enrolment.hpp"
#include "tools/office/intake.hpp"
#include "tools/office/plan_keeper.hpp"
#include "tools/office/sheet_sources.hpp"
#include "tools/traffic/csv.hpp"

namespace riverlight::office {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::local_days;
using test::JournalledBoard;

/// A row of the export.
using Row = std::map<std::string, std::string>;

class FiguresTest : public testing::Test {
  protected:
    FiguresTest() {
        releases_.emplace_back(on(1, 0min), "1-a", std::string(rotation) + fixed + block, true);
        releases_.emplace_back(on(6, 9h + 10min), "2-b", std::string(rotation) + later + block, true);
        releases_.emplace_back(on(13, 10h + 5min), "3-c", std::string(rotation) + later + block + extra,
                               true);
        releases_.emplace_back(on(19, 8h + 50min), "4-d", std::string(rotation) + fixed + extra, true);
        releases_.emplace_back(on(27, 9h + 30min), "5-e", std::string(rotation) + fixed + extra, false);
    }

    const SimulatedRelease& release_at(Instant now) const {
        const auto next = std::find_if(releases_.begin() + 1, releases_.end(),
                                       [&](const auto& one) { return one.published > now; });
        return *std::prev(next);
    }
    /// A board learns of a release so much later; one without a network when a stick brings it.
    JournalledBoard& add_board(const std::string& place, char seed, std::chrono::minutes delay,
                               Instant stick = {}) {
        boards_.push_back(std::make_unique<JournalledBoard>(
            folder_.path(), place, place, seed, [this, place, delay, stick](Instant now) {
                const auto seen = stick != Instant{} && now < stick ? on(1, 0min) : now - delay;
                const auto& programmes = release_at(std::max(seen, on(1, 0min))).programmes;
                const auto found = programmes.find(place);
                return found != programmes.end() ? found->second : releases_.at(3).programmes.at(place);
            }));
        return *boards_.back();
    }
    void enrol(JournalledBoard& board, Instant now) {
        now_ = now;
        const auto code = issue_claim_code(store_, board.place(), board.id(), now);
        http::Request r;
        r.body = canonical_json(boost::json::object{{"format", 1},
                                                    {"claim_code", code},
                                                    {"public_key", board.key().public_hex()},
                                                    {"place", board.place()},
                                                    {"version", "1"}});
        ASSERT_EQ(intake_.enrol(r, now).status, 201);
        approve_board(store_, board.id(), key_fingerprint(board.key().public_hex()));
        board.set_in_service_since(now);
        plans_.look_after(board.place(), now);
        plans_.finish();
    }
    /// All that the office lacks.
    void send(JournalledBoard& board, Instant now) {
        while (const auto batch = board.journal().next_batch(500)) {
            http::Request r;
            r.body = write_batch(*batch, board.key());
            r.headers["content-digest"] = "sha-256=:" + to_base64(sha256_raw(r.body)) + ':';
            const auto answer =
                intake_.airings(r, board.id(), batch->epoch,
                                std::to_string(batch->first) + '-' + std::to_string(batch->last), now);
            ASSERT_EQ(answer.status, 200) << answer.body;
            board.journal().accept_receipt(content::parse_receipt(answer.body, office_.public_hex()));
        }
    }
    /// A day of one board that starts at 07:50: how often the power goes while it is open follows from `day`.
    static void live(JournalledBoard& board, int day, std::chrono::seconds behind = 0s) {
        const std::vector<std::chrono::minutes> cuts = day % 3 == 0
                                                           ? std::vector{8h + 40min, 9h + 1min, 9h + 2min}
                                                       : day % 5 == 0 ? std::vector{10h + 7min}
                                                                      : std::vector<std::chrono::minutes>{};
        auto from = on(day, 7h + 50min);
        for (const auto cut : cuts) {
            board.run(from, on(day, cut), behind, from + 30min);
            from = on(day, cut) + (cut == cuts.back() ? 25min : 40s);
        }
        board.run(from, on(day, 23h), behind, from + 30min);
    }
    void publish(int day) {
        for (const auto& one : releases_)
            if (one.published > on(day, 0min) && one.published < on(day + 1, 0min)) {
                now_ = one.published;
                store_plans();
            }
    }
    void store_plans() {
        plans_.look_after_all(now_);
        plans_.finish();
    }
    std::vector<Row> exported(local_days day) {
        PromiseFilter filter;
        filter.from = filter.until = day;
        StoreReaders readers(folder_.path());
        const auto file =
            make_sheet_file(SheetFormat::csv, promise_rows(readers, filter, now_), folder_.path());
        std::string text;
        while (const auto piece = file->next()) text += *piece;
        const auto rows = traffic::read_csv_rows(text, "promises.csv");
        std::vector<Row> out;
        for (std::size_t n = 1; n < rows.size(); ++n) {
            Row row;
            for (std::size_t i = 0; i < rows[n].cells.size(); ++i)
                row[rows[0].cells.at(i)] = rows[n].cells[i];
            out.push_back(std::move(row));
        }
        return out;
    }
    std::map<std::string, Tally> figures(local_days day) {
        std::map<std::string, Tally> out;
        for (const auto& country : comparer_.day(day, "", now_))
            for (const auto& place : country.places) out[place.place] = place.tally;
        return out;
    }

    test::Folder folder_;
    std::vector<SimulatedRelease> releases_;
    std::vector<std::unique_ptr<JournalledBoard>> boards_;
    Instant now_{};
    OfficeStore store_{folder_.path()};
    SigningKey office_ = SigningKey::from_seed_hex(std::string(64, '1'));
    Comparer comparer_{store_, [this] { return release_at(now_).release; }};
    PlanKeeper plans_{store_, [this] { return release_at(now_).release; }};
    Intake intake_{store_, office_, [this](const std::string& place) {
                       const auto release = release_at(now_).release;
                       if (const auto* p = release->content.catalogue.place(place))
                           return PlaceFacts{p->country, p->zone, release->day_start(*p)};
                       return store_.plans.facts_of(place).value_or(PlaceFacts{});
                   }};
};

Tally tally_of(const std::vector<Row>& rows) {
    Tally out;
    for (const auto& row : rows) {
        for (const auto outcome : {Outcome::aired, Outcome::partly, Outcome::missed, Outcome::silent,
                                   Outcome::upcoming, Outcome::waived})
            if (row.at("outcome") == to_text(outcome)) ++out.of(outcome);
        if (row.at("outcome") == "waived" || row.at("outcome") == "upcoming") continue;
        out.due_time += std::chrono::milliseconds{std::stoll(row.at("planned (ms)"))};
        out.shown += std::chrono::milliseconds{std::stoll(row.at("shown (ms)"))};
    }
    return out;
}

/// Without what was not promised, which has no rows.
Tally promised(Tally tally) {
    tally.filler = tally.unplanned = 0;
    tally.filler_time = tally.unplanned_time = 0ms;
    return tally;
}

class ThirtyDays : public FiguresTest {
  protected:
    ThirtyDays() : cut_(&add_board("kh-1", '2', 5min)) {
        stick_ = &add_board("kh-2", '3', 0min, on(21, 0min));
        clock_ = &add_board("th-1", '4', 50min);
        replaced_ = &add_board("th-2", '5', 0min);
    }
    void live_all() {
        for (const auto& board : boards_) enrol(*board, on(1, 7h));
        for (int day = 1; day <= day_count; ++day) {
            now_ = on(day, 1h);
            const bool down = day == 9 || day == 10;  // the office, for two days
            const bool stands = day < 25 && day != 12;
            if (!down) store_plans();
            if (!down) publish(day);
            live(*cut_, day);
            live(*stick_, day);
            live(*clock_, day, day % 4 == 1 ? 24h : day % 4 == 2 ? 5min : 0s);
            if (stands) live(*replaced_, day);
            now_ = on(day, 23h + 30min);
            if (!down) end_day(day, stands);
        }
        now_ = on(day_count + 3, 12h);
    }
    void end_day(int day, bool stands) {
        send(*cut_, now_);
        send(*clock_, now_);
        if (day >= 21) send(*stick_, now_);
        if (stands) send(*replaced_, now_);
        if (day == 12) {  // it broke overnight: another device stands in its place in the evening
            replaced_ = &add_board("th-2", '6', 0min);
            enrol(*replaced_, now_);
        }
        if (day == 20) before_[15] = figures(first_day + days{14});
        if (day != 24) return;
        store_.boards.set_state("th-2", BoardState::retired);
        plans_.look_after("th-2", now_);
        before_[22] = figures(first_day + days{21});
        before_[24] = figures(first_day + days{23});
    }
    /// Against what the boards did.
    void check_rows(const std::vector<Row>& rows) {
        std::map<std::string, std::set<std::string>> whole, in_part;
        for (const auto& board : boards_) {
            whole[board->place()].insert(board->truth().whole.begin(), board->truth().whole.end());
            in_part[board->place()].insert(board->truth().in_part.begin(), board->truth().in_part.end());
        }
        for (const auto& row : rows) {
            const auto &place = row.at("place"), &id = row.at("airing"), &outcome = row.at("outcome");
            SCOPED_TRACE(place + ' ' + row.at("planned start (UTC)") + ' ' + row.at("booking") + ' ' +
                         outcome + ": " + row.at("reason"));
            EXPECT_TRUE(ids_.insert(id).second) << "a promise has one row";
            EXPECT_NE(row.at("kind"), "filler");
            EXPECT_NE(outcome, "upcoming");
            EXPECT_EQ(outcome == "aired", row.at("reason").empty());
            EXPECT_EQ(outcome == "aired", whole[place].contains(id));
            EXPECT_EQ(outcome == "partly", in_part[place].contains(id) && !whole[place].contains(id));
        }
    }
    /// Of each other, and of the rows.
    void check_sums(local_days day, const std::vector<Row>& rows) {
        Tally of_day;
        std::map<std::string, Tally> splits;
        for (const auto& country : comparer_.day(day, "", now_)) {
            check_country(country);
            for (const auto split : {Split::campaign, Split::segment, Split::locale})
                for (const auto& [key, tally] : split_by(split, country.by_subject)) splits[key] += tally;
            of_day += country.tally;
        }
        EXPECT_EQ(promised(of_day), tally_of(rows));
        const std::pair<const char*, const char*> keys[] = {
            {"campaign", "always"}, {"segment", "law"}, {"language", "km"}};
        for (const auto& [column, key] : keys) {
            std::vector<Row> some;
            std::copy_if(rows.begin(), rows.end(), std::back_inserter(some),
                         [&column = column, &key = key](const Row& row) { return row.at(column) == key; });
            EXPECT_EQ(promised(splits[key]), tally_of(some)) << column;
        }
        of_all_ += of_day;
    }
    static void check_country(const CountryDay& country) {
        Tally of_places;
        for (const auto& place : country.places) {
            const auto& t = place.tally;
            of_places += t;
            int reasons = 0;
            for (const auto& [_, count] : place.reasons) reasons += count;
            EXPECT_TRUE(t.unplanned == 0 || place.place == "th-1") << "its clock was a day behind";
            EXPECT_EQ(reasons, t.partly + t.missed + t.silent + t.waived);
        }
        EXPECT_EQ(of_places, country.tally);
        for (const auto split : {Split::campaign, Split::segment, Split::locale}) {
            Tally sum;
            for (const auto& [_, tally] : split_by(split, country.by_subject)) sum += tally;
            EXPECT_EQ(sum, country.tally);
        }
    }

    JournalledBoard *cut_, *stick_ = nullptr, *clock_ = nullptr, *replaced_ = nullptr;
    std::map<int, std::map<std::string, Tally>> before_;  ///< figures of past days, as they were known
    std::set<std::string> ids_;
    Tally of_all_;
};

TEST_F(ThirtyDays, case_67_OfTroubleAddUpToTheRow) {
    live_all();
    for (int n = 1; n <= day_count; ++n) {
        const auto day = first_day + days{n - 1};
        SCOPED_TRACE(to_iso(day));
        const auto rows = exported(day);
        check_rows(rows);
        check_sums(day, rows);
    }
    EXPECT_GT(of_all_.aired, 1000);
    EXPECT_GT(of_all_.partly, 10);
    EXPECT_GT(of_all_.missed, 10);
    EXPECT_GT(of_all_.silent, 10);
    EXPECT_GT(of_all_.waived, 10);
    EXPECT_GT(of_all_.filler, 1000);
    for (const auto& [n, was] : before_)
        for (const auto& [place, tally] : figures(first_day + days{n - 1})) {
            if (place == "kh-2") continue;
            EXPECT_EQ(tally, was.at(place)) << place << " on day " << n;
        }
    const auto offline = figures(first_day + days{14}).at("kh-2");
    EXPECT_EQ(offline.silent, 9) << "its stick came; of the campaign that it had not heard of nothing aired";
    EXPECT_EQ(before_.at(15).at("kh-2").aired, 0) << "nothing was known before";
    EXPECT_GT(offline.aired, 15);
}

TEST_F(FiguresTest, ARestartWithoutANewReleaseChangesNothingThatWasPromised) {
    auto& board = add_board("kh-1", '2', 0min);
    enrol(board, on(1, 7h));
    now_ = on(2, 1h);
    store_plans();
    const auto plan = releases_[0].release->plan("kh-1", first_day + days{1});
    ASSERT_TRUE(plan);
    board.run(on(2, 7h + 50min), on(2, 8h + 1min));
    for (auto at = 8h + 1min; at < 11h; at += 10min) board.run(on(2, at) + 20s, on(2, at + 10min));
    board.run(on(2, 11h), on(2, 12h));
    now_ = on(2, 13h);
    send(board, now_);
    const auto tally = figures(first_day + days{1}).at("kh-1");
    EXPECT_EQ(tally.planned(), static_cast<int>(plan->promises.size()));
    EXPECT_EQ(tally.due(), tally.planned());
    EXPECT_EQ(tally.aired, static_cast<int>(board.truth().whole.size()) - board.truth().fillers);
    EXPECT_EQ(tally.silent, 0);
    EXPECT_GT(percent_aired(tally), 60) << "eighteen restarts in three hours";
}

}  // namespace
}  // namespace riverlight::office
