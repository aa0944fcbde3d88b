#pragma once
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "content/http/server.hpp"
#include "tests/integration/content/channel_fixture.hpp"

/// A web server for a folder that records requests and lets a test change responses.
namespace riverlight::test {

class TreeServer {
  public:
    using Change = std::function<void(const http::Request&, http::Response&)>;
    explicit TreeServer(std::string folder, Change change = {})
        : folder_(std::move(folder)), change_(std::move(change)) {
        thread_ = std::thread([this] {
            const auto guard = boost::asio::make_work_guard(loop_);
            loop_.run();
        });
    }
    ~TreeServer() {
        boost::asio::post(loop_, [this] {
            server_.reset();
            loop_.stop();
        });
        thread_.join();
    }
    TreeServer(const TreeServer&) = delete;
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    /// Paths asked for so far that contain `part`.
    [[nodiscard]] std::vector<std::string> asked(const std::string& part = {}) const {
        const std::lock_guard lock(mutex_);
        std::vector<std::string> out;
        for (const auto& path : asked_)
            if (path.find(part) != std::string::npos) out.push_back(path);
        return out;
    }
    void forget() {
        const std::lock_guard lock(mutex_);
        asked_.clear();
    }

  private:
    http::Response answer(const http::Request& request) {
        {
            const std::lock_guard lock(mutex_);
            asked_.push_back(request.path);
        }
        http::Response r;
        r.file = folder_ + request.path;
        if (change_) change_(request, r);
        return r;
    }

    std::string folder_;
    Change change_;
    mutable std::mutex mutex_;
    std::vector<std::string> asked_;  // guarded by mutex_
    boost::asio::io_context loop_;
    std::unique_ptr<http::Server> server_ = std::make_unique<http::Server>(
        loop_, "127.0.0.1:0", [this](const http::Request& r) { return answer(r); });
    std::uint16_t port_ = server_->port();
    std::thread thread_;
};

}  // namespace riverlight::test
