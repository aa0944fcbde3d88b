#pragma once
#include <optional>
#include <string>
#include <vector>

#include "firmware/stick/note.hpp"
#include "firmware/stick/screen_notice.hpp"
#include "firmware/stick/watch.hpp"

namespace riverlight::firmware {

/// The daemon's view of sticks: reads what the importer, another process, left in the state folder. Owner:
/// the daemon's loop thread.
class StickMonitor {
  public:
    explicit StickMonitor(std::string state_folder) : folder_(std::move(state_folder)) {}

    /// Reads the note, and decides what screens show. Call it at the start and every few seconds.
    void poll(MonotonicTime now);
    /// What to show on screens as of the last poll, in the first of `languages` that has a translation; an
    /// empty text: nothing.
    [[nodiscard]] ScreenNotice screen_notice(const std::vector<std::string>& languages) const;
    /// The last stick, for the status page; reads the note again. None: there was no stick yet.
    [[nodiscard]] std::optional<StickNote> status(MonotonicTime now) const;

  private:
    std::string folder_;
    StickWatch watch_;
    ScreenNoticeTimer timer_;
    std::optional<StickNote> shown_;
};

}  // namespace riverlight::firmware
