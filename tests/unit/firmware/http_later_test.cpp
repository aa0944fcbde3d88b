// Answers that come later, bodies that are made while they are sent, and budgets of connections.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/write.hpp>

#include "content/base/error.hpp"
#include "content/http/server.hpp"

namespace riverlight::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using namespace std::chrono_literals;

Response text(std::string body) {
    Response response;
    response.body = std::move(body);
    return response;
}

/// A server that answers on other threads, and a client in its loop.
class LaterTest : public testing::Test {
  protected:
    ~LaterTest() override {
        workers_.stop();
        workers_.join();
    }
    void answer(const Request& request, const Reply& reply) {
        if (request.path == "/later")
            asio::post(workers_, [reply] { reply(text("from another thread")); });
        else if (request.path == "/twice")
            asio::post(workers_, [reply] {
                reply(text("first"));
                reply(text("second"));
            });
        else if (request.path == "/stream")
            reply(streamed());
        else if (request.path == "/hold")
            held_.push_back(reply);
        else if (request.path == "/now")
            reply(text("now"));
        // Anything else is dropped.
    }
    /// Its pieces are those of `pieces_`, by turns; `piece_that_fails_` throws.
    Response streamed() {
        Response response;
        response.type = "text/csv";
        response.stream = BodyStream{[this] {
                                         EXPECT_FALSE(is_pulling_.exchange(true)) << "two pieces at a time";
                                         const auto at = pulled_++;
                                         is_pulling_ = false;
                                         if (at == piece_that_fails_) throw Error("the disk is gone");
                                         return at < pieces_.size() ? pieces_[at] : std::string();
                                     },
                                     workers_.get_executor()};
        return response;
    }
    tcp::socket connected() {
        tcp::socket socket(loop_);
        socket.connect({asio::ip::make_address("127.0.0.1"), server_.port()});
        return socket;
    }
    template <class Until>
    bool run_until(const Until& until) {
        const auto deadline = std::chrono::steady_clock::now() + 10s;
        while (!until() && std::chrono::steady_clock::now() < deadline) loop_.run_one_for(50ms);
        return until();
    }
    /// Sends bytes as they stand and reads until the server closes.
    std::string talk(tcp::socket& socket, const std::string& bytes) {
        asio::write(socket, asio::buffer(bytes));
        std::string out;
        std::array<char, 4096> piece{};
        bool open = true;
        std::function<void()> read = [&] {
            socket.async_read_some(asio::buffer(piece), [&](const auto& ec, std::size_t got) {
                out.append(piece.data(), got);
                if (ec)
                    open = false;
                else
                    read();
            });
        };
        read();
        EXPECT_TRUE(run_until([&] { return !open; })) << "the server did not end the connection";
        return out;
    }
    static std::string get(const std::string& path, const std::string& version = "1.1") {
        return "GET " + path + " HTTP/" + version + "\r\nHost: office\r\nConnection: close\r\n\r\n";
    }
    std::string talk(const std::string& bytes) {
        auto socket = connected();
        return talk(socket, bytes);
    }
    /// Whether a connection that asked is answered and kept open.
    bool is_answered(tcp::socket& socket, const std::string& path) {
        boost::system::error_code ec;
        asio::write(socket, asio::buffer("GET " + path + " HTTP/1.1\r\nHost: office\r\n\r\n"), ec);
        if (ec) return false;
        std::string got;
        bool done = false, ok = false;
        asio::async_read_until(socket, asio::dynamic_buffer(got), "now", [&](const auto& error, auto) {
            done = true;
            ok = !error;
        });
        return run_until([&] { return done; }) && ok && got.starts_with("HTTP/1.1 200");
    }

    asio::io_context loop_{1};
    asio::thread_pool workers_{2};
    std::vector<Reply> held_;
    std::vector<std::string> faults_;
    std::vector<std::string> pieces_;
    std::atomic<std::size_t> pulled_ = 0;
    std::atomic<bool> is_pulling_ = false;
    std::size_t piece_that_fails_ = 1'000'000;
    Limits limits() const {
        Limits limits;
        limits.connections = 8;
        limits.connections_of_a_peer = 8;
        limits.bodies = 300'000;
        limits.idle = 2s;
        limits.budgets = {{[](const Request& r) { return r.header("x-board") == "yes"; }, 3, 3, 60s}};
        return limits;
    }
    Server server_{loop_, "127.0.0.1:0",
                   Server::AsyncHandler([this](const Request& r, const Reply& reply) { answer(r, reply); }),
                   limits(), [this](const std::string& fault) { faults_.push_back(fault); }};
};

TEST_F(LaterTest, AnAnswerMayComeFromAnotherThread) {
    EXPECT_THAT(talk(get("/later")), AllOf(StartsWith("HTTP/1.1 200"), EndsWith("from another thread")));
}

TEST_F(LaterTest, TheFirstAnswerCounts) {
    EXPECT_THAT(talk(get("/twice")), AllOf(EndsWith("first"), Not(HasSubstr("second"))));
}

TEST_F(LaterTest, ARequestThatIsDroppedIsAnsweredWith500) {
    EXPECT_THAT(talk(get("/dropped")), StartsWith("HTTP/1.1 500"));
}

TEST_F(LaterTest, OthersAreAnsweredWhileAnAnswerIsOut) {
    auto waiting = connected();
    asio::write(waiting, asio::buffer(get("/hold")));
    ASSERT_TRUE(run_until([&] { return held_.size() == 1; }));
    EXPECT_THAT(talk(get("/now")), EndsWith("now"));
    asio::post(workers_, [reply = held_.front()] { reply(text("at last")); });
    EXPECT_THAT(talk(waiting, ""), EndsWith("at last"));
}

