#include "firmware/status/board_view.hpp"

#include <cassert>
#include <utility>

namespace riverlight::firmware {
namespace {

std::string release_fault(const ViewParts& parts) {
    if (!parts.staging_fault.empty()) return parts.staging_fault;
    if (!parts.channel || parts.channel->fault.empty()) return {};
    return "What the channel has now was not taken: " + parts.channel->fault +
           ". What the board has stays on, and the board checks the channel again by itself; if this does "
           "not "
           "end, tell your coordinator.";
}

Alarm missing_media_notice(const ViewParts& parts) {
    const auto files = parts.programme ? parts.programme->content->missing.size() : 0;
    if (files == 0) return {};
    const auto count = std::to_string(files);
    if (parts.factory)
        return {Concern::factory_loop,
                count +
                    " media files of the factory loop are missing or damaged; what needs them does not air. "
                    "Write "
                    "the board's image onto its card again.",
                {},
                files};
    return {
        Concern::missing_media,
        count + " media files of the release are not here yet; what needs them does not air until they are.",
        {},
        files};
}

std::string describe(const PartFault& fault) {
    const auto tell = [&fault](const char* what) {
        return what + fault.why + ". The board plays on, and tries again by itself.";
    };
    switch (fault.part) {
        case BoardPart::status_page:
            return tell("The status page cannot be shown: ");
        case BoardPart::nearby:
            return tell("Media are not shared with boards nearby: ");
        case BoardPart::channel:
            return tell("The channel cannot be followed: ");
        case BoardPart::office:
            return tell("Nothing is reported to the office: ");
        case BoardPart::sticks:
            return tell("USB sticks are not watched: ");
        case BoardPart::journal:
            return tell("The journal is kept in memory only: ");
    }
    assert(false && "no part");
    return {};
}

/// Most important first.
std::vector<Alarm> list_notices(const ViewParts& parts) {
    std::vector<Alarm> notices;
    const auto add = [&](Concern concern, const std::string& sentence) {
        if (!sentence.empty()) notices.push_back({concern, sentence});
    };
    const auto add_all = [&](Concern concern, const std::vector<std::string>& sentences) {
        for (const auto& sentence : sentences) add(concern, sentence);
    };
    add(Concern::reduced_run, parts.reduced_reason);
    if (parts.mode != RunMode::no_settings) add(Concern::settings, parts.settings_fault);
    for (const auto& fault : parts.absent) add(Concern::part, describe(fault));
    if (parts.channel) {
        add_all(Concern::source, parts.channel->source_faults);
        add(Concern::damage, parts.channel->damage);
    }
    if (auto missing = missing_media_notice(parts); missing.files > 0) notices.push_back(std::move(missing));
    add_all(Concern::rendition, parts.rendition_faults);
    // Until the office has a record of the new journal.
    if (parts.journal.state.receipted == 0) add(Concern::journal, parts.journal.set_aside);
    add(Concern::reduced_run, parts.journal.reduced_notice);
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
    view.release_fault = release_fault(parts);
    view.place.id = parts.place_id;
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
