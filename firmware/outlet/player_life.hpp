#pragma once
#include <chrono>
#include <cstdint>
#include <optional>

#include "content/base/instant.hpp"
#include "firmware/outlet/player_state.hpp"
#include "firmware/outlet/restart_policy.hpp"

namespace riverlight::firmware {

/// What to do about an event that a state does not expect: a bug of ours.
enum class UnexpectedEvent : std::uint8_t {
    abort,   ///< in tests
    ignore,  ///< in the field: log an error and keep state and picture
};

/// Decides when an outlet's player is started, killed and started again. A player that is silent for too
/// long, or whose frames do not advance, hangs and is killed; one that ended is started again, after a delay
/// where it keeps ending.
///
/// An unexpected event never changes the state: the picture on air stays, and silence and process end, which
/// every state with a process handles, still lead to a new player. Pure.
class PlayerLife {
  public:
    /// Health events come ten frames apart.
    static constexpr std::chrono::milliseconds playing_patience{1200};
    /// A player that waits for a processor is not hung; but after so many times its patience it is killed.
    static constexpr int starved_factor = 10;
    /// Before its first event a player opens fonts and an encoder.
    static constexpr std::chrono::seconds starting_patience{12};
    /// poll() is called this often.
    static constexpr std::chrono::milliseconds poll_interval{200};

    explicit PlayerLife(UnexpectedEvent unexpected) : unexpected_(unexpected) {}

    [[nodiscard]] PlayerState state() const { return state_; }
    [[nodiscard]] bool has_process() const { return firmware::has_process(state_); }
    /// stop() was called.
    [[nodiscard]] bool is_stopping() const;

    void start(MonotonicTime now);
    void start_failed(MonotonicTime now);
    /// It sent an event. `advanced`: more frames have left since the one before. Without frames its words are
    /// no sign of life.
    void heard(MonotonicTime now, bool advanced);
    /// An item's first frame left.
    void aired() { restarts_.aired(); }
    struct End {
        bool hung;         ///< it was killed for its silence
        bool item_failed;  ///< the item that comes next is given up
    };
    /// Nothing if no player was expected to run.
    [[nodiscard]] std::optional<End> ended(MonotonicTime now);
    void stop();

    enum class Due : std::uint8_t { nothing, kill, start };
    /// What is to be done now. Time in which nobody polled (a slow disk, a suspended machine), or in which
    /// the player was ready and no processor was free, is not counted as its silence. `waited`: for a
    /// processor, since its start; absent: unknown.
    [[nodiscard]] Due poll(MonotonicTime now, std::optional<std::chrono::microseconds> waited = {});
    /// Whether the delay after an end or a failed start is over.
    [[nodiscard]] bool is_start_due(MonotonicTime now) const;

    [[nodiscard]] const RestartPolicy& restarts() const { return restarts_; }

  private:
    [[nodiscard]] bool change(PlayerEvent event);
    [[nodiscard]] bool is_silent(MonotonicTime now) const;

    UnexpectedEvent unexpected_;
    PlayerState state_ = PlayerState::none;
    RestartPolicy restarts_;
    MonotonicTime heard_{};  ///< the player's last sign of life, or its start
    std::optional<std::chrono::microseconds> waited_, waited_when_heard_;  ///< for a processor
    MonotonicTime polled_{};                                               ///< the last poll()
    MonotonicTime start_due_{};                                            ///< in state `waiting`
};

}  // namespace riverlight::firmware
