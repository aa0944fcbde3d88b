#pragma once
#include <optional>

#include "content/base/files.hpp"
#include "player/feed/cut_finder.hpp"
#include "player/feed/hls_playlist.hpp"
#include "player/feed/output.hpp"

namespace riverlight::player {

/// HLS (RFC 8216) into a folder: `live.m3u8`, put there whole, and the segments of its window, each with a
/// name that never comes again, cut before the PAT, PMT and key picture of a group. A segment stays for as
/// long again as the list it was in (6.2.2). A restart goes on with the list and says so in it. Figures:
/// `segments`, `bytes_written`.
class HlsCarrier final : public Carrier {
  public:
    HlsCarrier(const OutputSpec& spec, const FeedFacts& facts);
    void open(const std::atomic<bool>& stop) override;
    void carry(std::span<const Datagram> run) override;
    void close() override;
    [[nodiscard]] Figures figures() const override {
        return {{"segments", written_}, {"bytes_written", bytes_}};
    }
    [[nodiscard]] std::string waiting() const override;

    static constexpr const char* playlist_name = "live.m3u8";

  private:
    void look(const std::uint8_t* packet, const Datagram& from);
    void cut(std::int64_t stamp, const Datagram& from);
    void end_segment(std::int64_t stamp);
    void give_up_segment();
    void begin_segment(std::int64_t stamp, const Datagram& from);
    void forget_old();
    void remove_strangers() const;
    void write(std::span<const std::uint8_t> bytes);
    [[nodiscard]] std::string path_of(const std::string& name) const { return folder_ + '/' + name; }

    std::string folder_;
    std::chrono::microseconds least_;
    std::size_t window_;
    HlsPlaylist list_;
    CutFinder finder_;
    Bytes kept_;      ///< from a PAT on, until it is known what follows
    Bytes gathered_;  ///< of the open segment, not yet written
    Fd segment_;
    std::string segment_name_;
    std::int64_t segment_stamp_ = 0;  ///< of its first picture
    Instant segment_begins_{};
    bool follows_nothing_ = true;  ///< the next segment is the first since it was opened
    std::optional<Ticks> last_time_;
    std::deque<std::string> old_;  ///< out of the list, still to be had
    std::int64_t written_ = 0, bytes_ = 0;
};

}  // namespace riverlight::player
