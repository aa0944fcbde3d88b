// Proxies and their logins, private authorities, certificates on a board
// whose clock is not set (case 56).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "content/base/crypto.hpp"
#include "content/sync/connection.hpp"
#include "content/sync/fetch.hpp"
#include "tests/integration/content/faulty_server.hpp"
#include "tests/integration/content/tls_server.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/refusal.hpp"

namespace riverlight::test {
namespace {

using content::Fetcher;
using content::FetchOptions;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;
using namespace std::chrono_literals;

constexpr long day = 86'400;

using content::FetchFault;

std::optional<content::FetchError> refusal(Fetcher& line) {
    return refused<FetchFault>([&] { static_cast<void>(line.bytes("metadata/timestamp.json", 1000)); });
}

std::string said(Fetcher& line) {
    try {
        return line.bytes("metadata/timestamp.json", 1000).value_or("(absent)");
    } catch (const Error& e) {
        return e.what();
    }
}

/// A proxy that requires a login and answers plain HTTP requests itself.
std::string proxy_answer(const std::string& head) {
    const auto login = "Proxy-Authorization: Basic " + to_base64("board:river-of-light");
    if (head.find(login) == std::string::npos)
        return "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
               "Content-Length: 0\r\nConnection: close\r\n\r\n";
    return ok(10) + "by a proxy";
}

/// Sets an environment variable for one test.
class Environment {
  public:
    Environment(const char* name, const std::string& value) : name_(name) {
        ::setenv(name_, value.c_str(), 1);
    }
    ~Environment() { ::unsetenv(name_); }
    Environment(const Environment&) = delete;

  private:
    const char* name_;
};

TEST(Proxy, UsesAProxyWithALoginAndNeverShowsTheLogin) {
    FaultyServer proxy([](tcp::socket& s, const std::string& head) { send(s, proxy_answer(head)); });
    FetchOptions options{.base_url = "http://channel.example"};
    options.proxy = {.url = proxy.url(), .login = "board:river-of-light"};
    Fetcher line(options);
    EXPECT_EQ(said(line), "by a proxy");
    EXPECT_THAT(proxy.heads.back(), StartsWith("GET http://channel.example/metadata/timestamp.json "));

    options.proxy.login = "board:wrong-word";
    Fetcher wrong(options);
    EXPECT_THAT(refusal(wrong), AllOf(Refuses(FetchFault::proxy_login, ""), Hides("wrong-word")));
}

TEST(Proxy, NeverShowsALoginNotEvenOfABadUrl) {
    for (const auto* proxy :
         {"gopher://board:river-of-light@127.0.0.1:1", "http://board:river-of-light@nowhere.invalid:1",
          "http://board:river-of-light@127.0.0.1:1"}) {
        FetchOptions options{.base_url = "http://reader:open-sesame@channel.example"};
        options.proxy.url = proxy;
        Fetcher line(options);
        EXPECT_THAT(refusal(line), AllOf(Refuses(FetchFault::broken, ""),
                                         Of("http://channel.example/metadata/timestamp.json"),
                                         Hides("river-of-light"), Hides("open-sesame")))
            << proxy;
    }
    EXPECT_EQ(content::without_login("see http://a:b@c/x and 'https://d@e' but x@y"),
              "see http://c/x and 'https://e' but x@y");
}

TEST(Proxy, ReachesNoProxyHostsDirectly) {
    FaultyServer channel([](tcp::socket& s, const std::string&) { send(s, ok(6) + "direct"); });
    FaultyServer proxy([](tcp::socket& s, const std::string&) { send(s, ok(7) + "proxied"); });
    FetchOptions options{.base_url = channel.url()};
    options.proxy.url = proxy.url();
    Fetcher through(options);
    EXPECT_EQ(said(through), "proxied");
    options.proxy.bypass = "other.example,127.0.0.0/8";
    Fetcher past(options);
    EXPECT_EQ(said(past), "direct");
    EXPECT_THAT(proxy.heads, SizeIs(1));
}

TEST(Proxy, UsesTheEnvironmentsProxyByDefault) {
    FaultyServer channel([](tcp::socket& s, const std::string&) { send(s, ok(6) + "direct"); });
    FaultyServer proxy([](tcp::socket& s, const std::string&) { send(s, ok(7) + "proxied"); });
    const Environment through("http_proxy", proxy.url());
    Fetcher line({.base_url = channel.url()});
    EXPECT_EQ(said(line), "proxied");
    const Environment past("NO_PROXY", "127.0.0.1");
    Fetcher direct({.base_url = channel.url()});
    EXPECT_EQ(said(direct), "direct");
}

/// A tunnel (RFC 9110, section 9.3.6) to any target, one connection after the other.
void tunnel(tcp::socket& client, const std::string& head, std::uint16_t port) {
    if (!head.starts_with("CONNECT localhost:")) return send(client, ok(5) + "plain");
    tcp::socket server(client.get_executor());
    server.connect({asio::ip::address_v4::loopback(), port});
    send(client, "HTTP/1.1 200 Connection established\r\n\r\n");
    const auto pump = [](tcp::socket& from, tcp::socket& to) {
        std::array<char, 16'384> piece{};
        boost::system::error_code ec;
        for (;;) {
            const auto got = from.read_some(asio::buffer(piece), ec);
            if (ec) break;
            asio::write(to, asio::buffer(piece.data(), got), ec);
        }
        to.shutdown(tcp::socket::shutdown_send, ec);
    };
    std::thread back([&] { pump(server, client); });
    pump(client, server);
    back.join();
}

TEST(Proxy, TunnelsHttpsToTheChannel) {
    Folder folder;
    const auto self = self_signed(-day, day);
    TlsServer channel(self, "sealed");
    FaultyServer proxy([&](tcp::socket& s, const std::string& head) { tunnel(s, head, channel.port()); });
    FetchOptions options{.base_url = channel.url(), .ca_file = folder.write("ca.pem", self.certificate)};
    options.proxy.url = proxy.url();
    {
        Fetcher line(options);
        EXPECT_EQ(said(line), "sealed");
    }
    EXPECT_THAT(proxy.heads, ::testing::Contains(StartsWith("CONNECT localhost:")));
    EXPECT_EQ(channel.asked, 1);
    Fetcher stranger(
        {.base_url = channel.url(), .ca_file = folder.write("no.pem", self_signed(-day, day).certificate)});
    EXPECT_THAT(refusal(stranger), Refuses(FetchFault::broken, ""));
    EXPECT_EQ(channel.asked, 1) << "a proxy or a stranger's certificate gets no request";
}

TEST(Proxy, case_56_a_certificate_not_valid_yet_is_judged_by_the_floor) {
    Folder folder;
    // As on a board that starts in 1970: the certificate is not valid yet by its clock.
    const auto self = self_signed(10 * day, 20 * day);
    TlsServer channel(self, "sealed");
    const auto now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    const auto with_floor = [&](std::optional<Instant> floor) {
        Fetcher line({.base_url = channel.url(),
                      .ca_file = folder.write("ca.pem", self.certificate),
                      .not_before = floor});
        return said(line);
    };
    EXPECT_THAT(with_floor({}), HasSubstr("not yet valid"));
    EXPECT_EQ(with_floor(now + 15 * 24h), "sealed") << "a clock behind `not_before` is known to be wrong";
    EXPECT_THAT(with_floor(now + 30 * 24h), HasSubstr("expired"));
    EXPECT_THAT(with_floor(now - 24h), HasSubstr("not yet valid")) << "`not_before` never sets the time back";
    EXPECT_EQ(channel.asked, 1);
}

}  // namespace
}  // namespace riverlight::test
