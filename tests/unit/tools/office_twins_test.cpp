// Two devices with one board's key.
#include <gmock/gmock.h>

#include "content/airing/health.hpp"
#include "tests/unit/tools/office_fixture.hpp"
#include "tools/office/parameters.hpp"

namespace riverlight::office {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class TwinsTest : public OfficeTest {
  protected:
    TwinsTest() { join(); }

    /// What the office tells the device whose program is in `run`, which came after another.
    content::HealthAnswer report(const std::string& run, const std::string& after = "") {
        now_ += 5s;
        content::HealthReport report;
        report.board = "kh-pp-01";
        report.at = now_;
        report.run = run;
        report.after = after;
        auto r = request(content::write_health(report));
        r.headers["riverlight-signature"] = board_.sign(r.body);
        const auto answer = intake_.health(r, "kh-pp-01", now_);
        EXPECT_EQ(answer.status, 200) << answer.body;
        return content::read_health_answer(answer.body, office_.public_hex());
    }
    [[nodiscard]] bool has_twins() const { return store_.twins.twins_since("kh-pp-01").has_value(); }
    /// The card of `aa` is copied, and both report.
    void copy_card() {
        report("aa");
        report("bb", "aa");
        report("aa");
        EXPECT_FALSE(has_twins()) << "one report may have been late";
        EXPECT_TRUE(report("bb", "aa").two_boards);
    }
    /// Records of an epoch, as a device that names no runs sends them.
    void grow(const std::string& epoch, std::int64_t last) {
        epoch_ = epoch;
        auto b = batch(last, last);
        b.epoch = epoch;
        auto previous = content::first_previous(b.board, epoch);
        b.airings.clear();
        for (std::int64_t seq = 1; seq <= last; ++seq) {
            auto r = batch(seq, seq).airings.front();
            r.epoch = epoch;
            r.previous = previous;
            r.hash = previous = content::record_hash(r);
            if (seq == last) b.airings.push_back(r);
        }
        b.head = previous;
        auto r = request(http::gzip(write_batch(b, board_)));
        r.headers["content-encoding"] = "gzip";
        r.headers["content-digest"] = "sha-256=:" + to_base64(sha256_raw(r.body)) + ':';
        const auto name = std::to_string(last) + '-' + std::to_string(last);
        EXPECT_EQ(intake_.airings(r, "kh-pp-01", epoch, name, now_).status, 200);
    }
    Instant now_ = noon;
    std::string epoch_;
};

TEST_F(TwinsTest, RunsThatFollowEachOtherAreOneDevice) {
    report("aa");
    report("aa");
    report("bb", "aa");  // restarted
    report("cc", "bb");  // its card moved to another device
    report("dd", "aa");  // a backup was put back
    report("dd");
    EXPECT_FALSE(has_twins());
    report("cc");
    report("dd");
    EXPECT_TRUE(has_twins()) << "and here the former device is back";
}

TEST_F(TwinsTest, TwoRunsThatTakeTurnsAreAnAlarmForBothUntilAPersonResolvesIt) {
    copy_card();
    EXPECT_TRUE(report("aa").two_boards);
    EXPECT_THAT(store_.alarms.since(noon, 10), SizeIs(1));
    EXPECT_THAT(store_.twins.devices("kh-pp-01", now_), SizeIs(2));
    now_ += 100h;
    EXPECT_TRUE(report("cc", "aa").two_boards) << "it does not pass by itself, nor by a restart";
    const OfficeStore again{folder_.path()};
    EXPECT_TRUE(again.twins.twins_since("kh-pp-01")) << "nor by the office's";
}

TEST_F(TwinsTest, TheDeviceThatIsChosenStaysAndTheOtherGivesUpItsKey) {
    copy_card();
    EXPECT_THROW(keep_device(store_, "kh-pp-01", "cc"), BadRequest);
    keep_device(store_, "kh-pp-01", "aa");
    EXPECT_FALSE(has_twins());
    const auto stays = report("aa"), goes = report("bb", "aa");
    EXPECT_FALSE(stays.two_boards || stays.enrol_anew);
    EXPECT_TRUE(goes.enrol_anew);
    EXPECT_FALSE(goes.two_boards);
    EXPECT_TRUE(report("b2", "bb").enrol_anew) << "also after its restart";
    EXPECT_FALSE(report("a2", "aa").enrol_anew);
    report("b2", "bb");
    report("a2", "aa");
    report("b2", "bb");
    EXPECT_FALSE(has_twins()) << "what gives up its key raises no alarm";
    EXPECT_THROW(keep_device(store_, "kh-pp-01", "a2"), BadRequest) << "it is resolved";
}

TEST_F(TwinsTest, TheCopyMayBeTheOneThatStays) {
    copy_card();
    keep_device(store_, "kh-pp-01", "bb");
    EXPECT_FALSE(report("bb").enrol_anew);
    EXPECT_TRUE(report("a2", "aa").enrol_anew);
}

TEST_F(TwinsTest, ADeviceThatIsSwitchedOffIsNotOffered) {
    copy_card();
    now_ += 1h;
    report("aa");
    const auto devices = store_.twins.devices("kh-pp-01", now_);
    ASSERT_THAT(devices, SizeIs(1));
    EXPECT_EQ(devices[0].run, "aa");
}

TEST_F(TwinsTest, EpochsThatTakeTurnsShowTwoDevicesThatNameNoRuns) {
    grow("e1", 1);
    grow("e2", 1);
    grow("e1", 2);
    EXPECT_FALSE(has_twins()) << "a backup may have been put back";
    grow("e2", 2);
    EXPECT_TRUE(has_twins());
    EXPECT_EQ(store_.airings.count({}, 100), 4) << "all of both are kept";
}

TEST_F(TwinsTest, ANewEpochAfterDamageIsOneDevice) {
    grow("e1", 1);
    grow("e2", 1);
    grow("e2", 2);
    grow("e3", 1);
    EXPECT_FALSE(has_twins());
}

TEST_F(TwinsTest, AKeyOfAnotherBoardEnrolsNobody) {
    const auto code = new_claim_code();
    store_.boards.add_claim_code(claim_code_hash(code), {"kh-pp-02", "kh-pp-02", noon + 24h, ""});
    const auto refused = intake_.enrol(enrolment(code, board_, "kh-pp-02"), noon);
    EXPECT_EQ(refused.status, 403);
    EXPECT_THAT(refused.body, testing::HasSubstr("urn:riverlight:claim/key"));
    EXPECT_THAT(store_.alarms.since(noon - 1h, 10), SizeIs(1));
    EXPECT_EQ(intake_.enrol(enrolment(code, thief_, "kh-pp-02"), noon).status, 201)
        << "with a key of its own";
}

TEST_F(TwinsTest, ABoardThatIsReplacedBeginsWithoutTwins) {
    copy_card();
    EXPECT_EQ(intake_.enrol(enrolment(claim(), thief_), noon).status, 201);
    EXPECT_TRUE(has_twins()) << "until the other device is approved";
    approve_board(store_, "kh-pp-01", key_fingerprint(thief_.public_hex()));
    EXPECT_FALSE(has_twins());
    EXPECT_THAT(store_.twins.devices("kh-pp-01", now_), IsEmpty());
}

TEST_F(TwinsTest, NamesThatNoBoardMakesAreNone) {
    for (const auto* run : {"A", "x'; --", "aa bb"}) report(run);
    for (const auto* run : {"A", "x'; --", "aa bb"}) report(run);
    EXPECT_FALSE(has_twins());
}

TEST_F(TwinsTest, WhatTheOfficeTellsABoardIsSigned) {
    content::HealthAnswer told{"kh-pp-01", "aa", noon, true};
    const auto text = content::write_health_answer(told, office_);
    EXPECT_EQ(content::read_health_answer(text, office_.public_hex()), told);
    EXPECT_EQ(content::read_health_answer(text, thief_.public_hex()), content::HealthAnswer{});
    auto forged = text;
    forged.replace(forged.find("\"aa\""), 4, "\"bb\"");
    EXPECT_EQ(content::read_health_answer(forged, office_.public_hex()), content::HealthAnswer{});
    EXPECT_EQ(content::write_health_answer({"kh-pp-01", "aa", {}, false}, office_), "{\"format\":1}");
    EXPECT_EQ(content::read_health_answer("{\"format\":1}", office_.public_hex()), content::HealthAnswer{});
    EXPECT_EQ(content::read_health_answer("<html>", office_.public_hex()), content::HealthAnswer{});
}

}  // namespace
}  // namespace riverlight::office
