#pragma once
#include <array>
#include <cassert>
#include <cstdint>
#include <optional>
#include <string>

#include "content/base/files.hpp"
#include "content/base/instant.hpp"

namespace riverlight::player {

/// What a feed keeps over restarts: the continuity counter of each PID and the position of its time line. A
/// file of fixed size, mapped into memory, so that it is right even if the process is killed at any
/// instruction. One thread, one process.
class FeedState {
  public:
    /// Empty `path`: kept in memory only. A file that is torn or not a feed's is started over. Throws Error
    /// if the file cannot be made.
    explicit FeedState(const std::string& path);
    ~FeedState();
    FeedState(const FeedState&) = delete;
    FeedState& operator=(const FeedState&) = delete;

    /// The number on the feed's time line of the frame that is due at `now`: where an uninterrupted feed
    /// would be, and never before where it was. Begins a time line if there is none.
    [[nodiscard]] std::int64_t frame_at(Instant now, std::int64_t frames_per_second);
    /// When frame 0 was, or would have been, by the wall clock as it is now.
    void set_anchor(Instant frame_0) { data_->anchor_us = frame_0.time_since_epoch().count(); }
    void set_last_frame(std::int64_t frame) {
        assert(frame >= 0);
        data_->last_frame = frame;
    }
    /// The last picture of which any packet left.
    [[nodiscard]] std::optional<std::int64_t> last_picture() const {
        return data_->last_picture < 0 ? std::nullopt : std::optional(data_->last_picture);
    }
    void set_last_picture(std::int64_t picture) {
        assert(picture > data_->last_picture);
        data_->last_picture = picture;
    }
    /// True if an earlier process sent on this time line.
    [[nodiscard]] bool is_resumed() const { return resumed_; }
    /// 0…15: the counter of the PID's last packet with a payload.
    [[nodiscard]] std::uint8_t& continuity_counter(unsigned pid) {
        assert(pid < data_->counters.size());
        return data_->counters[pid];
    }
    /// 0…31: the version of a PID's tables that differ from those before (13818-1, 2.4.4.5). Without it over
    /// restarts, a receiver would take new tables for those that it has.
    [[nodiscard]] std::uint8_t next_version(unsigned pid) {
        assert(pid < data_->versions.size());
        return data_->versions[pid]++ & 31;
    }

  private:
    /// The file, in the byte order of the machine.
    struct Data {
        char magic[8];
        std::int64_t anchor_us;     ///< UTC of frame 0
        std::int64_t last_frame;    ///< −1: none
        std::int64_t last_picture;  ///< −1: none
        std::array<std::uint8_t, 8192> counters;
        std::array<std::uint8_t, 8192> versions;  ///< of a PID's next tables; a file without them has 0
    };
    static_assert(sizeof(Data) == 16416);
    Data own_{};
    Data* data_ = &own_;
    bool resumed_ = false;
};

}  // namespace riverlight::player
