#pragma once
#include <boost/asio/io_context.hpp>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "firmware/outlet/player_process.hpp"
#include "firmware/outlet/programme.hpp"

namespace riverlight::firmware {

/// Reads every rendition when it has arrived, before it is due, and knows by name those that a feed of their
/// profile cannot splice: the segment is encoded as it plays instead. A player process of low priority reads
/// one file at a time; a file on which it ends twice is refused. Results hold until the board starts again or
/// the file is written again, since files are named by their hashes. On the loop's thread.
class RenditionChecker {
  public:
    struct Setup {
        std::string player;              ///< path of riverlight-player
        std::string media;               ///< the folder that it may read
        std::set<std::string> profiles;  ///< of this board's feeds
        int memory_mb = 1024;
        std::string user{};  ///< whom the reader becomes; empty: the daemon's own
    };
    RenditionChecker(boost::asio::io_context& loop, Setup setup) : loop_(loop), setup_(std::move(setup)) {}
    /// Reads the renditions of a release that have arrived and were not read before; drops the results of
    /// those that it no longer names.
    void validate(const Programme& programme);
    /// Whether the file was found not to be a rendition of the profile.
    [[nodiscard]] bool is_refused(const std::string& profile, const std::string& path) const;
    /// For each refused rendition a sentence: which, why, and what to do.
    [[nodiscard]] std::vector<std::string> complaints() const;
    /// Nothing waits to be read.
    [[nodiscard]] bool is_idle() const { return waiting_.empty(); }

  private:
    struct Request {
        std::string profile, path, parameters;
        std::string name;  ///< for people: segment and language
        int failures = 0;  ///< how often the reader ended on it
    };
    using Key = std::pair<std::string, std::string>;  ///< profile and path
    struct Result {
        std::string name;
        std::optional<std::string> fault;           ///< none: it is a rendition
        std::filesystem::file_time_type written{};  ///< of the file that was read: one that was altered is
                                                    ///< fetched again
    };
    void start_next();
    /// Starts the reader; false if that fails, and then nothing waits any more.
    [[nodiscard]] bool start_reader(const std::string& profile);
    void handle_reader_end(const std::string& why);
    void finish(std::string fault);

    boost::asio::io_context& loop_;
    Setup setup_;
    std::deque<Request> waiting_;  ///< the first is the one being read
    std::map<Key, Result> results_;
    std::string profile_;   ///< of reader_
    bool reading_ = false;  ///< reader_ reads the first of waiting_
    std::unique_ptr<PlayerProcess> reader_;
};

}  // namespace riverlight::firmware
