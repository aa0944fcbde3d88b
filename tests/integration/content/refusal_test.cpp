// Releases that are signed and cannot be played here: what a board takes of them, and what it returns to.
#include "tests/support/refusal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "content/segment/country_json.hpp"
#include "content/store/content_set.hpp"
#include "content/store/scrub.hpp"
#include "content/sync/sync.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/places.hpp"
#include "tests/support/repository.hpp"

namespace riverlight::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using content::KeptRelease;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Instant now = *from_rfc3339("2026-11-24T06:00:00Z");
constexpr auto clearances_path = "countries/kh/clearances.json";

/// A channel that a test may sign anything into, and a board's store.
class Refused : public ::testing::Test {
  protected:
    Refused() {
        repo_.delegate("targets", {.name = "kh", .paths = {"countries/kh/*"}, .terminating = true});
        publish({"one"});
    }

    /// Signs a release whose schedule airs `segments`, all of them cleared.
    void publish(const std::vector<std::string>& segments) {
        json::array ids;
        country_.clearances.clear();
        for (const auto& id : segments) {
            ids.push_back(json::value(id));
            add_segment(id);
            country_.clearances.push_back({id, 1, {"km"}, {}, {}});
        }
        json::array bookings{json::object{{"segments", std::move(ids)}}}, campaigns;
        campaigns.push_back(json::object{{"booking", std::move(bookings)}});
        schedule_ = json::serialize(json::object{{"format", 1}, {"campaign", std::move(campaigns)}});
        sign();
    }
    void sign() {
        repo_.add_target("targets", "schedules/mekong.json", schedule_);
        repo_.add_target("kh", "countries/kh/places.json", content::write_places(country_));
        repo_.add_target("kh", clearances_path, content::write_clearances(country_));
        repo_.add_target("kh", "countries/kh/hotlines.json", content::write_hotlines(country_));
        publish_roles();
    }
    void publish_roles() {
        repo_.publish({"targets", "kh", "snapshot", "timestamp"});
        fs::remove_all(folder_ / "tree");
        repo_.write_to(folder_ / "tree");
    }
    void add_segment(const std::string& id) {
        const auto bytes = picture_of(id);
        content::Manifest m;
        m.id = id;
        m.duration = 2s;
        m.fallback_locale = "km";
        content::MediaFile file;
        file.sha256 = sha256_hex(bytes);
        file.ext = "mp4";
        file.bytes = bytes.size();
        file.kind = "picture";
        file.codec = "h264";
        file.width = 1280;
        file.height = 720;
        file.frame_rate = "25/1";
        m.files[file.sha256] = file;
        m.locales["km"].title = id;
        m.locales["km"].picture = file.sha256;
        repo_.add_target("targets", "segments/" + id + ".json", content::write_manifest(m));
        repo_.add_target("targets", "media/" + file.name(), bytes);
    }
    static std::string picture_of(const std::string& id) { return "the picture of " + id; }
    [[nodiscard]] std::string media_of(const std::string& id) const {
        return folder_ / ("store/media/" + sha256_hex(picture_of(id)) + ".mp4");
    }

    /// A visit of a board that cannot play a schedule with the segment `odd`.
    content::SyncResult visit(const std::string& survived = {}) {
        content::SyncOptions o;
        o.channel_url = "file://" + (folder_ / "tree");
        o.store_root = folder_ / "store";
        o.trusted_root = folder_ / "tree/metadata/1.root.json";
        o.place = "kh-1";
        o.survived = survived;
        o.require_playable = [this](const content::Facts& facts) {
            ++checks_;
            if (facts.catalogue.segments.contains("odd") &&
                facts.schedules.at("mekong").find("odd") != std::string::npos)
                throw Error("it is odd");
        };
        return content::sync_channel(o, moment_, {});
    }
    [[nodiscard]] std::optional<content::ContentSet> load(KeptRelease which = KeptRelease::current) const {
        return content::Store(folder_ / "store").load(which);
    }
    [[nodiscard]] std::size_t clearances_in(KeptRelease which) const {
        return load(which)->catalogue.countries.at("KH").clearances.size();
    }

    Folder folder_;
    Instant moment_ = now;
    Repository repo_{now};
    content::Country country_ = make_country();
    std::string schedule_;
    int checks_ = 0;
};

