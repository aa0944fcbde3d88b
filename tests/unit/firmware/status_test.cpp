#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "content/airing/health.hpp"
#include "content/base/json.hpp"
#include "content/html/page.hpp"
#include "firmware/status/alarms.hpp"
#include "firmware/status/board_view.hpp"
#include "firmware/status/json.hpp"
#include "firmware/status/metrics.hpp"
#include "firmware/status/page.hpp"
#include "firmware/status/routes.hpp"

namespace riverlight::firmware {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// The alarms' concerns, in their order.
std::vector<Concern> concerns(const std::vector<Alarm>& alarms) {
    std::vector<Concern> out;
    out.reserve(alarms.size());
    for (const auto& alarm : alarms) out.push_back(alarm.notice.concern);
    return out;
}
std::vector<BoardNotice> notices(const std::vector<Alarm>& alarms) {
    std::vector<BoardNotice> out;
    out.reserve(alarms.size());
    for (const auto& alarm : alarms) out.push_back(alarm.notice);
    return out;
}

/// The samples of a page of metrics (Prometheus text format), by name and labels.
std::map<std::string, std::string> samples(const std::string& metrics) {
    std::map<std::string, std::string> out;
    std::istringstream lines(metrics);
    for (std::string line; std::getline(lines, line);) {
        const auto space = line.rfind(' ');
        if (!line.starts_with('#')) out[line.substr(0, space)] = line.substr(space + 1);
    }
    return out;
}

const Instant noon = *from_rfc3339("2026-11-25T12:00:00Z");

BoardView feed_with_two_outputs() {
    BoardView view;
    view.version = "1.2.3";
    view.place.id = "th-tv-01";
    view.release = {"release-1", Instant::max()};
    view.clock = {noon, content::ClockState::synchronised, {}, {}, {}, {}};
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

class StatusRoutesTest : public testing::Test {
  protected:
    http::Response request(const std::string& method, const std::string& path) {
        http::Request request;
        request.method = method;
        request.path = path;
        return routes_.respond(request);
    }
    http::Response get(const std::string& path) { return request("GET", path); }

    int views_ = 0;
    StatusRoutes routes_{[this] {
                             ++views_;
                             return feed_with_two_outputs();
                         },
                         {{"feed", "/srv/feed/snapshot.jpg", "/srv/hls"}, {"screen", "/srv/s.jpg", ""}}};
};

TEST_F(StatusRoutesTest, a_view_is_made_only_for_requests_that_show_one) {
    for (const auto* path : {"/outlet/feed.jpg", "/outlet/feed/live.m3u8", "/outlet/feed/live-3.ts",
                             "/nothing", "/outlet/other.jpg", "/favicon.ico"})
        static_cast<void>(get(path));
    static_cast<void>(request("POST", "/"));
    EXPECT_EQ(views_, 0);
    for (const auto* path : {"/", "/v1/status", "/metrics"}) EXPECT_EQ(get(path).status, 200) << path;
    EXPECT_EQ(views_, 3);
}

TEST_F(StatusRoutesTest, types_and_caching_are_of_each_route) {
    const std::pair<std::string, std::string> no_store("Cache-Control", "no-store");
    EXPECT_EQ(get("/").type, "text/html; charset=utf-8");
    EXPECT_EQ(get("/v1/status").type, "application/json");
    EXPECT_EQ(get("/metrics").type, "text/plain; version=0.0.4; charset=utf-8");
    for (const auto* path : {"/", "/v1/status", "/metrics", "/outlet/feed.jpg"})
        EXPECT_THAT(get(path).headers, Contains(no_store)) << path;
    EXPECT_EQ(get("/outlet/feed.jpg").type, "image/jpeg");
    EXPECT_EQ(get("/outlet/feed.jpg").file, "/srv/feed/snapshot.jpg");
    EXPECT_EQ(get("/outlet/screen.jpg").file, "/srv/s.jpg");
}

TEST_F(StatusRoutesTest, the_page_has_the_strict_policy_and_serves_its_files) {
    const auto page = get("/");
    EXPECT_THAT(page.headers, Contains(std::pair<std::string, std::string>("Content-Security-Policy",
                                                                           html::content_security_policy)));
    EXPECT_THAT(std::string(html::content_security_policy), Not(HasSubstr("unsafe")));
    for (const auto* inline_code : {"<style", "style=", "onclick", "<script>"})
        EXPECT_THAT(page.body, Not(HasSubstr(inline_code)));
    for (const auto& file : html::files()) {
        EXPECT_EQ(get(file.path).body, file.bytes) << file.path;
        EXPECT_EQ(get(file.path).type, file.type);
    }
    EXPECT_EQ(views_, 1);
}

TEST_F(StatusRoutesTest, case_77_answers_get_and_head_only) {
    EXPECT_EQ(request("HEAD", "/v1/status").status, 200);
    for (const auto* method : {"POST", "PUT", "DELETE", "OPTIONS"})
        EXPECT_EQ(request(method, "/v1/status").status, 405) << method;
    for (const auto* path : {"", "/index.html", "/v1", "/v1/status/", "/outlet/feed", "/outlet/.jpg",
                             "/outlet/feed.jpg/", "/outlet/a/b.jpg"})
        EXPECT_EQ(get(path).status, 404) << path;
}

TEST_F(StatusRoutesTest, serves_hls_by_its_names_only) {
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
          "/outlet/feed/live-1.ts.part", "/outlet/feed/live-../x.ts", "/outlet/feed/",
          "/outlet/other/live.m3u8", "/outlet/screen/live.m3u8", "/outlet/screen/live-1.ts"})
        EXPECT_EQ(get(path).status, 404) << path;
}

