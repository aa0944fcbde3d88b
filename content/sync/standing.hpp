#pragma once
#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace riverlight::content {

/// How the sources of a channel (mirrors, other boards) have behaved, by their base URL: what a visit learns,
/// and the next one goes by. Safe from any thread.
class Standing {
  public:
    using Clock = std::function<std::chrono::steady_clock::time_point()>;
    explicit Standing(Clock clock = [] { return std::chrono::steady_clock::now(); })
        : clock_(std::move(clock)) {}

    /// `urls` in the order to try: those in good standing as they are given, then, with `all`, those that are
    /// left aside, the one whose time ends first in front.
    [[nodiscard]] std::vector<std::string> order(const std::vector<std::string>& urls, bool all) const;

    void worked(const std::string& url);
    /// It did not answer, or broke off: left aside for a minute, twice as long each time, up to an hour.
    void failed(const std::string& url, const std::string& why);
    /// It handed out what was not signed, or is old: left aside for six hours.
    void unsound(const std::string& url, const std::string& why);

    struct Aside {
        std::string url, why;
        bool unsound = false;
        std::chrono::minutes left{};  ///< rounded up
    };
    /// Those left aside at the moment, by URL.
    [[nodiscard]] std::vector<Aside> aside() const;

  private:
    struct State {
        std::string why;
        bool unsound = false;
        int failures = 0;
        std::chrono::steady_clock::time_point until{};
    };
    void note(const std::string& url, const std::string& why, bool unsound);

    mutable std::mutex mutex_;
    Clock clock_;
    std::map<std::string, State> known_;  // guarded by mutex_
};

}  // namespace riverlight::content
