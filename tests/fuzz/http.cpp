#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <optional>
#include <string>

#include "content/http/byte_range.hpp"
#include "content/http/server.hpp"
#include "content/http/target.hpp"
#include "tests/fuzz/input.hpp"

using namespace riverlight;
using namespace std::chrono_literals;

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

/// A server that looks at all of a request, as the board's and the office's handlers do.
struct Fixture {
    Fixture() {
        http::Limits limits;
        limits.body = 64U << 10;
        limits.idle = 1s;
        server.emplace(loop, "127.0.0.1:0", answer, limits);
    }
    static http::Response answer(const http::Request& request) {
        fuzz::promise(request.path.starts_with('/'), "a path begins with a slash");
        std::size_t seen = request.form().size() + request.cookie("a").size() + request.query_or("a").size();
        for (const auto& [name, value] : request.headers) seen += name.size() + value.size();
        http::Response response;
        response.body = std::to_string(seen);
        return response;
    }
    asio::io_context loop;
    std::optional<http::Server> server;
};

/// The bytes as a client sends them, to the end of the connection.
std::string ask(Fixture& fixture, std::string_view bytes) {
    tcp::socket client(fixture.loop);
    client.connect({asio::ip::address_v4::loopback(), fixture.server->port()});
    client.non_blocking(true);
    boost::system::error_code ec;
    asio::write(client, asio::buffer(bytes), ec);
    client.shutdown(tcp::socket::shutdown_send, ec);
    std::string answer;
    std::array<char, 4096> piece{};
    for (const auto end = std::chrono::steady_clock::now() + 5s;;) {
        fixture.loop.restart();
        fixture.loop.poll();
        const auto count = client.read_some(asio::buffer(piece), ec);
        answer.append(piece.data(), count);
        if (ec && ec != asio::error::would_block) return answer;
        fuzz::promise(std::chrono::steady_clock::now() < end, "the connection ends");
    }
}

void check_parts(std::string_view text) {
    if (const auto target = http::parse_target(text))
        fuzz::promise(target->path.starts_with('/'), "a target has a path");
    fuzz::promise(http::decode_form(text).size() <= 1000, "a form has a limit");
    static_cast<void>(http::percent_decoded(text));
    for (const std::uint64_t size :
         {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1000}, ~std::uint64_t{0}})
        if (const auto range = http::byte_range(text, size); range && range->first <= range->second)
            fuzz::promise(range->second < size, "a range lies within its file");
}

}  // namespace

/// What a stranger sends to a port: the parts of a request by themselves, and all of it over a socket.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static Fixture fixture;
    const auto text = fuzz::Input(data, size).text();
    check_parts(text);
    const auto answer = ask(fixture, text);
    fuzz::promise(answer.empty() || answer.starts_with("HTTP/1.1 "), "an answer is HTTP, or there is none");
    return 0;
}