TEST(MatchPath, holes_stand_for_a_part_of_one_segment) {
    EXPECT_THAT(match_path("/", "/"), testing::Optional(testing::IsEmpty()));
    EXPECT_THAT(match_path("/o/{}.jpg", "/o/a-1.jpg"), testing::Optional(ElementsAre("a-1")));
    EXPECT_THAT(match_path("/o/{}/live-{}.ts", "/o/feed/live-7.ts"),
                testing::Optional(ElementsAre("feed", "7")));
    EXPECT_EQ(match_path("/o/{}.jpg", "/o/a/b.jpg"), std::nullopt);
    EXPECT_EQ(match_path("/o/{}.jpg", "/o/.jpg"), std::nullopt);
    EXPECT_EQ(match_path("/o/{}", "/o/"), std::nullopt);
    EXPECT_EQ(match_path("/o", "/o/"), std::nullopt);
}

TEST(StatusPage, shows_how_each_output_is) {
    EXPECT_THAT(status_page(feed_with_two_outputs()).markup(),
                AllOf(HasSubstr("udp://239.1.1.1:5004: <span class=\"well\">sending"),
                      HasSubstr("not sending; h:9000 refuses &lt;this&gt; passphrase"),
                      HasSubstr("/outlet/feed/live.m3u8")));
    const BoardNotice refused{Concern::output, "srt://h:9000?passphrase=…: h:9000 refuses <this> passphrase",
                              "feed"};
    EXPECT_THAT(notices(list_alarms(feed_with_two_outputs())), Contains(refused));
    const auto status = parse_json(status_json(feed_with_two_outputs()), "status");
    EXPECT_EQ(status.at("outlets").at(0).at("closed"), false);
    const auto& outputs = status.at("outlets").at(0).at("outputs").as_array();
    ASSERT_EQ(outputs.size(), 2U);
    EXPECT_EQ(outputs[0].at("figures").at("datagrams_sent"), 7);
    EXPECT_EQ(outputs[1].at("words"), "h:9000 refuses <this> passphrase");
    EXPECT_EQ(outputs[1].at("trouble"), true);
}

TEST(StatusJson, says_which_outlet_is_closed) {
    auto view = feed_with_two_outputs();
    view.outlets.at(0).closed = true;
    EXPECT_EQ(parse_json(status_json(view), "status").at("outlets").at(0).at("closed"), true);
}

