#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "content/sync/fetch.hpp"
#include "content/sync/standing.hpp"
#include "content/sync/sync.hpp"

namespace riverlight::content {

/// Where the bytes of one visit come from: the channel and its mirrors, in turn, and for media the boards
/// nearby. Signatures and hashes make every one of them as good as another; one that fails or hands out
/// something else is left aside (Standing) and named. One thread. `options` must outlive the object.
class Supply {
  public:
    Supply(const SyncOptions& options, Instant now);

    /// The sources in the order to try them now; never none.
    [[nodiscard]] std::vector<std::string> sources() const;
    /// Runs `take` against one source after the other until it returns. Throws what the first source failed
    /// with where all do; DiskFault, LineClosed and whatever `take` throws that is no Error at once.
    void from_any(const std::function<void(Fetcher&)>& take);
    /// Brings a media file from a board nearby; false where none has it. Throws DiskFault.
    bool from_nearby(const std::string& name, const std::string& staged, const std::string& into,
                     const FileFacts& facts, const std::function<void(std::uint64_t)>& progress);
    [[nodiscard]] bool any_nearby() const { return !options_.nearby.empty(); }
    /// The pace of media from the sources; boards nearby have their own.
    void keep_to(const AskPace& pace) { pace_ = pace; }

    [[nodiscard]] std::uint64_t crossed() const;         ///< bytes from sources
    [[nodiscard]] std::uint64_t crossed_nearby() const;  ///< bytes from boards nearby

  private:
    using Lines = std::map<std::string, std::unique_ptr<Fetcher>>;
    [[nodiscard]] Fetcher& line(const std::string& url);
    [[nodiscard]] Fetcher& line_nearby(const std::string& url);

    const SyncOptions& options_;
    Instant now_;
    std::vector<std::string> urls_;
    std::shared_ptr<Standing> standing_;  // shared with the next visits
    AskPace pace_;
    Lines lines_, lines_nearby_;
};

}  // namespace riverlight::content
