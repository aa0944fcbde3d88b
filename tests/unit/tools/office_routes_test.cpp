// Who is let in where: every route of the office, for strangers, people who signed in, and their forms.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "content/audit/tree_head.hpp"
#include "content/html/page.hpp"
#include "content/http/routing.hpp"
#include "tests/support/office_folder.hpp"
#include "tools/office/office.hpp"

namespace riverlight::office {
namespace {

using testing::ElementsAre;
using testing::Eq;
using testing::IsEmpty;
using testing::Optional;
using namespace std::chrono_literals;

const Instant noon = *from_rfc3339("2026-11-24T05:00:00Z");

/// A route's path with a value in each of its holes.
std::string path_of(const Route& route) {
    std::string path(route.path);
    for (auto at = path.find("{}"); at != path.npos; at = path.find("{}")) path.replace(at, 2, "x");
    return path;
}

std::string header(const http::Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers)
        if (key == name) return value;
    return {};
}

class RoutesTest : public testing::Test {
  protected:
    RoutesTest() {
        OfficeStore records(folder_.path());
        Access::set_user(records, "pmo", "river and light");
        auto request = request_of("POST", "/sign-in");
        request.headers["content-type"] = "application/x-www-form-urlencoded";
        request.body = "user=pmo&password=river+and+light";
        const auto cookie = header(office_.answer(request), "Set-Cookie");  // the session's is the first
        cookie_ = cookie.substr(0, cookie.find(';'));
    }
    static http::Request request_of(std::string_view method, const std::string& path) {
        http::Request request;
        request.method = method;
        request.path = path;
        request.host = "office";
        request.remote = "192.0.2.1";
        return request;
    }
    http::Response ask(std::string_view method, const std::string& path, bool signed_in) {
        auto request = request_of(method, path);
        if (signed_in) request.headers["cookie"] = cookie_;
        return office_.answer(request);
    }
    std::string form_token() {
        const auto page = ask("GET", "/boards", true).body;
        const std::string_view before = "name=\"form_token\" value=\"";
        const auto from = page.find(before);
        EXPECT_NE(from, page.npos);
        return page.substr(from + before.size(), 32);
    }
    http::Response send_form(const std::string& path, const std::string& fields) {
        auto request = request_of("POST", path);
        request.headers["cookie"] = cookie_;
        request.headers["content-type"] = "application/x-www-form-urlencoded";
        request.body = fields;
        return office_.answer(request);
    }
    test::OfficeFolder folder_;
    boost::asio::io_context loop_;
    Office office_{loop_, settings(), [] { return noon; }};
    std::string cookie_;

