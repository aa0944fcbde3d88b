#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include "content/http/server.hpp"
#include "tests/support/folder.hpp"

namespace riverlight::http {
namespace {

using boost::asio::ip::tcp;
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

TEST(Message, PercentAndFormsAreDecoded) {
    EXPECT_EQ(percent_decoded("/a%20b%2F%zz%4"), "/a b/%zz%4");
    const auto form = decode_form("a=1&b=two+words&&c&d=%E0%B9%84");
    ASSERT_EQ(form.size(), 4U);
    EXPECT_EQ(form[1].second, "two words");
    EXPECT_EQ(form[2], (std::pair<std::string, std::string>{"c", ""}));
    EXPECT_EQ(form[3].second, "\xE0\xB9\x84");
    std::string many;
    for (int i = 0; i < 5000; ++i) many += "a=1&";
    EXPECT_EQ(decode_form(many).size(), 1000U) << "a flood of fields is cut off";
}

TEST(Message, TextIsMadeSafeForPages) {
    EXPECT_EQ(html("<a href=\"x\" o='y'>&"), "&lt;a href=&quot;x&quot; o=&#39;y&#39;&gt;&amp;");
}

TEST(Message, CookiesAreFoundByTheirWholeName) {
    Request r;
    r.headers["cookie"] = "xriverlight=1; riverlight=2; riverlight2=3";
    EXPECT_EQ(r.cookie("riverlight"), "2");
    EXPECT_EQ(r.cookie("river"), "");
}

class ServerTest : public testing::Test {
  protected:
    /// Sends bytes as they stand and reads until the server closes, in one loop with it.
    std::string talk(const std::string& bytes) {
        tcp::socket socket(loop_);
        socket.connect({boost::asio::ip::make_address("127.0.0.1"), server_.port()});
        boost::asio::write(socket, boost::asio::buffer(bytes));
        std::string out;
        std::array<char, 4096> piece{};
        bool open = true;
        std::function<void()> read = [&] {
            socket.async_read_some(boost::asio::buffer(piece), [&](const auto& ec, std::size_t got) {
                out.append(piece.data(), got);
                if (ec) {
                    open = false;
                    return;
                }
                read();
            });
        };
        read();
        const auto deadline = std::chrono::steady_clock::now() + 10s;
        while (open && std::chrono::steady_clock::now() < deadline) loop_.run_one_for(50ms);
        EXPECT_FALSE(open) << "the server did not end the connection";
        socket.close();
        return out;
    }
    /// The status of an answer; 0: there is none.
    static int status_of(const std::string& answer) {
        return answer.starts_with("HTTP/1.1 ") ? std::stoi(answer.substr(9, 3)) : 0;
    }
    static std::string body_of(const std::string& answer) {
        return answer.substr(std::min(answer.find("\r\n\r\n") + 4, answer.size()));
    }
    /// A field of an answer's head; empty if it lacks the field.
    static std::string header_of(const std::string& answer, const std::string& name) {
        const auto at = answer.find("\r\n" + name + ": ");
        if (at == std::string::npos) return {};
        const auto begin = at + name.size() + 4;
        return answer.substr(begin, answer.find("\r\n", begin) - begin);
    }
    static std::string get(const std::string& path, const std::string& headers = {}) {
        return "GET " + path + " HTTP/1.1\r\nHost: board\r\nConnection: close\r\n" + headers + "\r\n";
    }
    Response answer(const Request& request) {
        if (request.path == "/echo") {
            Response r;
            r.body = request.method + ' ' + request.host + ' ' + request.query_or("q", "none") + ' ' +
                     request.body;
            return r;
        }
        if (request.path == "/header") {
            Response r;
            r.headers.emplace_back("X-Name", request.query_or("q"));
            r.type = request.query_or("type", "text/plain");
            r.etag = request.query_or("etag");
            return r;
        }
        if (request.path == "/list") {
            Response r;
            r.body =
                std::string(request.header("x-forwarded-for")) + '|' + std::string(request.header("cookie"));
            return r;
        }
        if (request.path == "/throw") throw Error("the secret path of a file");
        if (request.path == "/file") {
            Response r;
            r.file = folder_ / "media";
            r.etag = "abc";
            return r;
        }
        return problem(404, "about:blank", "Not found", request.path);
    }
    test::Folder folder_;
    boost::asio::io_context loop_{1};
    std::vector<std::string> faults_;
    Server server_{loop_,
                   "127.0.0.1:0",
                   [this](const Request& r) { return answer(r); },
                   {.body = 1024, .connections = 4, .connections_of_a_peer = 4, .idle = 2s},
                   [this](const std::string& fault) { faults_.push_back(fault); }};
};

TEST_F(ServerTest, AnswersWithWhatTheHandlerSays) {
    EXPECT_EQ(body_of(talk(get("/echo?q=a%20b"))), "GET board a b ");
    EXPECT_EQ(
        body_of(talk("PUT /echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc")),
        "PUT h none abc");
    EXPECT_EQ(status_of(talk(get("/nowhere"))), 404);
}

TEST_F(ServerTest, KeepsAFaultToItself) {
    const auto said = talk(get("/throw"));
    EXPECT_EQ(status_of(said), 500);
    EXPECT_THAT(said, Not(HasSubstr("secret")));
    EXPECT_THAT(faults_, testing::ElementsAre(testing::EndsWith("the secret path of a file")));
}

TEST_F(ServerTest, case_69_ABodyBeyondTheCapIsRefusedBeforeItIsRead) {
    const auto said = talk("PUT /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 999999999\r\n\r\nabc");
    EXPECT_EQ(status_of(said), 413);
}

TEST_F(ServerTest, case_69_ChunksBesideALengthAreRefused) {
    for (const auto* both :
         {"Content-Length: 4\r\nTransfer-Encoding: chunked",
          "Transfer-Encoding: chunked\r\nContent-Length: 4", "Content-Length: 4\r\nContent-Length: 5"}) {
        const auto said = talk("PUT /echo HTTP/1.1\r\nHost: h\r\n" + std::string(both) +
                               "\r\n\r\n0\r\n\r\nGET /echo?q=smuggled HTTP/1.1\r\nHost: h\r\n\r\n");
        EXPECT_EQ(status_of(said), 400) << both;
        EXPECT_THAT(said, Not(HasSubstr("smuggled"))) << both;
    }
}

TEST_F(ServerTest, AClientThatWaitsWithItsBodyIsAskedForIt) {
    const std::string head = "PUT /echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\nExpect: 100-Continue\r\n";
    tcp::socket socket(loop_);
    socket.connect({boost::asio::ip::make_address("127.0.0.1"), server_.port()});
    boost::asio::write(socket, boost::asio::buffer(head + "Content-Length: 3\r\n\r\n"));
    std::string got;
    std::array<char, 4096> piece{};
    bool open = true;
    std::function<void()> read = [&] {
        socket.async_read_some(boost::asio::buffer(piece), [&](const auto& ec, std::size_t count) {
            const bool asked = got.empty() && count > 0;
            got.append(piece.data(), count);
            if (asked) {
                EXPECT_EQ(got, "HTTP/1.1 100 Continue\r\n\r\n");
                boost::asio::write(socket, boost::asio::buffer(std::string("abc")));
            }
            open = !ec;
            if (open) read();
        });
    };
    read();
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (open && std::chrono::steady_clock::now() < deadline) loop_.run_one_for(50ms);
    EXPECT_THAT(got, testing::EndsWith("PUT h none abc"));
    EXPECT_EQ(status_of(talk(head + "Content-Length: 99999\r\n\r\n")), 413) << "before the body is sent";
    EXPECT_EQ(status_of(talk("PUT /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: tea\r\n\r\n")),
              417);
    EXPECT_EQ(body_of(talk("PUT /echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\nExpect: 100-continue\r\n"
                           "Content-Length: 3\r\n\r\nabc")),
              "PUT h none abc")
        << "it did not wait";
}

TEST_F(ServerTest, AHeaderInSeveralLinesIsOneList) {
    const auto said = talk(get(
        "/list", "X-Forwarded-For: 1.1.1.1\r\nCookie: a=1\r\nX-FORWARDED-FOR: 2.2.2.2\r\nCookie: b=2\r\n"));
    EXPECT_EQ(body_of(said), "1.1.1.1, 2.2.2.2|a=1; b=2");
}

TEST_F(ServerTest, case_73_ALineBreakInAnAnswersHeaderIsRefused) {
    for (const auto* broken : {"q=a%0d%0aSet-Cookie:%20b=c", "q=a%0ab", "q=a%0db", "q=a%00b", "q=%7f",
                               "type=text/html%0d%0a%0d%0a<b>", "etag=a%0d%0aX-Split:%20y"}) {
        const auto said = talk(get(std::string("/header?") + broken));
        EXPECT_EQ(status_of(said), 500) << broken;
        EXPECT_EQ(header_of(said, "Set-Cookie") + header_of(said, "X-Split"), "") << broken;
    }
    EXPECT_EQ(faults_.size(), 7U);
    const auto said = talk(get("/header?q=%E0%B9%84%09b"));
    EXPECT_EQ(header_of(said, "X-Name"), "\xE0\xB9\x84\tb");
}

TEST_F(ServerTest, NonsenseEndsTheConnection) {
    EXPECT_THAT(status_of(talk("\x16\x03\x01 this is TLS\r\n\r\n")), testing::AnyOf(400, 0));
    std::string endless = "GET / HTTP/1.1\r\n";
    for (int i = 0; i < 4000; ++i) endless += "X-" + std::to_string(i) + ": y\r\n";
    EXPECT_NE(status_of(talk(endless + "\r\n")), 200);
}

TEST_F(ServerTest, AnAbsoluteTargetIsAnsweredUnderItsOwnHost) {
    const auto said =
        talk("GET http://other:81/echo?q=1 HTTP/1.1\r\nHost: board\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(body_of(said), "GET other:81 1 ");
}

TEST_F(ServerTest, case_69_WhatHttpForbidsIsABadRequestAndNoFault) {
    for (const auto* head : {"GET * HTTP/1.1\r\nHost: h", "GET board/ HTTP/1.1\r\nHost: h", "GET / HTTP/1.1",
                             "GET / HTTP/1.1\r\nHost: a\r\nHost: b", "CONNECT h:1 HTTP/1.1\r\nHost: h:1"})
        EXPECT_EQ(status_of(talk(std::string(head) + "\r\n\r\n")), 400) << head;
    EXPECT_TRUE(faults_.empty());
    EXPECT_EQ(status_of(talk("GET /echo HTTP/1.0\r\n\r\n")), 200) << "HTTP/1.0 has no Host";
}

TEST_F(ServerTest, case_68_IdleConnectionsKeepNobodyOut) {
    std::vector<tcp::socket> idle;
    for (int i = 0; i < 300; ++i) {
        idle.emplace_back(loop_);
        idle.back().connect({boost::asio::ip::make_address("127.0.0.1"), server_.port()});
        while (loop_.poll_one() > 0) {
        }
    }
    EXPECT_EQ(status_of(talk(get("/echo"))), 200);
}

TEST_F(ServerTest, case_68_AnIdleConnectionIsClosed) {
    EXPECT_EQ(talk(""), "") << "nothing was asked, nothing is said";
}

TEST_F(ServerTest, FilesGoOutWholeOrInRanges) {
    static_cast<void>(folder_.write("media", "0123456789"));
    const auto whole = talk(get("/file"));
    EXPECT_EQ(body_of(whole), "0123456789");
    EXPECT_EQ(header_of(whole, "ETag"), "\"abc\"");
    const auto part = talk(get("/file", "Range: bytes=2-4\r\n"));
    EXPECT_EQ(status_of(part), 206);
    EXPECT_EQ(header_of(part, "Content-Range"), "bytes 2-4/10");
    EXPECT_EQ(body_of(part), "234");
    EXPECT_EQ(body_of(talk(get("/file", "Range: bytes=7-\r\n"))), "789");
    EXPECT_EQ(status_of(talk(get("/file", "Range: bytes=99-\r\n"))), 416);
    EXPECT_EQ(status_of(talk(get("/file", "Range: bytes=2-4\r\nIf-Range: \"other\"\r\n"))), 200);
}

TEST_F(ServerTest, AUsedPortIsNamed) {
    try {
        const Server second(loop_, "127.0.0.1:" + std::to_string(server_.port()),
                            [](const Request&) { return Response{}; });
        FAIL() << "two servers on one port";
    } catch (const Error& e) {
        EXPECT_THAT(e.what(), HasSubstr(std::to_string(server_.port())));
    }
}

}  // namespace
}  // namespace riverlight::http