TEST(StatusMetrics, name_outlet_and_output) {
    const auto text = metrics_text(feed_with_two_outputs());
    const auto all = samples(text);
    const std::string udp = R"({outlet="feed",output="udp://239.1.1.1:5004"})";
    EXPECT_EQ(all.at("riverlight_output_sending" + udp), "1");
    EXPECT_EQ(all.at("riverlight_output_datagrams_sent" + udp), "7");
    EXPECT_EQ(all.at(R"(riverlight_feed_ran_dry{outlet="feed"})"), "2");
    EXPECT_EQ(all.at(R"(riverlight_mode{mode="normal"})"), "1");
    EXPECT_FALSE(all.contains(R"(riverlight_feed_output_1{outlet="feed"})")) << "a metric is a number";
    for (const auto& [name, value] : all)
        EXPECT_EQ(value.find_first_not_of("-.0123456789"), std::string::npos) << name << ' ' << value;
    EXPECT_THAT(text, HasSubstr("# TYPE riverlight_output_receivers gauge\n"));
}

TEST(StatusJson, unknown_values_stay_as_todays_readers_expect_them) {
    auto view = feed_with_two_outputs();
    view.release.reset();
    const auto unknown = parse_json(health_json(view, {}), "health");
    EXPECT_EQ(unknown.at("clock_error_ms"), -1);
    EXPECT_EQ(unknown.at("disk_free_bytes"), -1);
    EXPECT_EQ(unknown.at("release"), "");
    EXPECT_TRUE(unknown.at("signed_until").is_null());
    view.clock.error = std::chrono::milliseconds(12);
    const auto known = parse_json(health_json(view, 5), "health");
    EXPECT_EQ(known.at("clock_error_ms"), 12);
    EXPECT_EQ(known.at("board"), "th-tv-01");
    EXPECT_EQ(known.at("disk_free_bytes"), 5);
}

SystemView updated_board() {
    SystemView system;
    system.report = {"0.2.0", "B", content::UpdateState::ready, content::UpdateWait::open, "0.3.0", {}};
    system.report.last = {"0.2.5", content::UpdateFault::did_not_play, noon};
    system.compatible = "riverlight-amd64-uefi";
    system.slots =
        SlotReport{SystemSlot::b, {1, SystemSlot::b, {SlotRecord{SlotTrust::sure}, {SlotTrust::sure}}}};
    system.other_version = "0.1.0";
    system.next_idle = noon + std::chrono::hours(8);
    return system;
}

TEST(StatusJson, says_what_becomes_of_the_boards_system) {
    auto view = feed_with_two_outputs();
    EXPECT_TRUE(parse_json(status_json(view), "status").at("system").is_null());
    EXPECT_FALSE(parse_json(health_json(view, {}), "health").get_object().contains("system"));
    EXPECT_THAT(status_page(view).markup(), HasSubstr("updated by its packages"));
    view.system = updated_board();
    const auto system = parse_json(status_json(view), "status").at("system");
    EXPECT_EQ(system.at("version"), "0.2.0");
    EXPECT_EQ(system.at("running").at("slot"), "B");
    EXPECT_EQ(system.at("other").at("version"), "0.1.0");
    EXPECT_EQ(system.at("other").at("trust"), "sure");
    EXPECT_EQ(system.at("update").at("state"), "ready");
    EXPECT_EQ(system.at("update").at("wait"), "open");
    EXPECT_EQ(system.at("update").at("place_closes"), "2026-11-25T20:00:00.000000Z");
    EXPECT_EQ(system.at("last_update").at("fault"), "did-not-play");
    EXPECT_EQ(content::read_health(health_json(view, {})).report.system, view.system->report);
    const auto page = status_page(view).markup();
    for (const auto* part : {"0.2.0, slot B is sure; slot A is sure, version 0.1.0", "Version 0.3.0 is here",
                             "closed next at 2026-11-25T20:00", "Version 0.2.5 did not play"})
        EXPECT_THAT(page, HasSubstr(part));
}

