#pragma once
#include <optional>
#include <string>
#include <vector>

#include "content/base/instant.hpp"

/// Twins: two devices that report with one board's key, since its card or state folder was copied.
namespace riverlight::office {

class Database;

/// One device of a board that has a twin, as far as its reports tell: one run of its program.
struct TwinDevice {
    std::string run;
    Instant first{}, heard{};
};

/// Tells from the order of reports whether two devices are at work. A run of a board's program that reports
/// again after a later one, while that one reports again too, shows two: a restart, a card moved to another
/// device and a restored backup each begin a new run, and the earlier ones never come back. Of boards that do
/// not name their runs, epochs of the journal tell the same.
class TwinStore {
  public:
    explicit TwinStore(Database& db) : db_(db) {}

    /// A health report came from `run`, which follows `after` by the device's own memory (may be empty).
    /// True if this is what shows that there are twins.
    bool note_run(const std::string& board, const std::string& run, const std::string& after, Instant now);
    /// New records came under `epoch`. True as above. Changes nothing for a board that names its runs.
    bool note_epoch(const std::string& board, const std::string& epoch, Instant now);

    /// Since when the board has twins; nothing if it has none, or a person has resolved it.
    [[nodiscard]] std::optional<Instant> twins_since(const std::string& board) const;
    /// The board's devices that reported in the last ten minutes, or else the last one; at most 10, the last
    /// heard first.
    [[nodiscard]] std::vector<TwinDevice> devices(const std::string& board, Instant now) const;
    /// Whether this run is of a device that has to give the key up.
    [[nodiscard]] bool gives_up(const std::string& board, const std::string& run) const;

    /// The device of `run` keeps the key; the others, and what runs on them later, give it up. False, and
    /// nothing changes, if the board has no twins or no such run.
    [[nodiscard]] bool resolve(const std::string& board, const std::string& run);
    /// A board that enrolled again has another key: what the former key did no longer counts.
    void forget(const std::string& board);

  private:
    enum class Kind : char { run = 'r', epoch = 'e' };
    bool note(const std::string& board, Kind kind, const std::string& id, const std::string& after,
              Instant now);

    Database& db_;
};

}  // namespace riverlight::office
