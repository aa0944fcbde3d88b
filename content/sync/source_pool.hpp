#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "content/sync/fetch.hpp"
#include "content/sync/mirror_health.hpp"
#include "content/sync/sync.hpp"

namespace riverlight::content {

/// What a source has done that lacks a file which the channel lists.
enum class OnAbsent : std::uint8_t {
    suspend,  ///< it is behind the others
    accept    ///< it may do without: a stick without systems' images
};

/// The sources of one visit: the channel, its mirrors, and for media the boards nearby. Since everything is
/// verified by signature and hash, any source will do; one that fails is suspended (MirrorHealth) and the
/// next is tried. For one thread. `options` must outlive the object.
class SourcePool {
  public:
    SourcePool(const SyncOptions& options, Instant now);

    /// The channel and its mirrors in the order to try them; never empty.
    [[nodiscard]] std::vector<std::string> sources() const;
    /// Calls `use` with one source after the other until it returns without an Error. If all fail, throws the
    /// error of the first. DiskFault, BandwidthClosed and exceptions that are not an Error end it at once.
    void try_sources(const std::function<void(Fetcher&)>& use, OnAbsent on_absent = OnAbsent::suspend);
    /// Downloads a media file from a board nearby; false if none has it. Throws DiskFault.
    bool try_nearby(const std::string& name, const std::string& staged, const std::string& into,
                    const FileFacts& facts, const std::function<void(std::uint64_t)>& progress);
    [[nodiscard]] bool has_nearby() const { return !options_.nearby.empty(); }
    /// Limits downloads from the channel and its mirrors. Boards nearby have a rate of their own.
    void limit_bandwidth(const GetBandwidthLimit& limit) { limit_ = limit; }

    [[nodiscard]] std::uint64_t received_bytes() const;         ///< from the channel and its mirrors
    [[nodiscard]] std::uint64_t received_bytes_nearby() const;  ///< from boards nearby

  private:
    using Fetchers = std::map<std::string, std::unique_ptr<Fetcher>>;
    [[nodiscard]] Fetcher& fetcher(const std::string& url);
    [[nodiscard]] Fetcher& nearby_fetcher(const std::string& url);

    const SyncOptions& options_;
    Instant now_;
    std::vector<std::string> urls_;
    std::shared_ptr<MirrorHealth> health_;  // shared with later visits
    GetBandwidthLimit limit_;
    Fetchers fetchers_, nearby_fetchers_;
};

}  // namespace riverlight::content
