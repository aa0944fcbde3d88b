#include "firmware/status/board_view.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace riverlight::firmware {
namespace {

/// Records of which the office has the hash only; shown for a month.
std::optional<BoardNotice> set_aside_notice(const ViewParts& parts) {
    constexpr std::chrono::days shown{31};
    const auto& refused = parts.journal.refused;
    const auto recent = std::count_if(refused.begin(), refused.end(),
                                      [&](const auto& one) { return parts.clock.now < one.at + shown; });
    if (recent == 0) return {};
    const auto& last = refused.back();
    return BoardNotice{Concern::set_aside,
                       "the last is seq " + std::to_string(last.seq) + " of epoch " + last.epoch + ", hash " +
                           last.hash + ": " + last.why,
                       {},
                       static_cast<std::size_t>(recent)};
}

/// Why the newest release is not on.
void add_release(const ViewParts& parts, std::vector<BoardNotice>& notices) {
    if (!parts.staging_fault.empty()) notices.push_back({Concern::release, parts.staging_fault});
    if (parts.channel && parts.channel->refusal)
        notices.push_back({Concern::release_refused, "release " + parts.channel->refusal->release + ": " +
                                                         parts.channel->refusal->why});
    if (parts.channel && !parts.channel->fault.empty())
        notices.push_back({parts.channel->concern, parts.channel->fault});
}

Concern concern_of(BoardPart part) {
    switch (part) {
        case BoardPart::status_page:
            return Concern::part_status_page;
        case BoardPart::nearby:
            return Concern::part_nearby;
        case BoardPart::channel:
            return Concern::part_channel;
        case BoardPart::office:
            return Concern::part_office;
        case BoardPart::sticks:
            return Concern::part_sticks;
        case BoardPart::update:
            return Concern::part_update;
        case BoardPart::journal:
            return Concern::journal_in_memory;
    }
    assert(false && "no part");
    return Concern::journal_in_memory;
}

/// Of a reduced mode.
Concern concern_of(RunMode mode) {
    switch (mode) {
        case RunMode::safe:
            return Concern::safe_mode;
        case RunMode::no_settings:
            return Concern::no_settings;
        case RunMode::normal:
        case RunMode::no_state:
            return Concern::no_state;
    }
    assert(false && "no mode");
    return Concern::no_state;
}

bool is_return(content::UpdateFault fault) {
    using content::UpdateFault;
    return fault == UpdateFault::did_not_play || fault == UpdateFault::starts_used ||
           fault == UpdateFault::root_damaged;
}

/// What a person should look at; that an update waits for its time is no alarm. How the last one ended is
/// shown for a month.
void add_system(const ViewParts& parts, std::vector<BoardNotice>& notices) {
    using content::UpdateWait;
    constexpr std::chrono::days shown{31};
    if (!parts.system) return;
    const auto& system = *parts.system;
    const auto wait = system.report.wait;
    if (wait == UpdateWait::unusable || wait == UpdateWait::no_room || wait == UpdateWait::disk)
        notices.push_back({Concern::update_waits, system.trouble});
    const auto& last = system.report.last;
    if (!last || last->fault == content::UpdateFault::none || parts.clock.now >= last->at + shown) return;
    notices.push_back(
        {is_return(last->fault) ? Concern::update_returned : Concern::update_refused,
         content::describe_last_update(system.report) + (system.why.empty() ? "" : " " + system.why)});
}

/// What was read from a second copy when the programme was put on.
std::string describe_damage(const ViewParts& parts) {
    if (!parts.programme || parts.programme->content->damaged.empty()) return {};
    const auto& files = parts.programme->content->damaged;
    return "read from the second copy instead: " + files.front() +
           (files.size() > 1 ? " and " + std::to_string(files.size() - 1) + " more" : "");
}

/// Most important first.
std::vector<BoardNotice> list_notices(const ViewParts& parts) {
    std::vector<BoardNotice> notices;
    const auto add = [&](Concern concern, const std::string& technician) {
        if (!technician.empty()) notices.push_back({concern, technician});
    };
    const auto add_all = [&](Concern concern, const std::vector<std::string>& sentences) {
        for (const auto& sentence : sentences) add(concern, sentence);
    };
    add_release(parts, notices);
    add(concern_of(parts.mode), parts.reduced_reason);
    if (parts.mode != RunMode::no_settings) add(Concern::settings, parts.settings_fault);
    for (const auto& fault : parts.absent) add(concern_of(fault.part), fault.why);
    if (parts.channel) {
        add_all(Concern::source, parts.channel->source_faults);
        add(Concern::damage, parts.channel->damage);
    }
    if (!parts.channel || parts.channel->damage.empty()) add(Concern::damage, describe_damage(parts));
    if (const auto files = parts.programme ? parts.programme->content->missing.size() : 0; files > 0)
        notices.push_back({parts.factory ? Concern::factory_loop : Concern::missing_media, {}, {}, files});
    add_all(Concern::rendition, parts.rendition_faults);
    add_system(parts, notices);
    // Until the office has a record of the new journal.
    if (parts.journal.state.receipted == 0) add(Concern::journal_renewed, parts.journal.set_aside);
    if (auto refused = set_aside_notice(parts)) notices.push_back(std::move(*refused));
    add(Concern::reduced_before, parts.journal.reduced_notice);
    if (parts.stick && parts.stick->state == StickNote::State::failed)
        add(Concern::stick, "Stick: " + parts.stick->message);
    return notices;
}

}  // namespace

BoardView make_board_view(ViewParts parts, std::vector<OutletView> outlets) {
    assert(parts.reduced_reason.empty() == (parts.mode == RunMode::normal));
    BoardView view;
    view.version = RIVERLIGHT_VERSION;
    view.notices = list_notices(parts);
    view.factory = parts.factory;
    view.place.id = parts.place_id;
    view.place.contact = parts.contact;
    if (parts.programme) {
        view.place.name = parts.programme->place.name;
        view.place.zone = parts.programme->place.zone;
        view.release = {parts.programme->content->release, parts.programme->content->signed_until};
    }
    if (parts.channel) view.fetching = std::move(parts.channel->activity);
    view.clock = std::move(parts.clock);
    view.mode = parts.mode;
    view.journal = std::move(parts.journal.state);
    view.stick = std::move(parts.stick);
    view.report = std::move(parts.report);
    view.system = std::move(parts.system);
    view.outlets = std::move(outlets);
    return view;
}

std::string health_trigger(const std::vector<OutletView>& outlets, const std::string& staging_fault) {
    std::string text;
    for (const auto& outlet : outlets)
        text += outlet.id + (outlet.on_air ? ' ' + outlet.on_air->airing : std::string(" slate")) + ';';
    return text + staging_fault;
}

}  // namespace riverlight::firmware
