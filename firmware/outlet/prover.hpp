#pragma once
#include <boost/asio/io_context.hpp>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "firmware/outlet/player_process.hpp"
#include "firmware/outlet/programme.hpp"

namespace riverlight::firmware {

/// Reads renditions as soon as they are here, before they are due: one that its profile's feed could not
/// splice is known by name, and what airs in its place (the segment, encoded as it plays) is chosen
/// beforehand. A player of the least priority reads, one at a time: a file on which it falls twice costs that
/// file. What was found holds until the board's next start, for files are named by their hashes. On the
/// loop's thread.
class Prover {
  public:
    struct Setup {
        std::string player;           ///< path of riverlight-player
        std::string media;            ///< folder that it may read
        std::set<std::string> feeds;  ///< the profiles that this board's feeds have
        int memory_mb = 1024;
    };
    Prover(boost::asio::io_context& loop, Setup setup) : loop_(loop), setup_(std::move(setup)) {}
    /// Reads what of a release has come and was not read yet; forgets what the release no longer names.
    void look_at(const Programme& programme);
    /// Whether the file was found to be no rendition of the profile.
    [[nodiscard]] bool refused(const std::string& profile, const std::string& path) const;
    /// A sentence for each that was refused: of what, why, and what to do.
    [[nodiscard]] std::vector<std::string> complaints() const;

    /// Nothing waits to be read.
    [[nodiscard]] bool settled() const { return waiting_.empty(); }

  private:
    struct Asked {
        std::string profile, path, parameters;
        std::string name;  ///< for people: segment and language
        int falls = 0;     ///< how often the reader ended on it
    };
    using Key = std::pair<std::string, std::string>;  ///< profile and path
    struct Found {
        std::string name, fault;  ///< `fault` is empty of a good one
    };
    void add(Asked asked);
    void ask_next();
    /// The reader has ended; once may be the machine's fault.
    void fell(const std::string& why);
    void found(std::string fault);

    boost::asio::io_context& loop_;
    Setup setup_;
    std::deque<Asked> waiting_;  ///< the first is being read
    std::map<Key, Found> known_;
    std::string profile_;   ///< of player_
    bool reading_ = false;  ///< player_ reads the first that waits
    std::unique_ptr<PlayerProcess> player_;
};

}  // namespace riverlight::firmware
