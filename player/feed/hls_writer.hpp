#pragma once
#include <deque>
#include <optional>
#include <span>

#include "content/base/files.hpp"
#include "player/cue/output_spec.hpp"
#include "player/feed/hls_playlist.hpp"
#include "player/feed/output.hpp"
#include "player/feed/random_access.hpp"

namespace riverlight::player {

/// Writes HLS (RFC 8216) into a folder: `live.m3u8`, replaced atomically, and the segments of its window.
/// Segments have names that are never used again, begin with PAT, PMT and a key picture (3.2), and are kept
/// for as long again after they leave the list (6.2.2). After a restart the list continues with a
/// discontinuity. Figures: `segments`, `bytes_written`.
class HlsWriter final : public StreamWriter {
  public:
    HlsWriter(const OutputSpec& spec, const FeedFacts& facts);
    void open(const std::atomic<bool>& stop) override;
    [[nodiscard]] std::vector<bool> write(std::span<const Datagram> datagrams) override;
    void close() override;
    [[nodiscard]] Figures figures() const override {
        return {{"segments", segments_written_}, {"bytes_written", bytes_written_}};
    }
    [[nodiscard]] std::string idle_reason() const override;

    static constexpr const char* playlist_name = "live.m3u8";

  private:
    /// The segment that is being written, as `name` with `.part` behind it.
    struct Segment {
        Fd fd;
        std::string name;
        StampTicks pts{};  ///< of its first picture, wrapped
        Instant begins{};
    };
    void write_packet(const std::uint8_t* packet, const Datagram& from);
    /// A group of pictures begins with PTS `pts`: begins a segment if the open one is long enough.
    void cut(StampTicks pts, const Datagram& from);
    void begin_segment(StampTicks pts, const Datagram& from);
    void end_segment(StampTicks pts);
    void discard_segment();
    void write_bytes(std::span<const std::uint8_t> bytes);
    void remove_expired();
    void remove_unlisted() const;
    [[nodiscard]] std::string path_of(const std::string& name) const { return folder_ + '/' + name; }

    // Beside its settings: the list, the segment that is being written and the bytes that wait for it.
    std::string folder_;
    std::chrono::microseconds min_duration_;
    std::size_t window_;
    HlsPlaylist list_;
    std::deque<std::string> expired_;  ///< no longer in the list, not yet removed
    RandomAccessFinder finder_;
    Bytes tentative_;  ///< from a PAT on, until the finder decides
    Bytes gathered_;   ///< of the open segment, not yet written
    std::optional<Segment> segment_;
    bool first_since_open_ = true;         ///< the next segment does not continue the one before
    std::optional<StreamTime> last_time_;  ///< of the last datagram
    std::int64_t segments_written_ = 0, bytes_written_ = 0;
};

}  // namespace riverlight::player
