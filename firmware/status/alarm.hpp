#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

/// What needs a person's attention, in words for someone who is not a technician. The words of every concern
/// stand in one table (alarm.cpp), so that none can lack a part.
namespace riverlight::firmware {

enum class Concern : std::uint8_t {
    no_release,        ///< nothing has arrived yet
    release,           ///< a release that is here cannot be put on
    release_refused,   ///< the newest one was not taken, since the board could not play it
    channel,           ///< the newest release did not arrive
    channel_unusable,  ///< what is offered of it is damaged, out of date, or not signed as it must be
    no_room,           ///< the disk is too small for it
    no_write,          ///< the disk cannot take it
    no_state,          ///< the state folder cannot be used
    safe_mode,         ///< the board kept failing to start
    no_settings,       ///< they cannot be read, and there are no others
    settings,          ///< their file cannot be read, and the last good ones are used
    part_status_page,  ///< a part that the outlets do not need does not run
    part_nearby,
    part_channel,
    part_office,
    part_sticks,
    part_update,
    update_waits,       ///< a new version of the system cannot come
    update_refused,     ///< it was not installed
    update_returned,    ///< it did not work, and the board went back to the one before
    reduced_before,     ///< it ran in one of these modes before
    source,             ///< a source of the channel is avoided
    damage,             ///< files on the disk are damaged
    missing_media,      ///< of the release
    factory_loop,       ///< its media are missing or damaged
    rendition,          ///< one that a feed cannot splice
    journal_renewed,    ///< it began again in a new file
    journal_in_memory,  ///< it cannot be written
    journal_unread,     ///< it cannot be read, so that nothing is reported
    set_aside,          ///< records of which the office has the hash only
    stick,
    slate,          ///< an outlet has nothing better to show
    output,         ///< one of a feed's
    two_boards,     ///< another device reports with this board's key
    player_rights,  ///< an outlet's player has more rights than it should
    office_no_code,
    office_key_given_up,  ///< the office gave the key to the other device
    office_code_refused,
    office_not_approved,
    office_unreachable,
    office_refuses,
    office_fails,
    office_answer,         ///< one that no office gives
    office_lost,           ///< what it held
    office_health,         ///< it does not take health reports
    office_changed_past,   ///< its list of records is not the one that it showed before
    office_other_history,  ///< nor the one that it showed to others
    clock_doubted,
    clock_not_set,
    expired,  ///< the channel's signatures
};
inline constexpr std::array every_concern{Concern::no_release,
                                          Concern::release,
                                          Concern::release_refused,
                                          Concern::channel,
                                          Concern::channel_unusable,
                                          Concern::no_room,
                                          Concern::no_write,
                                          Concern::no_state,
                                          Concern::safe_mode,
                                          Concern::no_settings,
                                          Concern::settings,
                                          Concern::part_status_page,
                                          Concern::part_nearby,
                                          Concern::part_channel,
                                          Concern::part_office,
                                          Concern::part_sticks,
                                          Concern::part_update,
                                          Concern::update_waits,
                                          Concern::update_refused,
                                          Concern::update_returned,
                                          Concern::reduced_before,
                                          Concern::source,
                                          Concern::damage,
                                          Concern::missing_media,
                                          Concern::factory_loop,
                                          Concern::rendition,
                                          Concern::journal_renewed,
                                          Concern::journal_in_memory,
                                          Concern::journal_unread,
                                          Concern::set_aside,
                                          Concern::stick,
                                          Concern::slate,
                                          Concern::output,
                                          Concern::two_boards,
                                          Concern::player_rights,
                                          Concern::office_no_code,
                                          Concern::office_key_given_up,
                                          Concern::office_code_refused,
                                          Concern::office_not_approved,
                                          Concern::office_unreachable,
                                          Concern::office_refuses,
                                          Concern::office_fails,
                                          Concern::office_answer,
                                          Concern::office_lost,
                                          Concern::office_health,
                                          Concern::office_changed_past,
                                          Concern::office_other_history,
                                          Concern::clock_doubted,
                                          Concern::clock_not_set,
                                          Concern::expired};
/// `missing_media`: its name in JSON and metrics.
[[nodiscard]] std::string_view to_text(Concern concern);

/// What a part of the board found: a concern, and what only a technician understands.
struct BoardNotice {
    Concern concern = Concern::release;
    std::string
        technician{};       ///< paths, errno, hashes, other programs' words; empty: there is nothing to add
    std::string outlet{};   ///< its id; empty: it is about the whole board
    std::size_t count = 0;  ///< files or records that it is about
    friend bool operator==(const BoardNotice&, const BoardNotice&) = default;
};

/// What is on the outlets while something is wrong.
enum class OnScreen : std::uint8_t { programme, factory_loop, slate };

/// Each but the last is one or two sentences, and never empty.
struct AlarmText {
    std::string what;        ///< what is wrong
    std::string meanwhile;   ///< what the screen does until then
    std::string todo;        ///< what to do
    std::string call;        ///< whom to call
    std::string technician;  ///< for the technician; may be empty
    friend bool operator==(const AlarmText&, const AlarmText&) = default;
};
struct Alarm {
    BoardNotice notice;
    AlarmText text;
    friend bool operator==(const Alarm&, const Alarm&) = default;
};

/// `contact`: who looks after the board; empty: the coordinator of its country. All texts are plain.
[[nodiscard]] Alarm make_alarm(BoardNotice notice, OnScreen on_screen, std::string_view contact);
/// All parts behind each other, as the health report and the status JSON's list have them.
[[nodiscard]] std::string one_line(const AlarmText& text);

}  // namespace riverlight::firmware
