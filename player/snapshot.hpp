#pragma once
#include <cstdint>
#include <functional>
#include <string>

#include "player/av/picture.hpp"

namespace riverlight::player {

/// Keeps a JPEG of what the outlet shows. Composed frames are saved every second. Coded frames have to be
/// decoded for it, so they are saved at an item's first key picture and then every ten seconds. One thread.
class Snapshots {
  public:
    using Report = std::function<void(const std::string& fault)>;
    /// Empty `path`: nothing is saved. A fault is reported once, not every second: a full disk stays full for
    /// a while.
    Snapshots(std::string path, std::int64_t frames_per_second, Report report);

    /// True if composed frame `frame` is to be saved.
    [[nodiscard]] bool is_due(std::int64_t frame);
    /// True if coded frame `frame`, a key picture or not, is to be decoded and saved.
    [[nodiscard]] bool is_coded_due(std::int64_t frame, bool key);
    void save(const Picture& picture);

  private:
    std::string path_;
    std::int64_t frames_per_second_;
    Report report_;
    std::string fault_;
    std::int64_t next_coded_ = 0;  ///< no coded frame before this one, unless it begins a run of them
    bool in_coded_run_ = false;
};

}  // namespace riverlight::player