TEST_F(LaterTest, AnAnswerForAClientThatIsGoneIsDropped) {
    {
        auto waiting = connected();
        asio::write(waiting, asio::buffer(get("/hold")));
        ASSERT_TRUE(run_until([&] { return held_.size() == 1; }));
    }
    held_.front()(text("nobody reads it"));
    EXPECT_THAT(talk(get("/now")), EndsWith("now"));
}

TEST_F(LaterTest, AStreamedBodyGoesOutInChunks) {
    pieces_ = {"a,b\n", std::string(300'000, 'x'), "end\n"};
    const auto said = talk(get("/stream"));
    EXPECT_THAT(said, HasSubstr("Transfer-Encoding: chunked\r\n"));
    EXPECT_THAT(said, HasSubstr("\r\n\r\n4\r\na,b\n\r\n493e0\r\nxx"));
    EXPECT_THAT(said, EndsWith("\r\n4\r\nend\n\r\n0\r\n\r\n"));
}

TEST_F(LaterTest, AnOldClientGetsAStreamedBodyUntilTheConnectionEnds) {
    pieces_ = {"a,b\n", "end\n"};
    const auto said = talk(get("/stream", "1.0"));
    EXPECT_THAT(said, EndsWith("\r\n\r\na,b\nend\n"));
    EXPECT_THAT(said, Not(HasSubstr("Transfer-Encoding")));
}

TEST_F(LaterTest, NothingIsMadeOfABodyThatIsNotSent) {
    pieces_ = {"a,b\n"};
    const auto said = talk("HEAD /stream HTTP/1.1\r\nHost: office\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(said, AllOf(StartsWith("HTTP/1.1 200"), EndsWith("\r\n\r\n")));
    EXPECT_EQ(pulled_, 0U);
}

TEST_F(LaterTest, ABodyThatFailsHasNoEnd) {
    pieces_ = {"a,b\n", "c,d\n"};
    piece_that_fails_ = 1;
    EXPECT_THAT(talk(get("/stream")), EndsWith("4\r\na,b\n\r\n"));
    EXPECT_THAT(faults_, testing::ElementsAre("the disk is gone"));
}

TEST_F(LaterTest, ASlowClientIsWaitedFor) {
    pieces_.assign(200, std::string(1U << 20, 'x'));  // more than the system holds for a socket
    auto slow = connected();
    asio::write(slow, asio::buffer(get("/stream")));
    ASSERT_TRUE(run_until([&] { return pulled_ > 0; }));
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (loop_.run_one_for(300ms) > 0 && std::chrono::steady_clock::now() < deadline) {
    }
    EXPECT_LT(pulled_, 100U) << "the rest is not made before the client reads";
    EXPECT_THAT(talk(get("/now")), EndsWith("now"));
}

TEST_F(LaterTest, BudgetsTakeNoRoomFromEachOther) {
    const auto as_board = [&](tcp::socket& socket) {
        return is_answered(socket, "/now HTTP/1.1\r\nX-Board: yes\r\nX-Rest: ");
    };
    std::vector<tcp::socket> boards;
    for (int i = 0; i < 3; ++i) {
        boards.push_back(connected());
        ASSERT_TRUE(as_board(boards.back()));
    }
    std::vector<tcp::socket> idle;
    for (int i = 0; i < 50; ++i) {
        idle.push_back(connected());
        while (loop_.poll_one() > 0) {
        }
    }
    for (auto& board : boards) EXPECT_TRUE(as_board(board)) << "strangers close no board's connection";
    auto person = connected();
    EXPECT_TRUE(is_answered(person, "/now"));
    auto fourth = connected();
    EXPECT_TRUE(as_board(fourth)) << "the oldest idle board makes room";
    EXPECT_FALSE(as_board(boards.at(0)));
    EXPECT_TRUE(as_board(boards.at(1)));
    EXPECT_TRUE(is_answered(person, "/now"));
}

TEST_F(LaterTest, ABudgetWhoseConnectionsAreAllBusyAnswers503) {
    std::vector<tcp::socket> busy;
    for (std::size_t i = 1; i <= 3; ++i) {
        busy.push_back(connected());
        asio::write(busy.back(),
                    asio::buffer(std::string("GET /hold HTTP/1.1\r\nHost: h\r\nX-Board: yes\r\n\r\n")));
        ASSERT_TRUE(run_until([&] { return held_.size() == i; }));
    }
    const auto said = talk("GET /now HTTP/1.1\r\nHost: h\r\nX-Board: yes\r\n\r\n");
    EXPECT_THAT(said, AllOf(StartsWith("HTTP/1.1 503"), HasSubstr("Retry-After: 2\r\n")));
    EXPECT_THAT(talk(get("/now")), EndsWith("now")) << "people have their own";
}

TEST_F(LaterTest, LargeBodiesThatComeSlowlyFillNoMemory) {
    const std::string large =
        "PUT /now HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 200000\r\n\r\n";
    auto slow = connected();
    asio::write(slow, asio::buffer(large + std::string(190'000, 'x')));
    while (loop_.run_one_for(50ms) > 0) {
    }
    const auto small = "PUT /now HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 60000\r\n\r\n" +
                       std::string(60'000, 'x');
    EXPECT_THAT(talk(large + std::string(190'000, 'x')), StartsWith("HTTP/1.1 503"));
    EXPECT_THAT(talk(small), EndsWith("now"));
    EXPECT_THAT(talk(slow, std::string(10'000, 'x')), EndsWith("now"));
    EXPECT_THAT(talk(large + std::string(200'000, 'x')), EndsWith("now")) << "the first was answered";
}

}  // namespace
}  // namespace riverlight::http
