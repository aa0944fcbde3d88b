#include "firmware/nearby/media_server.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <thread>

#include "content/base/priority.hpp"
#include "content/http/server.hpp"

namespace riverlight::firmware {
namespace {

constexpr std::string_view folder_name = "/media/";
constexpr std::size_t hash_digits = 64, longest_extension = 8;

bool all_of(std::string_view text, std::string_view allowed) {
    return text.find_first_not_of(allowed) == text.npos;
}

http::Response respond(const http::Request& request, const std::string& folder) {
    if (request.method != "GET")
        return http::problem(405, "method", "Only GET is answered here", request.method);
    if (!is_media_path(request.path))
        return http::problem(404, "not-found", "Only media are served, by their hash", "");
    http::Response response;
    response.file = folder + '/' + request.path.substr(folder_name.size());
    response.type = "application/octet-stream";
    response.etag = request.path.substr(folder_name.size(), hash_digits);
    return response;
}

}  // namespace

bool is_media_path(std::string_view path) {
    if (!path.starts_with(folder_name)) return false;
    const auto name = path.substr(folder_name.size());
    if (name.size() < hash_digits + 2 || name.size() > hash_digits + 1 + longest_extension) return false;
    return all_of(name.substr(0, hash_digits), "0123456789abcdef") && name[hash_digits] == '.' &&
           all_of(name.substr(hash_digits + 1), "abcdefghijklmnopqrstuvwxyz0123456789");
}

struct MediaServer::State {
    State(const std::string& listen, std::string folder, std::uint64_t rate)
        : server(std::make_unique<http::Server>(
              loop, listen,
              [media = std::move(folder)](const http::Request& request) { return respond(request, media); },
              http::Limits{.body = 0, .connections = 8, .bytes_per_second = rate})),
          port(server->port()),
          thread([this] {
              give_way_to_players();
              const auto work = boost::asio::make_work_guard(loop);
              loop.run();
          }) {}
    ~State() {
        boost::asio::post(loop, [this] {
            server.reset();
            loop.stop();
        });
        thread.join();
    }
    State(const State&) = delete;

    boost::asio::io_context loop{1};
    std::unique_ptr<http::Server> server;  // used by the thread only, once it runs
    std::uint16_t port;
    std::thread thread;
};

MediaServer::MediaServer(const std::string& listen, std::string folder, std::uint64_t bytes_per_second)
    : state_(std::make_unique<State>(listen, std::move(folder), bytes_per_second)) {}
MediaServer::~MediaServer() = default;

std::uint16_t MediaServer::port() const {
    return state_->port;
}

}  // namespace riverlight::firmware
