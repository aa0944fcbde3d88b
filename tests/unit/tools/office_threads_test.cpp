// Who waits for whom in the office: pages, boards and passwords do not wait for each other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <future>

#include "tests/unit/tools/office_fixture.hpp"
#include "tools/office/office.hpp"

namespace riverlight::office {
namespace {

std::string header(const http::Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers)
        if (key == name) return value;
    return {};
}

/// A running office beside the store of OfficeTest, which is another process to it.
class ThreadsTest : public OfficeTest {
  protected:
    ThreadsTest() { join(); }

    static http::Request request_of(std::string_view method, const std::string& path, std::string body = {}) {
        http::Request request;
        request.method = method;
        request.path = path;
        request.host = "office";
        request.remote = "192.0.2.1";
        request.body = std::move(body);
        return request;
    }
    http::Request health() {
        auto r = request_of("PUT", "/v1/boards/kh-pp-01/health",
                            R"({"board":"kh-pp-01","format":1,"version":"9"})");
        r.headers["riverlight-signature"] = board_.sign(r.body);
        return r;
    }
    static http::Request sign_in(int from) {
        auto r = request_of("POST", "/sign-in", "user=pmo&password=guess");
        r.headers["content-type"] = "application/x-www-form-urlencoded";
        r.remote = "192.0.2." + std::to_string(from);
        return r;
    }
    /// Asks and goes on.
    std::future<http::Response> ask(http::Request request) {
        auto answered = std::make_shared<std::promise<http::Response>>();
        auto response = answered->get_future();
        office_.answer(std::move(request),
                       http::Reply([answered](http::Response r) { answered->set_value(std::move(r)); }));
        return response;
    }
    static bool is_out(const std::future<http::Response>& answer) {
        return answer.wait_for(0s) != std::future_status::ready;
    }
    OfficeSettings settings() const {
        OfficeSettings settings;
        settings.state_folder = folder_.path();
        return settings;
    }
    boost::asio::io_context loop_;
    Office office_{loop_, settings(), [] { return noon; }};
};

TEST_F(ThreadsTest, PagesDoNotWaitForWhatIsWritten) {
    std::future<http::Response> report;
    store_.change([&] {  // the command line writes
        report = ask(health());
        EXPECT_EQ(ask(request_of("GET", "/sign-in")).get().status, 200);
        EXPECT_EQ(ask(request_of("PUT", "/v1/boards/kh-pp-02/health", "{}")).get().status, 403)
            << "nor does what is refused";
        EXPECT_TRUE(is_out(report));
    });
    EXPECT_EQ(report.get().status, 200);
    EXPECT_EQ(store_.boards.find("kh-pp-01")->version, "9");
}

TEST_F(ThreadsTest, WhoGuessesPasswordsKeepsNobodyWaiting) {
    std::vector<std::future<http::Response>> guesses;
    guesses.reserve(60);
    for (int i = 0; i < 60; ++i) guesses.push_back(ask(sign_in(i)));
    EXPECT_EQ(ask(request_of("GET", "/sign-in")).get().status, 200);
    EXPECT_EQ(ask(health()).get().status, 200);
    EXPECT_TRUE(std::any_of(guesses.begin(), guesses.end(), is_out)) << "they are still being hashed";
    int refused = 0;
    for (auto& guess : guesses) {
        const auto response = guess.get();
        if (response.status == 503) {
            ++refused;
            EXPECT_EQ(header(response, "Retry-After"), "5");
        }
    }
    EXPECT_GE(refused, 30) << "20 may wait, however many come";
}

TEST_F(ThreadsTest, ManyBoardsAreWrittenTogether) {
    std::vector<std::future<http::Response>> reports;
    store_.change([&] {
        for (int i = 0; i < 50; ++i) reports.push_back(ask(health()));
    });
    for (auto& report : reports) EXPECT_EQ(report.get().status, 200);
}

TEST_F(ThreadsTest, AnOfficeThatStopsLeavesNoRequestWithoutAnAnswer) {
    std::vector<std::future<http::Response>> answers;
    {
        Office other(loop_, settings(), [] { return noon; });
        for (int i = 0; i < 60; ++i) {
            auto answered = std::make_shared<std::promise<http::Response>>();
            answers.push_back(answered->get_future());
            other.answer(i % 2 == 0 ? sign_in(i) : health(),
                         http::Reply([answered](http::Response r) { answered->set_value(std::move(r)); }));
        }
    }
    for (auto& answer : answers) {
        ASSERT_FALSE(is_out(answer));
        EXPECT_THAT(answer.get().status, testing::AnyOf(200, 403, 500, 503));
    }
}

}  // namespace
}  // namespace riverlight::office
