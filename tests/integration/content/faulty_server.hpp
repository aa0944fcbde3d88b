#pragma once
#include <atomic>
#include <boost/asio.hpp>
#include <functional>
#include <string>
#include <thread>
#include <vector>

/// A server on loopback whose responses a test writes by hand.
namespace riverlight::test {

namespace asio = boost::asio;
using asio::ip::tcp;

/// Serves one connection after the other with the test's function, and records the request heads.
class FaultyServer {
  public:
    using Response = std::function<void(tcp::socket&, const std::string& head)>;
    explicit FaultyServer(Response answer) : answer_(std::move(answer)), thread_([this] { serve(); }) {}
    ~FaultyServer() {
        stopping_ = true;
        boost::system::error_code ec;
        tcp::socket knock(loop_);
        knock.connect(acceptor_.local_endpoint(), ec);  // so that the accept returns
        thread_.join();
    }
    [[nodiscard]] std::string url() const {
        return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
    }
    std::vector<std::string> heads;  ///< read when the transfer is over

  private:
    void serve() {
        for (;;) {
            boost::system::error_code ec;
            tcp::socket socket(loop_);
            acceptor_.accept(socket, ec);
            if (ec || stopping_) return;
            asio::streambuf head;
            asio::read_until(socket, head, "\r\n\r\n", ec);
            if (ec) continue;
            heads.emplace_back(asio::buffers_begin(head.data()), asio::buffers_end(head.data()));
            try {
                answer_(socket, heads.back());
            } catch (const boost::system::system_error&) {
                continue;  // the client has gone, as some tests want
            }
        }
    }

    asio::io_context loop_;
    tcp::acceptor acceptor_{loop_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
    Response answer_;
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

inline void send(tcp::socket& socket, const std::string& bytes) {
    asio::write(socket, asio::buffer(bytes));
}

inline std::string ok(std::size_t length, const std::string& more = {}) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(length) + "\r\nConnection: close\r\n" +
           more + "\r\n";
}

inline std::string partial(std::size_t from, std::size_t total, const std::string& more = {}) {
    return "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes " + std::to_string(from) + "-" +
           std::to_string(total - 1) + "/" + std::to_string(total) +
           "\r\nContent-Length: " + std::to_string(total - from) + "\r\nConnection: close\r\n" + more +
           "\r\n";
}

/// The value of a field in the head of a request; empty if it lacks the field.
inline std::string header_of(const std::string& head, const std::string& name) {
    const auto at = head.find("\r\n" + name + ": ");
    if (at == std::string::npos) return {};
    const auto begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
}

inline std::size_t range_of(const std::string& head) {
    const auto at = head.find("Range: bytes=");
    return at == std::string::npos ? 0 : std::stoul(head.substr(at + 13));
}

}  // namespace riverlight::test
