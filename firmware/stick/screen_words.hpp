#pragma once
#include <optional>
#include <string>
#include <vector>

#include "firmware/stick/note.hpp"

namespace riverlight::firmware {

/// What a screen says of a stick to who put it in.
struct ScreenWords {
    std::string text, locale;  ///< locale: BCP 47
    friend bool operator==(const ScreenWords&, const ScreenWords&) = default;
};

/// The first of `languages` (BCP 47, a place's, in its order) that there are words in; English otherwise.
[[nodiscard]] ScreenWords screen_words(const StickNote& note, const std::vector<std::string>& languages);

/// When a screen speaks of a stick: while it is read, and for half a minute after. Of a stick that was done
/// with before the daemon began, never. Owner: the daemon's loop thread.
class StickOnScreen {
  public:
    static constexpr std::int64_t stays_us = 30'000'000;

    /// `note` as StickWatch tells it. To be asked again and again.
    [[nodiscard]] std::optional<StickNote> seen(const std::optional<StickNote>& note,
                                                std::int64_t monotonic_us);

  private:
    bool begun_ = false;
    Instant last_{};  ///< of the note that is over
    std::optional<std::int64_t> until_us_;
};

}  // namespace riverlight::firmware
