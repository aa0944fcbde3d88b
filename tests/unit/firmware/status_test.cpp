#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "firmware/status/page.hpp"

namespace riverlight::firmware {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

BoardView feed_with_two_outputs() {
    BoardView view;
    view.board = view.place = "th-tv-01";
    view.release = "release-1";
    view.signed_until = Instant::max();
    OutletView outlet;
    outlet.id = "feed";
    outlet.slate = false;
    outlet.hls = "/srv/hls";
    outlet.evidence = {{"ran_dry", "2"}, {"output_1", "words for the journal"}};
    outlet.outputs = {
        {"udp://239.1.1.1:5004", true, "", false, {{"datagrams_sent", 7}}},
        {"srt://h:9000?passphrase=…", false, "h:9000 refuses <this> passphrase", true, {{"receivers", 0}}}};
    view.outlets.push_back(outlet);
    return view;
}

http::Response get(const std::string& path) {
    http::Request request;
    request.method = "GET";
    request.path = path;
    return status_response(request, feed_with_two_outputs());
}

TEST(StatusPage, SaysHowEachOutputStands) {
    EXPECT_THAT(get("/").body, AllOf(HasSubstr("udp://239.1.1.1:5004: <span class=\"well\">sending"),
                                     HasSubstr("not sending; h:9000 refuses &lt;this&gt; passphrase"),
                                     HasSubstr("/outlet/feed/live.m3u8")));
    EXPECT_THAT(alarms_of(feed_with_two_outputs()),
                Contains(AllOf(HasSubstr("Outlet feed"), HasSubstr("refuses"))));
    EXPECT_THAT(get("/v1/status").body, AllOf(HasSubstr("\"datagrams_sent\""), HasSubstr("refuses <this>")));
}

TEST(StatusPage, MetricsNameOutletAndOutput) {
    const auto text = get("/metrics").body;
    EXPECT_THAT(text,
                HasSubstr("riverlight_output_sending{outlet=\"feed\",output=\"udp://239.1.1.1:5004\"} 1\n"));
    EXPECT_THAT(
        text,
        HasSubstr("riverlight_output_datagrams_sent{outlet=\"feed\",output=\"udp://239.1.1.1:5004\"} 7\n"));
    EXPECT_THAT(text, HasSubstr("# TYPE riverlight_output_receivers gauge\n"));
    EXPECT_THAT(text, HasSubstr("riverlight_feed_ran_dry{outlet=\"feed\"} 2\n"));
    EXPECT_THAT(text, Not(HasSubstr("words for the journal"))) << "a metric is a number";
}

TEST(StatusPage, ADisplayThatIsOffInAClosedPlaceIsNoAlarm) {
    auto view = feed_with_two_outputs();
    view.release = "7";
    view.outlets.front().slate = true;
    view.outlets.front().on_air.reset();
    EXPECT_THAT(alarms_of(view), Contains(HasSubstr("shows the slate")));
    view.outlets.front().closed = true;
    EXPECT_THAT(alarms_of(view), Not(Contains(HasSubstr("shows the slate"))));
    http::Request request;
    request.method = "GET";
    request.path = "/";
    EXPECT_THAT(status_response(request, view).body, HasSubstr("nothing: the place is closed"));
}

TEST(StatusPage, HandsOutHlsByItsNamesAlone) {
    const auto list = get("/outlet/feed/live.m3u8"), segment = get("/outlet/feed/live-17.ts");
    EXPECT_EQ(list.file, "/srv/hls/live.m3u8");
    EXPECT_EQ(list.type, "application/vnd.apple.mpegurl");
    EXPECT_THAT(list.headers, Contains(std::pair<std::string, std::string>("Cache-Control", "no-cache")));
    EXPECT_EQ(segment.file, "/srv/hls/live-17.ts");
    EXPECT_EQ(segment.type, "video/mp2t");
    EXPECT_THAT(segment.headers, Contains(std::pair<std::string, std::string>(
                                     "Cache-Control", "public, max-age=3600, immutable")));
    for (const auto* path :
         {"/outlet/feed/../../etc/passwd", "/outlet/feed/live-.ts", "/outlet/feed/live-1/2.ts",
          "/outlet/feed/live-1.ts.part", "/outlet/feed/", "/outlet/other/live.m3u8"})
        EXPECT_EQ(get(path).status, 404) << path;
}

}  // namespace
}  // namespace riverlight::firmware