TEST(Alarms, a_display_that_is_off_in_a_closed_place_is_none) {
    auto view = feed_with_two_outputs();
    view.outlets.front().slate = true;
    view.outlets.front().trouble = "its player ended";
    EXPECT_THAT(notices(list_alarms(view)),
                Contains(BoardNotice{Concern::slate, "its player ended", "feed"}));
    view.outlets.front().closed = true;
    EXPECT_THAT(concerns(list_alarms(view)), Not(Contains(Concern::slate)));
    EXPECT_THAT(status_page(view).markup(), HasSubstr("nothing: the place is closed"));
}

TEST(Alarms, come_worst_first) {
    BoardView view;
    view.release = {"r", noon};
    view.clock.now = noon + std::chrono::hours(1);
    view.notices = {{Concern::channel, "It is not signed."}, {Concern::source, "A notice."}};
    view.report = ReportView{ReportState::refused, "ab", "the office refused it", ReportProblem::refused, {}};
    EXPECT_THAT(concerns(list_alarms(view)),
                ElementsAre(Concern::channel, Concern::source, Concern::office_refuses,
                            Concern::clock_not_set, Concern::expired));
    EXPECT_EQ(list_alarms(view)[2].text.technician, "the office refused it");
    view.mode = RunMode::safe;
    EXPECT_THAT(concerns(list_alarms(view)), ElementsAre(Concern::channel, Concern::source,
                                                         Concern::office_refuses, Concern::clock_not_set))
        << "a factory loop's signatures are old, and that is no alarm";
}

class BoardViewTest : public testing::Test {
  protected:
    BoardViewTest() {
        parts_.place_id = "kh-1";
        parts_.clock.now = noon;
    }
    BoardView view() { return make_board_view(parts_, {}); }
    void put_on_programme(std::set<std::string> missing = {}) {
        auto content = std::make_shared<content::ContentSet>();
        content->release = "17-aa";
        content->signed_until = noon;
        content->missing = std::move(missing);
        auto programme = std::make_shared<Programme>();
        programme->content = content;
        programme->place.name = "One";
        programme->place.zone = "Asia/Phnom_Penh";
        parts_.programme = programme;
    }
    ViewParts parts_;
};

TEST_F(BoardViewTest, an_update_that_failed_is_an_alarm_for_a_month_and_one_that_waits_is_none) {
    parts_.system = updated_board();
    EXPECT_THAT(concerns(list_alarms(view())), Contains(Concern::update_returned));
    parts_.system->report.last->fault = content::UpdateFault::bad_signature;
    EXPECT_THAT(concerns(list_alarms(view())), Contains(Concern::update_refused));
    parts_.clock.now = noon + std::chrono::days(31);
    EXPECT_THAT(concerns(list_alarms(view())), Not(Contains(Concern::update_refused)));
    parts_.system->report.wait = content::UpdateWait::no_room;
    EXPECT_THAT(concerns(list_alarms(view())), Contains(Concern::update_waits));
    parts_.system->report = {};
    for (const auto concern : concerns(list_alarms(view())))
        EXPECT_THAT(concern, testing::AnyOf(Concern::no_release, Concern::clock_not_set));
}

TEST_F(BoardViewTest, place_and_release_come_with_the_programme) {
    EXPECT_EQ(view().place.id, "kh-1");
    EXPECT_EQ(view().place.zone, "");
    EXPECT_FALSE(view().release);
    put_on_programme();
    EXPECT_EQ(view().place.name, "One");
    EXPECT_EQ(view().release->name, "17-aa");
    EXPECT_TRUE(view().notices.empty());
}

TEST_F(BoardViewTest, a_fault_of_staging_comes_before_one_of_the_channel) {
    parts_.channel = ViewParts::Channel{};
    EXPECT_THAT(view().notices, testing::IsEmpty());
    EXPECT_THAT(concerns(list_alarms(view())), Contains(Concern::no_release));
    parts_.channel->fault = "it is not signed";
    const BoardNotice channel{Concern::channel, "it is not signed"};
    EXPECT_THAT(view().notices, ElementsAre(channel));
    parts_.staging_fault = "the channel has no place 'kh-1'";
    EXPECT_THAT(view().notices, ElementsAre(BoardNotice{Concern::release, parts_.staging_fault}, channel));
    EXPECT_THAT(concerns(list_alarms(view())), Not(Contains(Concern::no_release)))
        << "one has arrived, and cannot be put on";
    parts_.channel->concern = Concern::no_room;
    EXPECT_EQ(view().notices.back().concern, Concern::no_room);
}

