#include "content/airing/system_report.hpp"

#include <cassert>

namespace riverlight::content {
namespace {

template <class Enum, std::size_t N>
std::optional<Enum> parse_name(std::string_view text, const std::array<Enum, N>& all) {
    for (const auto value : all)
        if (to_text(value) == text) return value;
    return std::nullopt;
}

/// What a state of an update is called for people, to follow a version.
std::string_view words_of(UpdateState state) {
    switch (state) {
        case UpdateState::none:
            return "";
        case UpdateState::wanted:
            return "is to come";
        case UpdateState::fetching:
            return "is being fetched";
        case UpdateState::ready:
            return "is here";
        case UpdateState::installing:
            return "is being installed";
        case UpdateState::restart_due:
            return "is installed and starts with the next start";
        case UpdateState::unsure:
            return "runs and has not proved itself yet";
    }
    assert(false && "a state of the enumeration");
    return "";
}

}  // namespace

std::string_view to_text(UpdateState state) {
    switch (state) {
        case UpdateState::none:
            return "none";
        case UpdateState::wanted:
            return "wanted";
        case UpdateState::fetching:
            return "fetching";
        case UpdateState::ready:
            return "ready";
        case UpdateState::installing:
            return "installing";
        case UpdateState::restart_due:
            return "restart-due";
        case UpdateState::unsure:
            return "unsure";
    }
    assert(false && "a state of the enumeration");
    return "?";
}

std::string_view to_text(UpdateWait wait) {
    switch (wait) {
        case UpdateWait::none:
            return "none";
        case UpdateWait::hold:
            return "hold";
        case UpdateWait::start:
            return "start";
        case UpdateWait::not_newer:
            return "not-newer";
        case UpdateWait::unreachable:
            return "unreachable";
        case UpdateWait::unusable:
            return "unusable";
        case UpdateWait::no_room:
            return "no-room";
        case UpdateWait::disk:
            return "disk";
        case UpdateWait::expired:
            return "expired";
        case UpdateWait::clock:
            return "clock";
        case UpdateWait::slots:
            return "slots";
        case UpdateWait::unproved:
            return "unproved";
        case UpdateWait::pause:
            return "pause";
        case UpdateWait::open:
            return "open";
    }
    assert(false && "a wait of the enumeration");
    return "?";
}

std::string_view to_text(UpdateFault fault) {
    switch (fault) {
        case UpdateFault::none:
            return "none";
        case UpdateFault::not_newer:
            return "not-newer";
        case UpdateFault::other_kind:
            return "other-kind";
        case UpdateFault::no_bundle:
            return "no-bundle";
        case UpdateFault::bad_digest:
            return "bad-digest";
        case UpdateFault::bad_signature:
            return "bad-signature";
        case UpdateFault::install_failed:
            return "install-failed";
        case UpdateFault::interrupted:
            return "interrupted";
        case UpdateFault::no_answer:
            return "no-answer";
        case UpdateFault::did_not_play:
            return "did-not-play";
        case UpdateFault::starts_used:
            return "starts-used";
        case UpdateFault::root_damaged:
            return "root-damaged";
        case UpdateFault::unknown:
            return "unknown";
    }
    assert(false && "a fault of the enumeration");
    return "?";
}

std::optional<UpdateState> parse_update_state(std::string_view text) {
    return parse_name(text, every_update_state);
}

std::optional<UpdateWait> parse_update_wait(std::string_view text) {
    return parse_name(text, every_update_wait);
}

UpdateFault parse_update_fault(std::string_view text) {
    return parse_name(text, every_update_fault).value_or(UpdateFault::unknown);
}

std::string_view words_of(UpdateWait wait) {
    switch (wait) {
        case UpdateWait::none:
            return "";
        case UpdateWait::hold:
            return "waits: its wave is on hold";
        case UpdateWait::start:
            return "waits: its wave begins later";
        case UpdateWait::not_newer:
            return "is what the channel has for this board; it is older than what runs, and is not installed";
        case UpdateWait::unreachable:
            return "waits: no source of the channel answers";
        case UpdateWait::unusable:
            return "waits: what the channel says of it is not signed as it must be, or cannot be read";
        case UpdateWait::no_room:
            return "waits: the board's card has no room for it beside the programme";
        case UpdateWait::disk:
            return "waits: the board's card cannot be written";
        case UpdateWait::expired:
            return "waits: what the channel says of it is out of date";
        case UpdateWait::clock:
            return "waits: the board does not know the time";
        case UpdateWait::slots:
            return "waits: nothing is known of the board's slots";
        case UpdateWait::unproved:
            return "waits: the system that runs has not proved itself yet";
        case UpdateWait::pause:
            return "waits: the last try failed, and the next one is in an hour";
        case UpdateWait::open:
            return "waits until the place is closed";
    }
    assert(false && "a wait of the enumeration");
    return "";
}

std::string_view words_of(UpdateFault fault) {
    switch (fault) {
        case UpdateFault::none:
            return "plays";
        case UpdateFault::not_newer:
            return "was not installed: its bundle is not newer than what runs";
        case UpdateFault::other_kind:
            return "was not installed: its bundle is for another kind of board, or of another version";
        case UpdateFault::no_bundle:
            return "was not installed: its bundle was gone; it is fetched again";
        case UpdateFault::bad_digest:
            return "was not installed: its bundle was damaged on the board's card; it is fetched again";
        case UpdateFault::bad_signature:
            return "was not installed: RAUC does not accept its bundle's signature";
        case UpdateFault::install_failed:
            return "was not installed: RAUC could not write it";
        case UpdateFault::interrupted:
            return "was not installed: the board lost power or started again meanwhile";
        case UpdateFault::no_answer:
            return "was not installed: the installer did not answer";
        case UpdateFault::did_not_play:
            return "did not play, and the board went back";
        case UpdateFault::starts_used:
            return "used up its starts without playing for long enough, and the board went back";
        case UpdateFault::root_damaged:
            return "had a damaged root, and the board went back";
        case UpdateFault::unknown:
            return "ended for a reason that this version does not know";
    }
    assert(false && "a fault of the enumeration");
    return "";
}

std::string describe_update(const SystemReport& report) {
    if (!report.state) return "The update is in a state that this version does not know.";
    const auto wait = words_of(report.wait.value_or(UpdateWait::none));
    if (*report.state == UpdateState::none && wait.empty()) return {};
    auto text = report.target.empty() ? std::string("A version") : "Version " + report.target;
    if (const auto words = words_of(*report.state); !words.empty()) text += ' ' + std::string(words);
    if (!wait.empty()) text += (*report.state == UpdateState::none ? " " : "; it ") + std::string(wait);
    return text + '.';
}

std::string describe_last_update(const SystemReport& report) {
    if (!report.last) return {};
    return "Version " + report.last->version + ' ' + std::string(words_of(report.last->fault)) + '.';
}

}  // namespace riverlight::content