TEST_F(Refused, AReleaseThatTheBoardCannotPlayIsRefusedByNameAndTheFormerPlaysOn) {
    const auto first = visit();
    EXPECT_TRUE(first.changed);
    EXPECT_FALSE(first.refused);
    publish({"one", "odd"});
    const auto result = visit();
    ASSERT_TRUE(result.refused);
    EXPECT_EQ(result.refused->release, result.release);
    EXPECT_EQ(result.refused->why, "it is odd");
    EXPECT_EQ(content::base_of(load()->release), first.release);
    EXPECT_FALSE(load()->catalogue.segments.contains("odd"));
    EXPECT_FALSE(fs::exists(media_of("odd"))) << "nothing of it is fetched";
    EXPECT_EQ(content::read_refusal({folder_ / "store"}, "kh-1"), result.refused);
}

TEST_F(Refused, ItIsCheckedOnceUntilAnotherReleaseComes) {
    static_cast<void>(visit());
    publish({"one", "odd"});
    const auto refused = visit().refused;
    const auto checks = checks_;
    EXPECT_EQ(visit().refused, refused);
    EXPECT_EQ(checks_, checks);
    EXPECT_FALSE(content::read_refusal({folder_ / "store"}, "kh-2"))
        << "another place may be able to play it";
    static_cast<void>(folder_.write("store/refused.json", "{"));
    EXPECT_EQ(visit().refused, refused) << "a note that is lost costs one more check";
    EXPECT_EQ(checks_, checks + 1);
    publish({"one", "two"});
    const auto good = visit();
    EXPECT_FALSE(good.refused);
    EXPECT_EQ(load()->release, good.release);
    EXPECT_FALSE(content::read_refusal({folder_ / "store"}, "kh-1"));
    static_cast<void>(visit());
    EXPECT_EQ(checks_, checks + 2) << "nor is what is current checked again";
}

TEST_F(Refused, WhatARefusedReleaseWithdrawsIsWithdrawn) {
    publish({"one", "two"});
    static_cast<void>(visit());
    EXPECT_EQ(clearances_in(KeptRelease::current), 2U);
    publish({"two", "odd"});
    EXPECT_TRUE(visit().refused);
    for (const auto which : {KeptRelease::current, KeptRelease::last_good}) {
        const auto set = load(which);
        const auto& cleared = set->catalogue.countries.at("KH").clearances;
        EXPECT_TRUE(std::none_of(cleared.begin(), cleared.end(),
                                 [](const auto& clearance) { return clearance.segment == "one"; }));
        EXPECT_TRUE(set->catalogue.segments.contains("one")) << "all else is the former release";
    }
    country_.clearances.clear();
    sign();
    EXPECT_TRUE(visit().refused);
    EXPECT_EQ(clearances_in(KeptRelease::current), 0U);
    EXPECT_EQ(clearances_in(KeptRelease::last_good), 0U);
}

TEST_F(Refused, ACountryThatSignsNoClearancesAnyMoreHasWithdrawnAll) {
    static_cast<void>(visit());
    publish({"one", "odd"});
    repo_.targets["kh"].erase(clearances_path);
    publish_roles();
    EXPECT_TRUE(visit().refused);
    EXPECT_EQ(clearances_in(KeptRelease::current), 0U);
    EXPECT_EQ(clearances_in(KeptRelease::last_good), 0U);
}

TEST_F(Refused, NoOtherRoleTakesACountrysClearancesAway) {
    static_cast<void>(visit());
    auto none = country_;
    none.clearances.clear();
    repo_.add_target("targets", clearances_path, content::write_clearances(none));
    publish_roles();
    const auto result = visit();
    EXPECT_EQ(load()->release, result.release);
    EXPECT_EQ(clearances_in(KeptRelease::current), 1U) << "those of the country's own role";
    ASSERT_EQ(result.alarms.size(), 1U);
    EXPECT_THAT(result.alarms.front(), ::testing::StartsWith("targets: countries/kh/clearances.json"));
}

TEST_F(Refused, FactsThatCannotBeReadRefuseTheirReleaseUnderItsClearances) {
    publish({"one", "two"});
    static_cast<void>(visit());
    publish({"two"});
    repo_.add_target("targets", "segments/aaa.json", "{\"format\":9}");
    publish_roles();
    const auto result = visit();
    ASSERT_TRUE(result.refused);
    EXPECT_THAT(result.refused->why, HasSubstr("segments/aaa.json"));
    EXPECT_EQ(clearances_in(KeptRelease::current), 1U);
}

