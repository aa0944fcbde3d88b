// Which connections a server keeps where there are too many, and which names and targets it answers.
#include "content/http/connection_book.hpp"

#include <gtest/gtest.h>

#include "content/http/hosts.hpp"
#include "content/http/target.hpp"

namespace riverlight::http {
namespace {

using boost::asio::ip::make_address;

const auto near = make_address("127.0.0.1"), far = make_address("192.0.2.7");

TEST(ConnectionBook, TheOldestIdleConnectionMakesRoom) {
    ConnectionBook book(3, 3);
    const auto first = book.admit(near).id.value(), second = book.admit(near).id.value(),
               third = book.admit(far).id.value();
    book.set_busy(first);
    const auto fourth = book.admit(far);
    EXPECT_EQ(fourth.close, second) << "the first is being answered";
    ASSERT_TRUE(fourth.id);
    EXPECT_EQ(book.size(), 3U);
    book.remove(second);  // it learns of its end later
    EXPECT_EQ(book.size(), 3U);
    book.set_idle(first);
    EXPECT_EQ(book.admit(near).close, third) << "the first has just been answered";
}

TEST(ConnectionBook, AServerWhoseConnectionsAreAllBusyRefusesOneMore) {
    ConnectionBook book(2, 2);
    const auto first = book.admit(near).id.value();
    book.set_busy(first);
    book.set_busy(book.admit(far).id.value());
    const auto refused = book.admit(near);
    EXPECT_FALSE(refused.id);
    EXPECT_FALSE(refused.close);
    book.remove(first);
    EXPECT_TRUE(book.admit(near).id);
}

TEST(ConnectionBook, APeerTakesNoRoomFromOthers) {
    ConnectionBook book(100, 4);
    const auto other = book.admit(far).id.value();
    for (int i = 0; i < 2000; ++i) {
        const auto admission = book.admit(near);
        ASSERT_TRUE(admission.id);
        EXPECT_NE(admission.close, other);
    }
    EXPECT_EQ(book.size(), 5U);
}

TEST(ConnectionBook, AnIpv6NetworkIsOnePeer) {
    EXPECT_EQ(peer_of(make_address("2001:db8:1:2::1")), peer_of(make_address("2001:db8:1:2:ffff::9")));
    EXPECT_NE(peer_of(make_address("2001:db8:1:2::1")), peer_of(make_address("2001:db8:1:3::1")));
    EXPECT_EQ(peer_of(make_address("::ffff:192.0.2.7")), peer_of(far));
    EXPECT_NE(peer_of(near), peer_of(far));
}

TEST(AllowedHosts, case_76_AddressesAndKnownNamesOnly) {
    const AllowedHosts hosts({"Board-7", "board-7.local"});
    for (const auto* allowed :
         {"127.0.0.1", "127.0.0.1:8080", "192.0.2.7:1", "[::1]:8080", "[2001:db8::7]", "localhost",
          "LOCALHOST:8080", "board-7", "BOARD-7.local:8080", "board-7.local."})
        EXPECT_TRUE(hosts.contains(allowed)) << allowed;
    for (const auto* refused : {"", "evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8080",
                                "board-7.evil", "board-77", "[evil", ":8080", "1.2.3"})
        EXPECT_FALSE(hosts.contains(refused)) << refused;
}

TEST(AllowedHosts, case_76_AStrangersNameIsMisdirected) {
    const auto handler = only_for(AllowedHosts({}), [](const Request&) { return Response{}; });
    Request request;
    request.host = "evil.example";
    EXPECT_EQ(handler(request).status, 421);
    request.host = "localhost:8080";
    EXPECT_EQ(handler(request).status, 200);
}

TEST(Target, OriginAndAbsoluteFormAreRead) {
    const auto origin = parse_target("/a%20b?q=1&r=two+words").value();
    EXPECT_EQ(origin.host, "");
    EXPECT_EQ(origin.path, "/a b");
    EXPECT_EQ(origin.query.at(1).second, "two words");
    const auto absolute = parse_target("http://board:8080/v1/status?x=1").value();
    EXPECT_EQ(absolute.host, "board:8080");
    EXPECT_EQ(absolute.path, "/v1/status");
    EXPECT_EQ(parse_target("http://board").value().path, "/");
    EXPECT_EQ(parse_target("http://board?x=1").value().path, "/");
    EXPECT_EQ(parse_target("http://board?x=1").value().query.size(), 1U);
    for (const auto* refused :
         {"", "*", "board:443", "ftp://board/", "http:///", "http://user@board/", "?x=1", "v1/status"})
        EXPECT_FALSE(parse_target(refused)) << refused;
}

}  // namespace
}  // namespace riverlight::http