TEST_F(BoardViewTest, a_release_that_was_refused_is_named) {
    parts_.channel = ViewParts::Channel{};
    parts_.channel->refusal = {"17-aa", "the channel has no schedule 'mekong'"};
    EXPECT_THAT(view().notices,
                ElementsAre(BoardNotice{Concern::release_refused,
                                        "release 17-aa: the channel has no schedule 'mekong'"}));
    EXPECT_THAT(concerns(list_alarms(view())), Not(Contains(Concern::no_release)))
        << "one has arrived, and cannot be put on";
}

TEST_F(BoardViewTest, records_that_were_set_aside_are_an_alarm_for_a_month) {
    put_on_programme();
    parts_.journal.refused = {{"e1", 7, "abcd", noon - std::chrono::days(40), "no"},
                              {"e2", 9, "ef01", noon - std::chrono::days(3), "the office said no"}};
    ASSERT_EQ(view().notices.size(), 1U);
    EXPECT_EQ(view().notices[0].concern, Concern::set_aside);
    EXPECT_EQ(view().notices[0].count, 1U);
    EXPECT_THAT(view().notices[0].technician, AllOf(HasSubstr("ef01"), HasSubstr("the office said no")));
    parts_.clock.now += std::chrono::days(30);
    EXPECT_THAT(view().notices, testing::IsEmpty());
}

TEST_F(BoardViewTest, notices_come_in_order_of_importance) {
    put_on_programme({"a.mp4", "b.mp4"});
    parts_.mode = RunMode::safe;
    parts_.reduced_reason = "Safe mode: …";
    parts_.channel = {"", Concern::channel, "", {"The source x is left aside"}, "1 file was found damaged"};
    parts_.rendition_faults = {"A rendition cannot be spliced."};
    parts_.journal.set_aside = "The journal began again.";
    parts_.journal.reduced_notice = "All runs again since …";
    parts_.stick = StickNote{StickNote::State::failed, "It broke.", noon, {}};
    const BoardNotice began_again{Concern::journal_renewed, "The journal began again."};
    EXPECT_THAT(view().notices,
                ElementsAre(BoardNotice{Concern::safe_mode, "Safe mode: …"},
                            BoardNotice{Concern::source, "The source x is left aside"},
                            BoardNotice{Concern::damage, "1 file was found damaged"},
                            BoardNotice{Concern::missing_media, "", "", 2},
                            BoardNotice{Concern::rendition, "A rendition cannot be spliced."}, began_again,
                            BoardNotice{Concern::reduced_before, "All runs again since …"},
                            BoardNotice{Concern::stick, "Stick: It broke."}));
    parts_.journal.state.receipted = 1;
    EXPECT_THAT(view().notices, Not(Contains(began_again))) << "the office knows";
    parts_.stick->state = StickNote::State::done;
    EXPECT_NE(view().notices.back().concern, Concern::stick);
}

TEST_F(BoardViewTest, case_41_a_damaged_factory_loop_says_what_to_do) {
    put_on_programme({"a.mp4"});
    parts_.factory = true;
    EXPECT_THAT(view().notices, ElementsAre(BoardNotice{Concern::factory_loop, "", "", 1}));
    const auto alarms = list_alarms(view());
    EXPECT_THAT(alarms[0].text.todo, HasSubstr("image written onto its card"));
    EXPECT_THAT(alarms[0].text.meanwhile, HasSubstr("factory loop"));
}

TEST(HealthTrigger, changes_with_what_is_on_air_and_with_faults) {
    OutletView screen, feed;
    screen.id = "screen";
    feed.id = "feed";
    feed.on_air.emplace();
    feed.on_air->airing = "a-1";
    EXPECT_EQ(health_trigger({screen, feed}, ""), "screen slate;feed a-1;");
    EXPECT_NE(health_trigger({screen, feed}, "a fault"), health_trigger({screen, feed}, ""));
}

}  // namespace
}  // namespace riverlight::firmware
