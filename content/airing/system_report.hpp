#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "content/base/instant.hpp"

/// What a board says of its own system and of that system's update: on its status page, and in its health
/// report (health.hpp). Their texts stand in JSON; only the functions here write and read them.
namespace riverlight::content {

/// What an update is doing.
enum class UpdateState : std::uint8_t {
    none,         ///< the channel has no newer version for this board
    wanted,       ///< it has one, and nothing of its bundle is here; the wait says why
    fetching,     ///< a part of its bundle is here
    ready,        ///< all of it is here; the wait says why it is not installed yet
    installing,   ///< it is being written into the other slot
    restart_due,  ///< it is in the other slot, and starts with the next start
    unsure,       ///< it runs, and has not proved yet that it plays
};
inline constexpr std::array every_update_state{
    UpdateState::none,       UpdateState::wanted,      UpdateState::fetching, UpdateState::ready,
    UpdateState::installing, UpdateState::restart_due, UpdateState::unsure};

/// Why an update does not go on now. It does so by itself as soon as it can.
enum class UpdateWait : std::uint8_t {
    none,         ///< it does
    hold,         ///< its wave is on hold
    start,        ///< its wave begins later
    not_newer,    ///< what the channel has for this board is older than what runs
    unreachable,  ///< no source of the channel has it
    unusable,     ///< what the channel has is not signed as it must be, or cannot be read
    no_room,      ///< the board's disk is too small for it beside the programme
    disk,         ///< the board's disk cannot be written
    expired,      ///< what the channel says is too old: its signatures have ended
    clock,        ///< the board does not know the time
    slots,        ///< nothing is known of the board's slots
    unproved,     ///< the system that runs has not proved itself yet
    pause,        ///< the last try failed a short time ago
    open,         ///< the place is open
};
inline constexpr std::array every_update_wait{
    UpdateWait::none,     UpdateWait::hold,    UpdateWait::start,       UpdateWait::not_newer,
    UpdateWait::unusable, UpdateWait::no_room, UpdateWait::unreachable, UpdateWait::disk,
    UpdateWait::expired,  UpdateWait::clock,   UpdateWait::slots,       UpdateWait::unproved,
    UpdateWait::pause,    UpdateWait::open};

/// Why an update ended.
enum class UpdateFault : std::uint8_t {
    none,            ///< it plays: its slot is sure
    not_newer,       ///< its bundle has a version that is not newer than what runs
    other_kind,      ///< its bundle is for another kind of board, or of another version than the channel says
    no_bundle,       ///< its bundle is gone
    bad_digest,      ///< its bundle has other bytes than were verified when it came
    bad_signature,   ///< RAUC does not accept its bundle's signature
    install_failed,  ///< RAUC could not install it
    interrupted,     ///< the board lost power, or started again, while it was installed
    no_answer,       ///< the installer said nothing for hours
    did_not_play,    ///< it ran and did not play: the board went back
    starts_used,     ///< it used up its starts and never played for long enough: the board went back
    root_damaged,    ///< its root was damaged or could not be opened: the board went back
    unknown,         ///< one that another version of this program named
};
inline constexpr std::array every_update_fault{
    UpdateFault::none,           UpdateFault::not_newer,   UpdateFault::other_kind,
    UpdateFault::no_bundle,      UpdateFault::bad_digest,  UpdateFault::bad_signature,
    UpdateFault::install_failed, UpdateFault::interrupted, UpdateFault::no_answer,
    UpdateFault::did_not_play,   UpdateFault::starts_used, UpdateFault::root_damaged,
    UpdateFault::unknown};

[[nodiscard]] std::string_view to_text(UpdateState state);  ///< as in JSON: `restart-due`
[[nodiscard]] std::string_view to_text(UpdateWait wait);
[[nodiscard]] std::string_view to_text(UpdateFault fault);
/// Nothing for a text that this version does not know.
[[nodiscard]] std::optional<UpdateState> parse_update_state(std::string_view text);
[[nodiscard]] std::optional<UpdateWait> parse_update_wait(std::string_view text);
/// `unknown` for a text that this version does not know.
[[nodiscard]] UpdateFault parse_update_fault(std::string_view text);

/// For people, to follow a version: `waits: its wave is on hold`. Empty for `none`.
[[nodiscard]] std::string_view words_of(UpdateWait wait);
/// For people, to follow a version: `was not installed: RAUC does not accept its signature`.
[[nodiscard]] std::string_view words_of(UpdateFault fault);

/// The system of one board.
struct SystemReport {
    std::string version{};  ///< that runs
    std::string slot{};     ///< that it runs from, `A` or `B`; empty: not known
    std::optional<UpdateState> state = UpdateState::none;  ///< none: one that this version does not know
    std::optional<UpdateWait> wait = UpdateWait::none;     ///< likewise
    std::string target{};  ///< the version that the update is about; empty: none

    struct Last {
        std::string version;
        UpdateFault fault = UpdateFault::none;
        Instant at{};
        friend bool operator==(const Last&, const Last&) = default;
    };
    std::optional<Last> last{};  ///< the last update that ended; none: there was none yet
    friend bool operator==(const SystemReport&, const SystemReport&) = default;
};

/// A sentence about what the update does, for people; empty if there is nothing to say.
[[nodiscard]] std::string describe_update(const SystemReport& report);
/// A sentence about how the last one ended; empty if there was none.
[[nodiscard]] std::string describe_last_update(const SystemReport& report);

}  // namespace riverlight::content
