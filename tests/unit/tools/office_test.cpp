#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "content/airing/batch.hpp"
#include "content/base/json.hpp"
#include "content/http/gzip.hpp"
#include "firmware/journal/journal.hpp"
#include "tests/support/folder.hpp"
#include "tools/office/access.hpp"
#include "tools/office/channel_follower.hpp"
#include "tools/office/compare.hpp"
#include "tools/office/csv.hpp"
#include "tools/office/enrolment.hpp"
#include "tools/office/intake.hpp"
#include "tools/office/pages.hpp"
#include "tools/office/store.hpp"
#include "tools/office/views.hpp"

namespace riverlight::office {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono_literals;

const Instant noon = *from_rfc3339("2026-11-24T05:00:00Z");  // in Phnom Penh

class OfficeTest : public testing::Test {
  protected:
    http::Request request(const std::string& body) {
        http::Request r;
        r.method = "PUT";
        r.body = body;
        r.remote = "192.0.2.1";
        return r;
    }
    http::Request enrolment(const std::string& code, const SigningKey& key,
                            const std::string& place = "kh-pp-01") {
        return request(canonical_json(boost::json::object{{"format", 1},
                                                          {"claim_code", code},
                                                          {"public_key", key.public_hex()},
                                                          {"place", place},
                                                          {"version", "1"}}));
    }
    std::string claim() {
        auto code = new_claim_code();
        store_.boards.add_claim_code(claim_code_hash(code), {"kh-pp-01", "kh-pp-01", noon + 24h, ""});
        return code;
    }
    void join() {
        ASSERT_EQ(intake_.enrol(enrolment(claim(), board_), noon).status, 201);
        store_.boards.set_state("kh-pp-01", BoardState::active);
    }
    content::Batch batch(std::int64_t first, std::int64_t last, const std::string& flavour = {}) {
        content::Batch b;
        b.board = "kh-pp-01";
        b.epoch = "e1";
        b.first = first;
        b.last = last;
        auto previous = content::first_previous(b.board, b.epoch);
        for (std::int64_t seq = 1; seq <= last; ++seq) {
            AiringRecord r;
            r.board = b.board;
            r.epoch = b.epoch;
            r.seq = seq;
            r.outlet = "screen";
            r.place = place_;
            r.airing = "airing" + std::to_string(seq);
            r.campaign = "always";
            r.segment = "fair-work";
            r.locale_aired = "km";
            r.status = content::AiringStatus::aired;
            r.reason = flavour;
            r.planned_start = noon + std::chrono::seconds(seq * 10);
            r.previous = previous;
            r.hash = content::record_hash(r);
            previous = r.hash;
            if (seq >= first) b.airings.push_back(r);
        }
        b.head = previous;
        return b;
    }
    http::Response send(const std::string& json, const std::string& range,
                        const std::string& encoding = "gzip") {
        auto r = request(encoding == "gzip" ? http::gzip(json) : json);
        if (!encoding.empty()) r.headers["content-encoding"] = encoding;
        r.headers["content-digest"] = "sha-256=:" + to_base64(sha256_raw(r.body)) + ':';
        return intake_.airings(r, "kh-pp-01", "e1", range, noon);
    }
    http::Response send(std::int64_t first, std::int64_t last, const std::string& flavour = {}) {
        return send(write_batch(batch(first, last, flavour), board_),
                    std::to_string(first) + '-' + std::to_string(last));
    }
    std::int64_t held(const http::Response& response) {
        EXPECT_EQ(response.status, 200) << response.body;
        return content::parse_receipt(response.body, office_.public_hex()).held;
    }
    test::Folder folder_;
    OfficeStore store_{folder_.path()};
    SigningKey office_ = SigningKey::from_seed_hex(std::string(64, '1'));
    SigningKey board_ = SigningKey::from_seed_hex(std::string(64, '2'));
    SigningKey thief_ = SigningKey::from_seed_hex(std::string(64, '3'));
    std::string place_ = "kh-pp-01";
    Intake intake_{store_, office_, [](const std::string&) { return PlaceFacts{"KH", "Asia/Phnom_Penh"}; }};
};

TEST_F(OfficeTest, AClaimCodeWorksOnceAndForOneKey) {
    const auto code = claim();
    EXPECT_EQ(intake_.enrol(enrolment(code, board_), noon).status, 201);
    EXPECT_EQ(intake_.enrol(enrolment(code, board_), noon).status, 200) << "its answer was lost on the way";
    EXPECT_EQ(intake_.enrol(enrolment(code, thief_), noon).status, 403);
    EXPECT_EQ(store_.boards.find("kh-pp-01")->public_key, board_.public_hex());
    EXPECT_EQ(store_.alarms.since(noon - 1h, 10).size(), 1U)
        << "a second device with a used code raises an alarm";
}

TEST_F(OfficeTest, ClaimCodesAreReadAsPeopleWriteThem) {
    const auto code = new_claim_code();
    ASSERT_EQ(code.size(), 19U);
    std::string spoken;
    for (const char c : code)
        spoken += c == '-' ? ' ' : c == '0' ? 'o' : c == '1' ? 'l' : static_cast<char>(std::tolower(c));
    EXPECT_EQ(claim_code_hash(spoken), claim_code_hash(code));
    EXPECT_NE(claim_code_hash(new_claim_code()), claim_code_hash(code));
}

TEST_F(OfficeTest, AWrongExpiredOrMisplacedClaimCodeEnrolsNobody) {
    EXPECT_EQ(intake_.enrol(enrolment("AAAA-AAAA-AAAA-AAAA", board_), noon).status, 403);
    EXPECT_EQ(intake_.enrol(enrolment(claim(), board_), noon + 25h).status, 403);
    const auto misplaced = intake_.enrol(enrolment(claim(), board_, "th-tv-01"), noon);
    EXPECT_EQ(misplaced.status, 403);
    EXPECT_THAT(misplaced.body, HasSubstr("th-tv-01"));
    EXPECT_EQ(intake_.enrol(request("{\"format\":1}"), noon).status, 400);
    EXPECT_EQ(intake_.enrol(request(std::string(5000, '[')), noon).status, 400);
    EXPECT_THAT(store_.boards.all(), IsEmpty());
}

TEST_F(OfficeTest, GuessingClaimCodesIsSlowedDown) {
    for (int i = 0; i < 10; ++i)
        EXPECT_EQ(intake_.enrol(enrolment(new_claim_code(), thief_), noon).status, 403);
    const auto stopped = intake_.enrol(enrolment(claim(), board_), noon);
    EXPECT_EQ(stopped.status, 429);
    EXPECT_EQ(stopped.headers.at(0).first, "Retry-After");
    EXPECT_EQ(intake_.enrol(enrolment(claim(), board_), noon + 11min).status, 201);
}

TEST_F(OfficeTest, APendingOrRetiredBoardMayNotReport) {
    ASSERT_EQ(intake_.enrol(enrolment(claim(), board_), noon).status, 201);
    const auto pending = send(1, 2);
    EXPECT_EQ(pending.status, 403);
    EXPECT_THAT(pending.body, HasSubstr("/pending"));
    store_.boards.set_state("kh-pp-01", BoardState::retired);
    EXPECT_EQ(send(1, 2).status, 403);
    EXPECT_EQ(store_.airings.count({}, 100), 0);
    EXPECT_EQ(intake_.airings(request(""), "nobody", "e1", "1-2", noon).status, 404);
}

TEST_F(OfficeTest, ABatchCountsOnceHoweverOftenItIsSent) {
    join();
    EXPECT_EQ(held(send(1, 5)), 5);
    EXPECT_EQ(held(send(1, 5)), 5);
    EXPECT_EQ(held(send(3, 8)), 8) << "an overlap adds what is new";
    EXPECT_EQ(held(send(2, 4)), 8);
    EXPECT_EQ(store_.airings.count({}, 100), 8);
    EXPECT_EQ(send(write_batch(batch(9, 9), board_), "9-9", "").status, 200)
        << "gzip is offered, not asked for";
}

TEST_F(OfficeTest, AnAiringIsFiledUnderTheBroadcastDayWhosePlanItBelongsTo) {
    const PlaceFacts late_riser{"KH", "Asia/Phnom_Penh", 13h};
    store_.airings.add(batch(1, 1).airings, late_riser);
    store_.airings.add(batch(2, 2).airings, {});  // its place was not known when it came
    store_.airings.file(place_, late_riser);
    const auto rows = store_.airings.list({}, std::nullopt, 10);
    ASSERT_EQ(rows.size(), 2U);
    for (const auto& row : rows)
        EXPECT_EQ(row.day, *date_from_iso("2026-11-23")) << "a minute past noon is before 13:00";
    EXPECT_EQ(store_.airings.outcomes(place_, *date_from_iso("2026-11-23")).size(), 2U);
}

TEST(Release, KnowsWhereAPlacesBroadcastDayBegins) {
    Release release;
    release.schedules["mekong"].day_start = 6h;
    content::Place place;
    EXPECT_EQ(release.day_start(place), 0min) << "a schedule that the release lacks";
    place.schedule = "mekong";
    EXPECT_EQ(release.day_start(place), 6h);
}

TEST_F(OfficeTest, ABatchThatLeavesAHoleIsRefusedAndTheReceiptNamesTheNextSeq) {
    join();
    EXPECT_EQ(held(send(1, 2)), 2);
    EXPECT_EQ(held(send(5, 6)), 2);
    EXPECT_EQ(store_.airings.count({}, 100), 2);
    EXPECT_EQ(held(send(3, 6)), 6);
}

TEST_F(OfficeTest, OtherContentUnderAKnownNumberIsAConflict) {
    join();
    EXPECT_EQ(held(send(1, 3)), 3);
    const auto conflict = send(1, 3, "rewritten");
    EXPECT_EQ(conflict.status, 409);
    EXPECT_THAT(conflict.body, HasSubstr("seq 1"));
    EXPECT_EQ(send(4, 5, "rewritten").status, 409) << "it does not follow what is held";
    EXPECT_EQ(store_.airings.count({}, 100), 3);
    EXPECT_EQ(store_.alarms.since(noon - 1h, 10).size(), 2U);
    static_cast<void>(send(1, 3, "rewritten"));
    EXPECT_EQ(store_.alarms.since(noon - 1h, 10).size(), 2U) << "repeated, it is one alarm";
}

TEST_F(OfficeTest, ABodyThatWasChangedInTransitIsRefused) {
    join();
    const auto json = write_batch(batch(1, 3), board_);
    auto r = request(http::gzip(json));
    r.headers["content-encoding"] = "gzip";
    EXPECT_EQ(intake_.airings(r, "kh-pp-01", "e1", "1-3", noon).status, 400) << "no digest";
    r.headers["content-digest"] = "sha-256=:" + to_base64(sha256_raw(r.body)) + ':';
    r.body[r.body.size() / 2] = static_cast<char>(r.body[r.body.size() / 2] ^ 1);
    EXPECT_THAT(intake_.airings(r, "kh-pp-01", "e1", "1-3", noon).body, HasSubstr("Changed on its way"));
    // With a matching digest, the hash chain still shows the change.
    auto changed = json;
    changed.replace(changed.find("\"aired\""), 7, "\"axred\"");
    EXPECT_EQ(send(changed, "1-3").status, 400);
    EXPECT_THAT(send(changed, "1-3").body, HasSubstr("seq 1"));
    EXPECT_EQ(send(json, "1-4").status, 400);
    EXPECT_EQ(send(json, "3").status, 400);
    EXPECT_EQ(send(json, "1-3", "br").status, 415);
    EXPECT_EQ(send(write_batch(batch(1, 3), thief_), "1-3").status, 403);
    EXPECT_EQ(store_.airings.count({}, 100), 0);
    EXPECT_EQ(held(send(json, "1-3")), 3) << "what was there before it was refused is not harmed";
}

TEST_F(OfficeTest, ABoardSpeaksForItsOwnPlace) {
    join();
    place_ = "th-tv-01";
    EXPECT_EQ(send(1, 2).status, 403);
    EXPECT_EQ(store_.airings.count({}, 100), 0);
}

TEST_F(OfficeTest, HealthIsTakenFromTheBoardAlone) {
    join();
    const std::string body = R"({"board":"kh-pp-01","format":1,"version":"9"})";
    auto r = request(body);
    r.headers["riverlight-signature"] = thief_.sign(body);
    EXPECT_EQ(intake_.health(r, "kh-pp-01", noon).status, 403);
    r.headers["riverlight-signature"] = board_.sign(body);
    EXPECT_EQ(intake_.health(r, "kh-pp-01", noon).status, 200);
    EXPECT_EQ(store_.boards.find("kh-pp-01")->version, "9");
    EXPECT_EQ(store_.boards.find("kh-pp-01")->heard, noon);
    auto nonsense = request("[]");
    nonsense.headers["riverlight-signature"] = board_.sign("[]");
    EXPECT_EQ(intake_.health(nonsense, "kh-pp-01", noon).status, 400);
    auto flood = request(std::string(70'000, ' '));
    EXPECT_EQ(intake_.health(flood, "kh-pp-01", noon).status, 413);
}

TEST_F(OfficeTest, AiringsAreFiledUnderThePlacesOwnDay) {
    join();
    EXPECT_EQ(held(send(1, 5)), 5);
    AiringFilter filter;
    filter.country = "KH";
    filter.from = filter.until = *date_from_iso("2026-11-24");
    EXPECT_EQ(store_.airings.count(filter, 100), 5);
    filter.from = filter.until = *date_from_iso("2026-11-23");
    EXPECT_EQ(store_.airings.count(filter, 100), 0);
    filter = {};
    filter.segment = "' OR 1=1 --";
    EXPECT_EQ(store_.airings.count(filter, 100), 0);
    const auto page = store_.airings.list({}, std::nullopt, 2);
    ASSERT_EQ(page.size(), 2U);
    EXPECT_EQ(page[0].record.seq, 5);
    const auto next = store_.airings.list({}, Cursor{to_rfc3339(time_of(page[1].record)), page[1].id}, 10);
    ASSERT_EQ(next.size(), 3U);
    EXPECT_EQ(next[0].record.seq, 3);
    EXPECT_THAT(store_.airings.values_of(AiringColumn::locale), ElementsAre("km"));
}

TEST_F(OfficeTest, APlaceLearntLaterIsFiledThen) {
    store_.airings.add(batch(1, 2).airings, {});
    AiringFilter filter;
    filter.country = "KH";
    EXPECT_EQ(store_.airings.count(filter, 10), 0);
    store_.airings.file("kh-pp-01", {"KH", "Asia/Phnom_Penh"});
    EXPECT_EQ(store_.airings.count(filter, 10), 2);
}

TEST_F(OfficeTest, TheBestOfSeveralRecordsCounts) {
    auto records = batch(1, 2).airings;
    records[0].status = content::AiringStatus::interrupted;
    records[1].airing = records[0].airing;
    store_.airings.add(records, {"KH", "Asia/Phnom_Penh"});
    const auto outcomes = store_.airings.outcomes("kh-pp-01", *date_from_iso("2026-11-24"));
    KeptPlan plan;
    plan.airings.push_back({records[0].airing, noon, noon + 15s, "", "", ""});
    const auto tally = compare(plan, outcomes, {}, noon + 1h).tally;
    EXPECT_EQ(tally.aired, 1);
    EXPECT_EQ(tally.missed, 0);
}

/// The attributes of a cookie (RFC 6265, 4.1.1), without its name and value.
std::vector<std::string> attributes_of(const std::string& cookie) {
    std::vector<std::string> out;
    for (auto at = cookie.find("; "); at != std::string::npos;) {
        const auto end = cookie.find("; ", at + 2);
        out.push_back(cookie.substr(at + 2, end == std::string::npos ? end : end - at - 2));
        at = end;
    }
    return out;
}

TEST_F(OfficeTest, SignInTakesTheRightPasswordAndSlowsGuessing) {
    EXPECT_THROW(Access::set_user(store_, "pmo", "short"), Error);
    EXPECT_THROW(Access::set_user(store_, "PMO Bangkok", "long enough"), Error);
    Access::set_user(store_, "pmo", "river and light");
    Access access(store_, false);
    EXPECT_TRUE(access.sign_in("nobody", "x", "192.0.2.1", noon).cookie.empty());
    const auto in = access.sign_in("pmo", "river and light", "192.0.2.1", noon);
    EXPECT_THAT(attributes_of(in.cookie), testing::IsSupersetOf({"HttpOnly", "SameSite=Lax"}));
    http::Request r;
    r.host = "office";
    r.headers["cookie"] = in.cookie.substr(0, in.cookie.find(';'));
    const auto session = access.session(r, noon + 1h);
    ASSERT_TRUE(session);
    EXPECT_EQ(session->user, "pmo");
    EXPECT_FALSE(access.session(r, noon + 1h + 13h)) << "unused for half a day";
    // The form's token belongs to the session, and to our own pages.
    r.headers["content-type"] = "application/x-www-form-urlencoded";
    r.body = "form_token=" + session->form_token;
    EXPECT_TRUE(Access::is_own_form(r, *session));
    r.headers["origin"] = "http://elsewhere";
    EXPECT_FALSE(Access::is_own_form(r, *session));
    r.headers["origin"] = "http://office";
    r.body = "form_token=" + std::string(32, '0');
    EXPECT_FALSE(Access::is_own_form(r, *session));
    static_cast<void>(access.sign_out(r));
    EXPECT_FALSE(access.session(r, noon + 1h));
    for (int i = 0; i < 5; ++i) EXPECT_EQ(access.sign_in("pmo", "guess", "192.0.2.9", noon).wait, 0s);
    EXPECT_GT(access.sign_in("pmo", "river and light", "192.0.2.1", noon).wait, 0s);
    EXPECT_FALSE(access.sign_in("pmo", "river and light", "192.0.2.1", noon + 6min).cookie.empty());
}

TEST_F(OfficeTest, ANewPasswordEndsOldSessions) {
    Access::set_user(store_, "pmo", "river and light");
    Access access(store_, true);
    const auto in = access.sign_in("pmo", "river and light", "192.0.2.1", noon);
    EXPECT_THAT(in.cookie, testing::StartsWith("__Host-riverlight="));
    EXPECT_THAT(attributes_of(in.cookie), testing::Contains("Secure"));
    http::Request r;
    r.headers["cookie"] = in.cookie.substr(0, in.cookie.find(';'));
    ASSERT_TRUE(access.session(r, noon));
    Access::set_user(store_, "pmo", "another password");
    EXPECT_FALSE(access.session(r, noon));
}

TEST_F(OfficeTest, RecordsAreTheOwnersAlone) {
    const auto mode = std::filesystem::status(folder_ / "office.db").permissions();
    EXPECT_EQ(mode & (std::filesystem::perms::group_all | std::filesystem::perms::others_all),
              std::filesystem::perms::none);
}

/// Airings stamped by a clock of 1970, and what its boot knew later.
class PlacedTest : public testing::Test {
  protected:
    static AiringRecord aired(std::int64_t seq, std::int64_t at_s) {
        AiringRecord r;
        r.board = r.place = "kh-pp-01";
        r.epoch = "e1";
        r.seq = seq;
        r.airing = "airing" + std::to_string(seq);
        r.segment = "fair-work";
        r.locale_aired = "km";
        r.status = content::AiringStatus::aired;
        r.planned_start = r.started = Instant{} + std::chrono::seconds(at_s);
        r.clock = content::ClockState::floor;
        r.boot_id = "boot-a";
        r.monotonic_start = MonotonicTime(std::chrono::seconds(at_s));
        r.hash = "h" + std::to_string(seq);
        return r;
    }
    static AiringRecord fix(std::int64_t seq) {
        auto r = content::record_of({"kh-pp-01", "boot-a", noon, MonotonicTime(1000s), 12ms}, "kh-pp-01");
        r.board = "kh-pp-01";
        r.epoch = "e1";
        r.seq = seq;
        r.hash = "h" + std::to_string(seq);
        return r;
    }
    std::map<std::string, AiringRow> listed() {
        std::map<std::string, AiringRow> out;
        for (auto& row : store_.airings.list({}, std::nullopt, 100)) out[record_id(row.record)] = row;
        return out;
    }
    const std::chrono::local_days day_ = *date_from_iso("2026-11-24"),
                                  day_of_1970_ = *date_from_iso("1970-01-01");
    const PlaceFacts facts_{"KH", "Asia/Phnom_Penh"};
    test::Folder folder_;
    OfficeStore store_{folder_.path()};
};

TEST_F(PlacedTest, case_55_airings_before_the_first_sync_are_filed_by_corrected_time) {
    store_.airings.add({aired(1, 100), aired(2, 200)}, facts_);
    EXPECT_FALSE(listed().at("airing1").placed);
    EXPECT_EQ(listed().at("airing1").day, day_of_1970_);
    store_.airings.add({fix(3), aired(4, 300)}, facts_);  // the last began before the fix and ended after it
    for (const auto& [airing, at_s] : {std::pair{"airing1", 100}, {"airing2", 200}, {"airing4", 300}}) {
        const auto row = listed().at(airing);
        ASSERT_TRUE(row.placed) << airing;
        EXPECT_EQ(row.started(), noon - 1000s + std::chrono::seconds(at_s));
        EXPECT_EQ(row.day, day_);
        EXPECT_EQ(row.record.started, Instant{} + std::chrono::seconds(at_s)) << "the original is kept";
    }
    AiringFilter that_day;
    that_day.from = that_day.until = day_;
    EXPECT_EQ(store_.airings.count(that_day, 100), 4);
    EXPECT_THAT(airings_csv({listed().at("airing1")}),
                testing::AllOf(HasSubstr("2026-11-24T04:45:00"), HasSubstr("1970-01-01T00:01:40")));
}

TEST_F(PlacedTest, case_55_far_from_its_plan_it_is_off_plan) {
    auto near = aired(2, 200);
    near.planned_start = noon - 1000s + 210s;
    store_.airings.add({aired(1, 100), near, fix(3)}, facts_);
    const auto outcomes = store_.airings.outcomes("kh-pp-01", day_);
    std::map<std::string, bool> off_plan;
    for (const auto& outcome : outcomes) off_plan[outcome.airing] = outcome.off_plan;
    EXPECT_TRUE(off_plan.at("airing1"));
    EXPECT_FALSE(off_plan.at("airing2"));
    EXPECT_TRUE(store_.airings.outcomes("kh-pp-01", day_of_1970_).empty());
}

TEST_F(PlacedTest, APageThatEndsWithACorrectedAiringIsFollowedByTheNextOne) {
    store_.airings.add({aired(1, 100), aired(2, 200), fix(3)}, facts_);
    std::vector<std::string> seen;
    std::optional<Cursor> after;
    for (int page = 0; page < 5; ++page) {
        const auto slice = airings_from(store_, {}, after, 1);
        for (const auto& row : slice.rows) seen.push_back(record_id(row.record));
        after = slice.next;
        if (!after) break;
    }
    EXPECT_THAT(seen, ElementsAre("unplanned-clock-boot-a", "airing2", "airing1"));
}

TEST_F(PlacedTest, case_55_another_boot_and_a_second_fix_move_nothing) {
    auto before = aired(1, 100);
    before.boot_id = "boot-before";
    auto second = fix(4);
    second.started = noon + 1h;
    store_.airings.add({before, aired(2, 200), fix(3), second}, facts_);
    EXPECT_FALSE(listed().at("airing1").placed);
    EXPECT_EQ(listed().at("airing2").started(), noon - 800s);
}

}  // namespace
}  // namespace riverlight::office
