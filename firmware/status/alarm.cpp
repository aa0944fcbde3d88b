#include "firmware/status/alarm.hpp"

#include <algorithm>
#include <cassert>

#include "content/base/plain_text.hpp"

namespace riverlight::firmware {
namespace {

/// `{}` stands for the outlet, or for the count. `meanwhile` follows the sentence on what is on the screen.
struct Words {
    Concern concern;
    std::string_view name, what, meanwhile, todo;
};

constexpr std::string_view wait = "Nothing needs to be done: the board tries again by itself.";
constexpr std::string_view kept = "What is shown is recorded on this board, and reported later.";
constexpr std::string_view set_clock =
    "Connect the board to the network, so that it can get the time. If there is no network, call.";

constexpr std::array table{
    Words{Concern::no_release, "no_release", "This board has not received a programme yet.",
          "It begins by itself as soon as one arrives.",
          "Check that the board is connected to the network, or put in a stick with the programme."},
    Words{Concern::release, "release", "The newest programme cannot be shown on this board.", "",
          "It cannot be repaired here: tell the people who make the programme."},
    Words{Concern::release_refused, "release_refused",
          "The newest programme was not taken, since this board could not play it.",
          "Videos that were withdrawn with it are not shown any more.",
          "It cannot be repaired here: tell the people who make the programme."},
    Words{
        Concern::channel, "channel", "The newest programme could not be fetched.", "",
        "Check the network: the cable, and whether other devices have a connection. The board tries again by "
        "itself."},
    Words{Concern::channel_unusable, "channel_unusable",
          "The newest programme is damaged or out of date where it is fetched.", "",
          "It cannot be repaired here: tell the people who make the programme."},
    Words{Concern::no_room, "no_room", "The board's card has no room for the newest programme.", "",
          "Ask for a larger card, or for a smaller programme for this place."},
    Words{Concern::no_write, "no_write", "The newest programme could not be written to the board's card.", "",
          "Check that the card is in its slot, then switch the board off and on. If that does not help, the "
          "card has to be replaced."},
    Words{Concern::no_state, "no_state", "The board's storage cannot be used.",
          "Nothing new is fetched, and what is shown is recorded in a place that may not last.",
          "Check that the card is in its slot, then switch the board off and on. If that does not help, the "
          "card "
          "has to be replaced."},
    Words{Concern::safe_mode, "safe_mode", "The board failed to start several times and runs in safe mode.",
          "Nothing new is fetched, and no stick is read.",
          "Wait: the board tries again by itself. If this comes back, the board or its card has to be "
          "replaced."},
    Words{Concern::no_settings, "no_settings", "The board's settings cannot be read.",
          "Nothing new is fetched, and nothing is reported to the office.",
          "It cannot be repaired without a technician: the file with the settings has to be corrected."},
    Words{Concern::settings, "settings", "The file with the board's settings cannot be read.",
          "The board goes on with the last settings that were good.",
          "It cannot be repaired without a technician: the file with the settings has to be corrected."},
    Words{Concern::part_status_page, "part_status_page", "This page cannot be shown to everybody.", "", wait},
    Words{Concern::part_nearby, "part_nearby", "Videos are not shared with boards nearby now.", "", wait},
    Words{Concern::part_channel, "part_channel", "The board cannot look for a new programme now.", "", wait},
    Words{Concern::part_office, "part_office", "The board cannot report to its office now.", kept, wait},
    Words{Concern::part_sticks, "part_sticks", "The board does not notice sticks now.", "", wait},
    Words{Concern::part_update, "part_update", "The board cannot look after updates of its own software now.",
          "It runs as it is.", wait},
    Words{Concern::update_waits, "update_waits", "A new version of the board's own software cannot come.",
          "It runs as it is, and tries again.",
          "It cannot be repaired here: tell the people who look after the board's software."},
    Words{Concern::update_refused, "update_refused",
          "A new version of the board's own software was not installed.", "It runs as it is.",
          "It cannot be repaired here: tell the people who look after the board's software."},
    Words{
        Concern::update_returned, "update_returned",
        "A new version of the board's own software did not work, and the board went back to the one before.",
        "It runs as before.", "Tell the people who look after the board's software."},
    Words{Concern::reduced_before, "reduced_before",
          "The board could not run as usual before; now all runs again.", "",
          "Nothing needs to be done. If it happens again, report it."},
    Words{Concern::source, "source", "One of the places from which the programme is fetched does not work.",
          "It is fetched from another one, if there is one.", wait},
    Words{Concern::damage, "damage", "Files on the board's card were found damaged.",
          "What has a second copy is taken from that; the rest is left out until it has been fetched again.",
          "Leave the board connected. If this comes back, the card is wearing out and has to be replaced."},
    Words{Concern::missing_media, "missing_media", "Files of the programme that are not here yet: {}.",
          "What needs them is left out until they are here.",
          "Leave the board connected, or put in a stick with the programme."},
    Words{Concern::factory_loop, "factory_loop", "Files of the factory loop that are missing or damaged: {}.",
          "What needs them is left out.", "Have the board's image written onto its card again."},
    Words{Concern::rendition, "rendition", "A video was made in a form that this feed cannot send.",
          "Another form of it is sent instead, or it is left out.",
          "It cannot be repaired here: tell the people who make the programme."},
    Words{Concern::journal_renewed, "journal_renewed",
          "The record of what was shown was damaged and had to be begun again.",
          "The damaged record is kept in a file beside the new one.",
          "Report it, so that somebody looks at the damaged record."},
    Words{Concern::journal_in_memory, "journal_in_memory", "What is shown on {} cannot be saved now.",
          "It is kept in memory until it can be saved; switching the board off loses it.",
          "Leave the board on. Its card may be loose, full or worn out: have it looked at."},
    Words{Concern::journal_unread, "journal_unread",
          "The record of what was shown cannot be read now, so it is not reported.",
          "It is still written, and reported later.",
          "Leave the board on. If this does not end, the card may be worn out: have it looked at."},
    Words{Concern::set_aside, "set_aside", "Records that the office could not accept: {}.",
          "They are kept on this board, and all others are reported.",
          "Nothing can be done here: the office has to look at them."},
    Words{Concern::stick, "stick", "The stick could not be read or written.", "",
          "Take it out and put it in again, or use another stick."},
    Words{Concern::slate, "slate", "{} has nothing to show now.", "It goes on by itself.",
          "If this does not end within an hour, report it."},
    Words{Concern::output, "output", "{} does not reach one of its receivers.",
          "Its other receivers are served.", "Check the receiver, and the cable to it."},
    Words{Concern::two_boards, "two_boards",
          "Another device says that it is this board: its card, or a copy of it, is in use twice.",
          "Both are recorded and reported.",
          "Find the other device and switch off the one that does not belong. Then tell the office which of "
          "the two is to stay."},
    Words{Concern::player_rights, "player_rights",
          "The program that shows the videos on {} is less well locked away than it should be.",
          "Everything is shown as planned.", "Tell the people who look after the board's software."},
    Words{Concern::office_no_code, "office_no_code", "This board is not registered with its office.", kept,
          "Ask the office for a claim code, and have it put into the board's settings."},
    Words{Concern::office_key_given_up, "office_key_given_up",
          "This device was a copy of another board, and the office decided that the other one stays.", kept,
          "Ask the office for a claim code for this device's own place, and have place and code put into its "
          "settings; or switch it off."},
    Words{Concern::office_code_refused, "office_code_refused",
          "The office did not accept this board's claim code.", kept,
          "Ask the office for a new claim code, and have it put into the board's settings."},
    Words{Concern::office_not_approved, "office_not_approved", "The office has not approved this board yet.",
          kept,
          "Tell the office the fingerprint that stands under Office on this page, and ask it to approve the "
          "board."},
    Words{
        Concern::office_unreachable, "office_unreachable", "The office cannot be reached.", kept,
        "Check the network: the cable, and whether other devices have a connection. The board tries again by "
        "itself."},
    Words{Concern::office_refuses, "office_refuses", "The office refuses this board's reports.", kept,
          "Ask the office whether this board was retired or replaced."},
    Words{Concern::office_fails, "office_fails", "The office cannot take reports now.", kept, wait},
    Words{Concern::office_answer, "office_answer", "Something on the network answers in place of the office.",
          kept, "Check that the board is on the right network: some networks ask for a sign-in first."},
    Words{Concern::office_lost, "office_lost", "The office lost reports, and gets them again.", "", wait},
    Words{Concern::office_health, "office_health",
          "The office does not take this board's reports about its state.",
          "What was shown is reported as usual.", "Nothing needs to be done here; tell the office."},
    Words{Concern::office_changed_past, "office_changed_past",
          "The office changed or lost records that it had already received.",
          "Everything is shown, recorded and reported as usual, and this board keeps the proof.",
          "Tell the people who run the programme, and not the office alone."},
    Words{Concern::office_other_history, "office_other_history",
          "The office shows this board other records than it shows to others.",
          "Everything is shown, recorded and reported as usual, and this board keeps the proof.",
          "Tell the people who run the programme, and not the office alone."},
    Words{Concern::clock_doubted, "clock_doubted", "The board's clock seems to be wrong.",
          "The board goes on by its own reckoning of the time.", set_clock},
    Words{Concern::clock_not_set, "clock_not_set", "The board does not know what time it is.",
          "It goes on from the latest time that it knows for sure.", set_clock},
    Words{Concern::expired, "expired", "The programme is out of date: nobody has confirmed it for too long.",
          "", "Connect the board to the network, or put in a stick with the newest programme."},
};
static_assert(table.size() == every_concern.size());

const Words& words_of(Concern concern) {
    const auto found = std::find_if(table.begin(), table.end(),
                                    [concern](const auto& words) { return words.concern == concern; });
    assert(found != table.end() && "every concern has its words");
    return *found;
}

std::string filled(std::string_view pattern, const BoardNotice& notice) {
    std::string text(pattern);
    const auto hole = text.find("{}");
    if (hole == std::string::npos) return text;
    const auto subject = notice.count > 0        ? std::to_string(notice.count)
                         : notice.outlet.empty() ? std::string(hole == 0 ? "An outlet" : "this board")
                         : hole == 0             ? "Outlet " + notice.outlet
                                                 : "outlet " + notice.outlet;
    return text.replace(hole, 2, subject);
}

std::string_view text_of(OnScreen on_screen) {
    switch (on_screen) {
        case OnScreen::programme:
            return "The screen goes on with the programme that is here.";
        case OnScreen::factory_loop:
            return "The screen plays the factory loop.";
        case OnScreen::slate:
            return "The screen shows the slate, a standing picture.";
    }
    assert(false && "nothing on the screen");
    return {};
}

}  // namespace

std::string_view to_text(Concern concern) {
    return words_of(concern).name;
}

Alarm make_alarm(BoardNotice notice, OnScreen on_screen, std::string_view contact) {
    const auto& words = words_of(notice.concern);
    AlarmText text;
    text.what = plain_text(filled(words.what, notice));
    text.meanwhile = text_of(on_screen);
    if (!words.meanwhile.empty()) text.meanwhile += ' ' + std::string(words.meanwhile);
    text.todo = words.todo;
    text.call = contact.empty() ? "The coordinator of your country." : plain_text(contact, 200);
    notice.technician = plain_text(notice.technician, 1000);
    text.technician = notice.technician;
    return {std::move(notice), std::move(text)};
}

std::string one_line(const AlarmText& text) {
    return text.what + ' ' + text.meanwhile + ' ' + text.todo + " Call: " + text.call +
           (text.technician.empty() ? "" : " For the technician: " + text.technician);
}

}  // namespace riverlight::firmware
