#include "firmware/slots/status_reader.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

namespace riverlight::firmware {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

constexpr std::size_t longest_status = 1U << 20;

}  // namespace

std::optional<std::string> read_status(const StatusAddress& address, std::chrono::seconds patience) {
    asio::io_context loop(1);
    beast::tcp_stream stream(loop);
    beast::flat_buffer buffer(longest_status);
    http::request<http::empty_body> request(http::verb::get, "/v1/status", 11);
    request.set(http::field::host, "127.0.0.1");
    request.set(http::field::connection, "close");
    http::response_parser<http::string_body> answer;
    answer.body_limit(longest_status);
    std::optional<std::string> body;
    beast::error_code unknown;
    const auto found =
        asio::ip::tcp::resolver(loop).resolve(address.host, std::to_string(address.port), unknown);
    if (unknown) return body;
    stream.expires_after(patience);
    stream.async_connect(found, [&](beast::error_code fault, const asio::ip::tcp::endpoint&) {
        if (fault) return;
        http::async_write(stream, request, [&](beast::error_code fault_of_write, std::size_t) {
            if (fault_of_write) return;
            http::async_read(stream, buffer, answer, [&](beast::error_code fault_of_read, std::size_t) {
                if (!fault_of_read && answer.get().result() == http::status::ok) body = answer.get().body();
            });
        });
    });
    loop.run();
    return body;
}

}  // namespace riverlight::firmware
