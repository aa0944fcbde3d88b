#include "firmware/status/alarms.hpp"

#include <algorithm>
#include <utility>

namespace riverlight::firmware {
namespace {

void add_outlets(const std::vector<OutletView>& outlets, bool has_release, std::vector<BoardNotice>& out) {
    for (const auto& o : outlets)
        if (!o.journal_fault.empty()) out.push_back({Concern::journal_in_memory, o.journal_fault, o.id});
    for (const auto& o : outlets)
        if (o.slate && !o.on_air && !o.closed && has_release)
            out.push_back({Concern::slate, o.trouble, o.id});
    for (const auto& o : outlets)
        for (const auto& output : o.outputs)
            if (output.trouble) out.push_back({Concern::output, output.name + ": " + output.words, o.id});
    for (const auto& o : outlets)
        if (!o.rights_fault.empty()) out.push_back({Concern::player_rights, o.rights_fault, o.id});
}

std::optional<Concern> concern_of(ReportProblem problem) {
    switch (problem) {
        case ReportProblem::none:
            return {};
        case ReportProblem::no_claim_code:
            return Concern::office_no_code;
        case ReportProblem::key_given_up:
            return Concern::office_key_given_up;
        case ReportProblem::enrolment_refused:
            return Concern::office_code_refused;
        case ReportProblem::not_approved:
            return Concern::office_not_approved;
        case ReportProblem::unreachable:
            return Concern::office_unreachable;
        case ReportProblem::refused:
            return Concern::office_refuses;
        case ReportProblem::failing:
            return Concern::office_fails;
        case ReportProblem::bad_answer:
            return Concern::office_answer;
        case ReportProblem::journal:
            return Concern::journal_unread;
        case ReportProblem::lost_there:
            return Concern::office_lost;
    }
    return {};
}

Concern concern_of(content::AuditResult found) {
    return found == content::AuditResult::other_history ? Concern::office_other_history
                                                        : Concern::office_changed_past;
}

/// Health reports that alone are refused are a smaller matter than records that are.
void add_office(const ReportView& report, std::vector<BoardNotice>& out) {
    if (report.two_boards)
        out.push_back({Concern::two_boards, "the office knows it since " + to_rfc3339(*report.two_boards) +
                                                ", fingerprint " + report.fingerprint + ", run " +
                                                report.run});
    if (const auto& found = report.changed_past)
        out.push_back({concern_of(found->result), std::string(content::to_text(found->result)) +
                                                      ", between " + to_rfc3339(found->since) + " and " +
                                                      to_rfc3339(found->found) +
                                                      "; /v1/status has both heads that the office signed"});
    if (const auto concern = concern_of(report.airings))
        out.push_back({*concern, report.fault});
    else if (report.health == ReportProblem::unreachable)
        out.push_back({Concern::office_unreachable, report.fault});
    else if (report.health != ReportProblem::none)
        out.push_back({Concern::office_health, report.fault});
}

void add_clock(const ClockReading& clock, std::vector<BoardNotice>& out) {
    if (!clock.fault.empty())
        out.push_back({Concern::clock_doubted, clock.fault});
    else if (clock.state == content::ClockState::floor)
        out.push_back({Concern::clock_not_set});
}

OnScreen on_screen(const BoardView& view) {
    const auto is_slate = [](const OutletView& o) { return o.slate && !o.on_air && !o.closed; };
    if (!view.release) return OnScreen::slate;
    if (!view.outlets.empty() && std::all_of(view.outlets.begin(), view.outlets.end(), is_slate))
        return OnScreen::slate;
    return view.factory ? OnScreen::factory_loop : OnScreen::programme;
}

}  // namespace

std::vector<Alarm> list_alarms(const BoardView& view) {
    std::vector<BoardNotice> found;
    const bool normal = view.mode == RunMode::normal;  // in a reduced mode the notices say more
    // A release that is here and cannot be put on has its own notice.
    const auto is_release = [](const BoardNotice& notice) {
        return notice.concern == Concern::release || notice.concern == Concern::release_refused;
    };
    const bool has_arrived = std::any_of(view.notices.begin(), view.notices.end(), is_release);
    if (!view.release && normal && !has_arrived) found.push_back({Concern::no_release});
    found.insert(found.end(), view.notices.begin(), view.notices.end());
    add_outlets(view.outlets, view.release.has_value(), found);
    if (view.report) add_office(*view.report, found);
    add_clock(view.clock, found);
    if (normal && view.release && view.clock.now > view.release->signed_until)
        found.push_back({Concern::expired, "signed until " + to_rfc3339(view.release->signed_until)});
    std::vector<Alarm> alarms;
    for (auto& notice : found) {
        const bool is_slate = notice.concern == Concern::slate;
        alarms.push_back(
            make_alarm(std::move(notice), is_slate ? OnScreen::slate : on_screen(view), view.place.contact));
    }
    return alarms;
}

}  // namespace riverlight::firmware
