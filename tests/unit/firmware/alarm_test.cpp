// The words of every alarm: for people who are not technicians, and none lacks a part.
#include "firmware/status/alarm.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "content/base/json.hpp"
#include "content/base/plain_text.hpp"
#include "firmware/status/alarms.hpp"
#include "firmware/status/json.hpp"
#include "firmware/status/metrics.hpp"
#include "firmware/status/page.hpp"

namespace riverlight::firmware {
namespace {

using testing::HasSubstr;
using testing::Not;

/// As libraries, systems and servers say it.
const std::string technical =
    "403 Riverlight-Signature: not acceptable JSON at byte 0\n(Recv failure, errno 5)";

Alarm alarm(Concern concern, std::string_view contact = "") {
    return make_alarm({concern, technical, "screen", concern == Concern::missing_media ? 7U : 0U},
                      OnScreen::programme, contact);
}

TEST(AlarmWords, every_alarm_has_every_part) {
    for (const auto concern : every_concern) {
        const auto text = alarm(concern).text;
        for (const auto& part : {text.what, text.meanwhile, text.todo, text.call, text.technician}) {
            EXPECT_GT(part.size(), 10U) << to_text(concern);
            EXPECT_TRUE(is_plain_text(part)) << part;
        }
        EXPECT_EQ(std::count(text.what.begin(), text.what.end(), '.'), 1) << "one sentence: " << text.what;
        for (const auto& part : {text.what, text.meanwhile, text.todo, text.call}) {
            EXPECT_EQ(part.back(), '.') << part;
            EXPECT_EQ(part.find("{}"), std::string::npos) << part;
        }
    }
}

TEST(AlarmWords, what_only_a_technician_understands_stands_in_the_line_for_technicians) {
    for (const auto concern : every_concern) {
        const auto text = alarm(concern).text;
        EXPECT_EQ(text.technician, plain_text(technical));
        for (const auto& part : {text.what, text.meanwhile, text.todo, text.call})
            for (const auto* word : {"403", "JSON", "errno", "failure", "Signature", "hash", "epoch", "byte",
                                     "HTTP", "seq", "TUF", "metadata", "config", "/"})
                EXPECT_THAT(part, Not(HasSubstr(word))) << to_text(concern);
    }
}

TEST(AlarmWords, no_two_concerns_say_the_same) {
    std::set<std::string> names, sentences;
    for (const auto concern : every_concern) {
        names.emplace(to_text(concern));
        sentences.insert(alarm(concern).text.what);
    }
    EXPECT_EQ(names.size(), every_concern.size());
    EXPECT_EQ(sentences.size(), every_concern.size());
}

TEST(AlarmWords, what_the_screen_does_is_what_is_on) {
    std::set<std::string> said;
    for (const auto on : {OnScreen::programme, OnScreen::factory_loop, OnScreen::slate})
        said.insert(make_alarm({Concern::expired}, on, "").text.meanwhile);
    EXPECT_EQ(said.size(), 3U);
}

TEST(AlarmWords, the_contact_of_the_board_is_named) {
    EXPECT_EQ(alarm(Concern::stick, "Ms Sokha, 012 345 678").text.call, "Ms Sokha, 012 345 678");
    EXPECT_THAT(alarm(Concern::stick).text.call, HasSubstr("coordinator"));
    EXPECT_THAT(alarm(Concern::slate).text.what, HasSubstr("Outlet screen"));
    EXPECT_THAT(alarm(Concern::missing_media).text.what, HasSubstr("7"));
}

TEST(AlarmWords, page_json_and_metrics_show_every_part) {
    BoardView view;
    view.place.id = "kh-pp-01";
    view.place.contact = "Ms <Sokha>";
    view.release = {"r", Instant::max()};
    view.clock.state = content::ClockState::synchronised;
    for (const auto concern : every_concern) view.notices.push_back({concern, technical, "screen", 1});
    const auto alarms = list_alarms(view);
    ASSERT_EQ(alarms.size(), every_concern.size());
    const auto status = parse_json(status_json(view), "status");
    const auto page = status_page(view).markup();
    const auto metrics = metrics_text(view);
    for (std::size_t n = 0; n < alarms.size(); ++n) {
        const auto& text = alarms[n].text;
        const auto& details = status.at("alarm_details").at(n);
        EXPECT_EQ(details.at("concern").as_string(), to_text(alarms[n].notice.concern));
        for (const auto& [key, part] : {std::pair{"what", text.what},
                                        {"meanwhile", text.meanwhile},
                                        {"todo", text.todo},
                                        {"call", text.call},
                                        {"technician", text.technician}}) {
            EXPECT_EQ(details.at(key).as_string(), part);
            EXPECT_THAT(std::string(status.at("alarms").at(n).as_string()), HasSubstr(part));
        }
        EXPECT_THAT(metrics, HasSubstr("riverlight_alarm{concern=\"" +
                                       std::string(to_text(alarms[n].notice.concern)) + "\"} 1\n"));
    }
    for (const auto* words : {"For the technician: 403 Riverlight-Signature", "Ms &lt;Sokha&gt;",
                              "What to do", "Meanwhile", "Whom to call"})
        EXPECT_THAT(page, HasSubstr(words));
}

}  // namespace
}  // namespace riverlight::firmware