  private:
    OfficeSettings settings() const {
        OfficeSettings settings;
        settings.state_folder = folder_.path();
        return settings;
    }
};

TEST(BoardRoutes, are_those_that_only_boards_use) {
    for (const auto& route : routes()) {
        http::Request request;
        request.method = std::string(route.method);
        request.path = path_of(route);
        EXPECT_EQ(is_for_boards(request), route.role == Role::board) << route.method << ' ' << route.path;
        request.method = "DELETE";
        EXPECT_FALSE(is_for_boards(request)) << route.path;
    }
}

TEST_F(RoutesTest, AStrangerIsLetInWhereTheTableSaysSo) {
    for (const auto& route : routes()) {
        const auto path = path_of(route);
        const auto response = ask(route.method, path, false);
        const bool leads_to_sign_in = response.status == 303 && header(response, "Location") == "/sign-in";
        switch (route.role) {
            case Role::anyone:
                EXPECT_NE(response.status, 401) << path;
                EXPECT_FALSE(leads_to_sign_in) << path;
                break;
            case Role::board:
                EXPECT_THAT(response.status, testing::AnyOf(400, 403, 404))
                    << path << ": the handler refuses";
                break;
            case Role::session:
                EXPECT_TRUE(path.starts_with("/v1/") ? response.status == 401 : leads_to_sign_in) << path;
                break;
            case Role::form:
                EXPECT_EQ(response.status, 401) << path;
                break;
        }
    }
}

TEST_F(RoutesTest, case_77_APersonWhoSignedInReadsPagesAndSendsOnlyTheirOwnForms) {
    for (const auto& route : routes()) {
        const auto path = path_of(route);
        if (route.role == Role::session) {
            const auto status = ask(route.method, path, true).status;
            EXPECT_THAT(status, testing::AnyOf(200, 303, path.ends_with("as-run") ? 400 : 200)) << path;
        }
        if (route.role != Role::form) continue;
        EXPECT_EQ(ask(route.method, path, true).status, 403) << path << " without a token";
        EXPECT_EQ(send_form(path, "form_token=" + std::string(32, '0')).status, 403) << path;
    }
    EXPECT_EQ(send_form("/boards/x/approve", "form_token=" + form_token()).status, 400) << "no such board";
    EXPECT_EQ(send_form("/claims", "place=x&form_token=" + form_token()).status, 400) << "no such place";
    EXPECT_EQ(header(send_form("/sign-out", "form_token=" + form_token()), "Location"), "/sign-in");
    EXPECT_EQ(header(ask("GET", "/boards", true), "Location"), "/sign-in") << "the session has ended";
}

TEST_F(RoutesTest, AnotherMethodIs405AndNamesTheRightOnes) {
    for (const auto& route : routes()) {
        const auto path = path_of(route);
        const auto response = ask("DELETE", path, true);
        EXPECT_EQ(response.status, 405) << path;
        EXPECT_NE(header(response, "Allow").find(route.method), std::string::npos) << path;
    }
    EXPECT_EQ(header(ask("PUT", "/sign-in", false), "Allow"), "GET, POST");
    EXPECT_EQ(ask("POST", "/v1/airings", false).type, "application/problem+json");
}

TEST_F(RoutesTest, AnotherPathIs404) {
    for (const auto* path :
         {"/nothing", "/boards/", "/boards//approve", "/boards/a/b/approve", "/v1", "/style.css"})
        EXPECT_EQ(ask("GET", path, true).status, 404) << path;
    const auto api = ask("GET", "/v1/nothing", false);
    EXPECT_EQ(api.status, 404);
    EXPECT_EQ(api.type, "application/problem+json");
    EXPECT_EQ(ask("GET", "/style.0123456789abcdef.css", false).status, 404) << "another version's";
}

TEST_F(RoutesTest, ErrorPagesKeepTheNavigationOfPeopleWhoSignedIn) {
    const std::pair<const char*, const char*> asked[] = {{"GET", "/nothing"}, {"DELETE", "/boards"}};
    for (const auto& [method, path] : asked) {
        EXPECT_NE(ask(method, path, true).body.find("<nav"), std::string::npos) << path;
        EXPECT_EQ(ask(method, path, false).body.find("<nav"), std::string::npos) << path;
    }
    auto request = request_of("GET", "/airings");
    request.headers["cookie"] = cookie_;
    request.query = {{"from", "yesterday"}};
    EXPECT_NE(office_.answer(request).body.find("<nav"), std::string::npos);
}

TEST_F(RoutesTest, BehindTlsBrowsersUseHttpsAlone) {
    const test::Folder folder;
    OfficeSettings settings;
    settings.state_folder = folder.path();
    EXPECT_EQ(header(ask("GET", "/sign-in", false), "Strict-Transport-Security"), "");
    settings.behind_tls = true;
    Office office(loop_, settings, [] { return noon; });
    EXPECT_EQ(header(office.answer(request_of("GET", "/sign-in")), "Strict-Transport-Security"),
              "max-age=31536000");
}

TEST_F(RoutesTest, FilesOfTheLayoutAreServedToAnyone) {
    for (const auto& file : html::files()) {
        const auto response = ask("GET", file.path, false);
        EXPECT_EQ(response.status, 200) << file.path;
        EXPECT_EQ(response.body, file.bytes);
        EXPECT_EQ(header(response, "Cache-Control"), html::file_cache_control);
    }
}

TEST_F(RoutesTest, EveryAnswerCarriesThePolicy) {
    for (const auto* path : {"/", "/sign-in", "/boards", "/nothing", "/v1/boards", "/v1/openapi.json"})
        EXPECT_EQ(header(ask("GET", path, true), "Content-Security-Policy"), html::content_security_policy)
            << path;
}

TEST_F(RoutesTest, AParameterThatCannotBeReadIs400) {
    auto request = request_of("GET", "/v1/airings");
    request.headers["cookie"] = cookie_;
    request.query = {{"from", "yesterday"}};
    EXPECT_EQ(office_.answer(request).status, 400);
    request.path = "/airings";
    EXPECT_EQ(office_.answer(request).status, 400);
    request.query = {{"after", "nowhere"}};
    EXPECT_EQ(office_.answer(request).status, 400);
}

TEST(Routing, AHoleIsOneSegmentAndNeverEmpty) {
    using http::path_values;
    EXPECT_THAT(path_values("/", "/"), Optional(IsEmpty()));
    EXPECT_THAT(path_values("/boards/{}/approve", "/boards/kh-01/approve"), Optional(ElementsAre("kh-01")));
    EXPECT_THAT(path_values("/a/{}/b/{}", "/a/1/b/2-3"), Optional(ElementsAre("1", "2-3")));
    EXPECT_THAT(path_values("/outlet/{}.jpg", "/outlet/a.b.jpg"), Optional(ElementsAre("a.b")));
    for (const auto* path :
         {"/outlet/.jpg", "/outlet/x/y.jpg", "/outlet/x.png", "/outlet/x.jpg/", "outlet/x.jpg", ""})
        EXPECT_THAT(path_values("/outlet/{}.jpg", path), Eq(std::nullopt)) << path;
}

AiringRecord record_of_place(const std::string& place) {
    AiringRecord r;
    r.board = r.place = place;
    r.epoch = "e1";
    r.seq = 1;
    r.outlet = "screen";
    r.airing = "airing-1";
    r.segment = "fair-work";
    r.started = noon;
    r.status = content::AiringStatus::skipped;
    r.previous = content::first_previous(r.board, r.epoch);
    r.hash = content::record_hash(r);
    return r;
}

TEST_F(RoutesTest, AnAsRunListOfAPlaceThatTheChannelDoesNotListHasDaysOfUtc) {
    auto request = request_of("GET", "/v1/as-run");
    request.headers["cookie"] = cookie_;
    request.query = {{"place", "kh-pp-01"}, {"day", "2026-11-24"}};
    EXPECT_EQ(office_.answer(request).status, 400) << "nothing is known of it";
    OfficeStore records(folder_.path());
    static_cast<void>(records.airings.add({record_of_place("kh-pp-01")}, PlaceFacts{}, noon));
    const auto answer = office_.answer(request);
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_THAT(answer.body, testing::HasSubstr("airing-1"));
}

TEST_F(RoutesTest, TheHeadOfADayIsTheSameForWhoeverAsks) {
    const auto first = ask("GET", "/v1/daily-head", false);
    ASSERT_EQ(first.status, 200);
    OfficeStore records(folder_.path());
    static_cast<void>(records.airings.add({record_of_place("kh-pp-01")}, PlaceFacts{}, noon));
    EXPECT_EQ(ask("GET", "/v1/daily-head", false).body, first.body);
    EXPECT_NE(ask("GET", "/v1/tree-head", false).body, first.body);
    const auto key = load_office_key(folder_.path()).public_hex();
    EXPECT_EQ(content::parse_tree_head(first.body, key).size, 0U);
    EXPECT_EQ(content::parse_tree_head(ask("GET", "/v1/tree-head", false).body, key).size, 1U);
}

TEST(ClientAddress, IsTheOneThatOurOwnProxySaw) {
    http::Request request;
    request.remote = "127.0.0.1";
    request.headers["x-forwarded-for"] = "203.0.113.9, 198.51.100.7";
    const auto seen_by = [&](const NamedProxies& proxies) {
        return proxies.with_client_address(request).remote;
    };
    EXPECT_EQ(seen_by(NamedProxies({"127.0.0.1"})), "198.51.100.7");
    EXPECT_EQ(seen_by({}), "127.0.0.1") << "anybody can send the header";
    EXPECT_EQ(seen_by(NamedProxies({"192.0.2.1"})), "127.0.0.1") << "it came from no proxy of ours";
    EXPECT_EQ(seen_by(NamedProxies({"127.0.0.1", "198.51.100.7"})), "203.0.113.9") << "one behind the other";
    request.headers["x-forwarded-for"] = "203.0.113.9, unknown";
    EXPECT_EQ(seen_by(NamedProxies({"127.0.0.1"})), "127.0.0.1") << "that is no address";
    request.remote = "::ffff:127.0.0.1";
    request.headers["x-forwarded-for"] = "203.0.113.9,2001:DB8::1";
    EXPECT_EQ(seen_by(NamedProxies({"127.0.0.1"})), "2001:db8::1");
    EXPECT_THROW(NamedProxies({"proxy.example"}), Error);
}

TEST_F(RoutesTest, RecordsThatCannotBeReadAreSaidToBeBackInAMinute) {
    folder_.change_records("ALTER TABLE board RENAME TO gone");
    const auto page = ask("GET", "/boards", true);
    EXPECT_EQ(page.status, 503);
    EXPECT_EQ(header(page, "Retry-After"), "60");
    const auto answer = ask("GET", "/v1/boards", true);
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(header(answer, "Retry-After"), "60");
    folder_.change_records("ALTER TABLE gone RENAME TO board");
    EXPECT_EQ(ask("GET", "/boards", true).status, 200);
}

}  // namespace
}  // namespace riverlight::office