TEST_F(Refused, ClearancesThatCannotBeReadChangeNothingAndAreNotProlonged) {
    static_cast<void>(visit());
    const auto heard = content::read_last_contact({folder_ / "store"});
    moment_ += std::chrono::days{2};
    repo_.add_target("kh", clearances_path, "{\"format\":9}");
    publish_roles();
    const auto result = visit();
    ASSERT_TRUE(result.refused);
    EXPECT_THAT(result.refused->why, HasSubstr(clearances_path));
    EXPECT_FALSE(result.later_contact);
    EXPECT_EQ(clearances_in(KeptRelease::current), 1U);
    EXPECT_EQ(content::read_last_contact({folder_ / "store"}), heard);
    publish({"one", "odd"});
    EXPECT_TRUE(visit().later_contact) << "a refused release whose clearances hold is contact";
}

TEST_F(Refused, AReleaseWithoutThePlaceIsRefused) {
    publish({"one", "two"});
    static_cast<void>(visit());
    country_.places.front().id = "kh-9";
    country_.clearances.pop_back();
    sign();
    const auto result = visit();
    ASSERT_TRUE(result.refused);
    EXPECT_THAT(result.refused->why, HasSubstr("the channel has no place 'kh-1'"));
    EXPECT_TRUE(load()->catalogue.place("kh-1"));
    EXPECT_EQ(clearances_in(KeptRelease::current), 1U) << "its withdrawals hold";
}

TEST_F(Refused, TheFormerReleaseStaysUntilTheNewOneHasSurvivedARestart) {
    const auto one = visit().release;
    EXPECT_EQ(load(KeptRelease::last_good)->release, one) << "there is nothing else to return to";
    publish({"two"});
    const auto two = visit().release;
    const auto age = [&] {
        for (const auto* id : {"one", "two"})
            if (fs::exists(media_of(id)))
                fs::last_write_time(media_of(id), fs::file_time_type::clock::now() - 25h);
    };
    age();
    for (const auto* survived : {"", one.c_str()}) {
        static_cast<void>(visit(survived));
        const auto former = load(KeptRelease::last_good);
        EXPECT_EQ(content::base_of(former->release), one);
        EXPECT_THAT(former->missing, IsEmpty());
        EXPECT_TRUE(former->catalogue.segments.contains("one"));
    }
    const std::atomic<bool> never = false;
    static_cast<void>(folder_.write("store/media/" + fs::path(media_of("one")).filename().string(), "bent"));
    EXPECT_THAT(content::scrub(folder_ / "store", 1U << 30, never).damaged, ::testing::SizeIs(1))
        << "it is looked after as well";
    repo_.add_target("targets", "media/" + fs::path(media_of("one")).filename().string(), picture_of("one"));
    static_cast<void>(
        folder_.write("store/media/" + fs::path(media_of("one")).filename().string(), picture_of("one")));
    age();
    static_cast<void>(visit(two));
    EXPECT_EQ(load(KeptRelease::last_good)->release, two);
    EXPECT_FALSE(fs::exists(media_of("one")));
    EXPECT_TRUE(fs::exists(media_of("two")));
}

TEST_F(Refused, WhatIsLostOfTheFormerReleaseComesAgainMeanwhile) {
    static_cast<void>(visit());
    publish({"one", "odd"});
    EXPECT_TRUE(visit().refused);
    for (const auto* folder : {"store/targets", "store/copies", "store/media"})
        for (const auto& entry : fs::directory_iterator(folder_ / folder)) fs::resize_file(entry.path(), 1);
    EXPECT_THROW(static_cast<void>(load()), Error);
    const auto result = visit();
    EXPECT_TRUE(result.refused);
    EXPECT_TRUE(result.changed);
    EXPECT_THAT(load()->missing, IsEmpty());
    EXPECT_TRUE(load()->catalogue.segments.contains("one"));
    EXPECT_FALSE(visit().changed);
}

TEST_F(Refused, ACurrentReleaseThatIsLostIsTheLastGoodOneAgain) {
    const auto one = visit().release;
    publish({"one", "odd"});
    for (const auto* file : {"store/current.json", "store/current.copy.json"}) fs::remove(folder_ / file);
    EXPECT_FALSE(load());
    EXPECT_EQ(content::base_of(load(KeptRelease::last_good)->release), one);
    EXPECT_TRUE(visit().refused);
    EXPECT_EQ(content::base_of(load()->release), one);
}

}  // namespace
}  // namespace riverlight::test
