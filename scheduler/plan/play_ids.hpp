#pragma once
#include <chrono>
#include <cstdint>
#include <string>

namespace riverlight::scheduler {

/// The ids of one booking's plays on a day of a place: 32 hex digits, SHA-256 over place, date, booking and
/// what tells the plays apart. They never change: board and office compute the same.
class PlayIds {
  public:
    PlayIds(const std::string& place, std::chrono::local_days day, const std::string& booking);
    /// Of a play that has a number: a rotation's, or a position in a run.
    [[nodiscard]] std::string of_number(int number) const;
    /// Of one that has none, a filler: by its start, since the day began.
    [[nodiscard]] std::string of_start(std::chrono::milliseconds start) const;

  private:
    [[nodiscard]] std::string id_from(char tag, std::int64_t value) const;
    std::string prefix_;
};

}  // namespace riverlight::scheduler
