#pragma once
#include <deque>
#include <set>
#include <string>
#include <vector>

#include "firmware/outlet/queued_airing.hpp"

namespace riverlight::firmware {

/// The airings that the player was told to play, in order: the one on air and those behind it. Pure.
class AiringQueue {
  public:
    /// A new cue's name: the same airing may be cued again under a new release, so events name the cue and
    /// records the airing.
    [[nodiscard]] std::string name_for(const std::string& airing);
    /// Whether the airing follows what was queued before without a gap, so that it needs no start of its own.
    [[nodiscard]] bool follows_last(const scheduler::PlannedAiring& planned) const;
    /// The last airing taken from the plan ends then.
    void set_end(Instant end) { end_ = end; }
    /// The day was planned again: the next airing does not follow what was taken before.
    void clear_end() { end_ = {}; }

    void push(QueuedAiring queued) { queue_.push_back(std::move(queued)); }
    /// By the name of its cue; none: nullptr.
    [[nodiscard]] QueuedAiring* find(const std::string& cue);
    void erase(const QueuedAiring& queued);
    [[nodiscard]] std::deque<QueuedAiring>& all() { return queue_; }
    [[nodiscard]] const std::deque<QueuedAiring>& all() const { return queue_; }

    [[nodiscard]] bool is_empty() const { return queue_.empty(); }
    /// Airings that the player was not told to drop.
    [[nodiscard]] std::size_t kept() const;
    /// Whether a planned airing is among those.
    [[nodiscard]] bool keeps(const std::string& airing) const;
    /// Whether an airing is on that may stay to its end.
    [[nodiscard]] bool is_on_air() const;
    /// What is on, and what follows it before `before`, as the rest of the day's plan counts it: as if each
    /// went on to its end.
    [[nodiscard]] std::vector<scheduler::Aired> aired(Instant now, Instant before) const;
    /// Names of the media files that the player has, or is told to open next.
    [[nodiscard]] std::set<std::string> media() const;

  private:
    std::deque<QueuedAiring> queue_;
    Instant end_{};           ///< planned end of the last airing; the epoch: nothing is followed
    std::int64_t names_ = 0;  ///< given so far
};

}  // namespace riverlight::firmware
