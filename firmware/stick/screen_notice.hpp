#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "content/segment/country.hpp"
#include "firmware/stick/note.hpp"

namespace riverlight::firmware {

/// What a screen shows about a stick to the person who put it in.
struct ScreenNotice {
    std::string text, locale;  ///< locale: BCP 47
    friend bool operator==(const ScreenNotice&, const ScreenNotice&) = default;
};

/// A place's languages and their fallbacks, in its order of preference.
[[nodiscard]] std::vector<std::string> languages_of(const content::Place& place);

/// In the first of `languages` (BCP 47, a place's, in order of preference) that has a translation, else
/// English.
[[nodiscard]] ScreenNotice screen_notice_for(const StickNote& note,
                                             const std::vector<std::string>& languages);

/// Decides when screens show a notice: while a stick is read, and for half a minute after. Never about a
/// stick that was finished before the daemon started. Pure. Owner: the daemon's loop thread.
class ScreenNoticeTimer {
  public:
    static constexpr std::chrono::seconds shown_after{30};

    /// `note` as StickWatch reports it. Call it every few seconds. Returns what to show now; none: nothing.
    [[nodiscard]] std::optional<StickNote> update(const std::optional<StickNote>& note, MonotonicTime now);

  private:
    bool started_ = false;
    std::optional<Instant> finished_;  ///< time of the last note that was not about reading
    std::optional<MonotonicTime> until_;
};

}  // namespace riverlight::firmware
