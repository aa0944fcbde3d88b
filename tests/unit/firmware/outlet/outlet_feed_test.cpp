// Feeds: guide, avails and renditions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/firmware/outlet/fixture.hpp"

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::SizeIs;

class FeedTest : public test::OutletFixture {
  protected:
    FeedTest() {
        setup_.id = "feed";
        setup_.feed = setup_.avails = true;
        setup_.profile = "720p25";
        schedule_.campaigns.pop_back();  // no fillers: there is open time
        schedule_.campaigns.front().bookings.front().plays_per_day = 24;
    }
};

TEST_F(FeedTest, ShowsNoNotices) {
    play();
    handle(NoticeChanged{{"Remove the stick", "en"}});
    EXPECT_THAT(commands_, IsEmpty());
}

TEST_F(FeedTest, AGuideIsSentToEachPlayerAndEveryTenMinutes) {
    play();
    wait(10s);
    EXPECT_THAT(of<player::Guide>(all_), SizeIs(1));
    wait(10min);
    EXPECT_THAT(of<player::Guide>(all_), SizeIs(2));
    end_player();
    wait(2s);
    EXPECT_THAT(of<player::Guide>(all_), SizeIs(3));
}

TEST_F(FeedTest, EachAvailIsSentOnceToEachPlayer) {
    play();
    // The first airing's end begins open time.
    const auto first = view().next.front();
    pass(first.end - now_.now - 16s);
    wait(10s);
    ASSERT_THAT(of<player::Avail>(all_), SizeIs(1));
    EXPECT_EQ(of<player::Avail>(all_)[0].start, first.end);
    end_player();
    wait(2s);
    EXPECT_THAT(of<player::Avail>(all_), SizeIs(2)) << "a new player knows nothing";
}

TEST_F(FeedTest, ARefusedRenditionIsEncodedAsItPlays) {
    auto& spot = content_->catalogue.segments.at("spot");
    const std::string rendition(64, 'r');
    spot.files[rendition] = spot.files.at(std::string(64, 's'));
    spot.files[rendition].sha256 = rendition;
    spot.files[rendition].profile = "720p25";
    for (auto& [locale, words] : spot.locales) words.renditions["720p25"] = rendition;
    std::string refused;
    setup_.is_refused = [&](const std::string& path) { return path == refused; };
    play();
    ASSERT_TRUE(told_[0].media.rendition);
    EXPECT_EQ(log_.open_.at(1).sha256, rendition);
    refused = told_[0].media.rendition->path;
    play();
    ASSERT_FALSE(sent<player::Cue>().empty());
    EXPECT_FALSE(sent<player::Cue>()[0].media.rendition);
}

}  // namespace
}  // namespace riverlight::firmware
