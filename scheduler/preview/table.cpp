#include "scheduler/preview/table.hpp"

#include <cstdio>
#include <map>

namespace riverlight::scheduler {
namespace {

using namespace std::chrono;

std::string padded(std::string text, std::size_t width) {
    if (text.size() < width) text.resize(width, ' ');
    return text + "  ";
}

std::string seconds_text(Instant from, Instant until) {
    const auto length = duration_cast<milliseconds>(until - from).count();
    char text[32];
    std::snprintf(text, sizeof text, "%7lld.%02lld s", static_cast<long long>(length / 1000),
                  static_cast<long long>(length % 1000 / 10));
    return text;
}

std::string airing_line(const PlannedAiring& a, const std::string& zone) {
    auto locale = a.locale == a.locale_asked ? a.locale : a.locale + " for " + a.locale_asked;
    return "  " + local_text(a.start, zone).substr(11) + (a.hard ? "!" : " ") + seconds_text(a.start, a.end) +
           "  " + padded(std::string(to_text(a.kind)), 8) + padded(a.segment, 26) +
           padded(std::move(locale), 14) + a.booking + (a.cut ? ", cut" : "") + '\n';
}

/// Shortfalls and gaps, grouped by booking, segment and reason.
std::string shortfall_lines(const Plan& plan) {
    struct Group {
        std::string booking;
        bool is_gap = false;
        std::string segment, reason;
        auto operator<=>(const Group&) const = default;
    };
    std::map<Group, std::pair<int, Instant>> groups;
    const auto add = [&](Group group, int plays, Instant when) {
        groups.try_emplace(std::move(group), 0, when).first->second.first += plays;
    };
    for (const auto& s : plan.shortfalls) add({s.booking, false, s.segment, s.reason}, s.plays, s.when);
    for (const auto& gap : plan.gaps) add({"slate", true, "", std::string(describe(gap.cause))}, 1, gap.from);
    std::string out;
    for (const auto& [what, how_often] : groups) {
        const auto& [booking, is_gap, segment, reason] = what;
        out += (is_gap ? "  " : "  gives way: ") + booking + (segment.empty() ? "" : ", " + segment) + ": " +
               std::to_string(how_often.first) + (how_often.first == 1 ? " time" : " times") + " from " +
               local_text(how_often.second, plan.zone).substr(11) + ": " + reason + '\n';
    }
    return out;
}

}  // namespace

std::string preview_table(const std::vector<Plan>& plans) {
    std::string out;
    for (const auto& plan : plans) {
        out += plan.place + "  " + to_iso(plan.day) + "  " + plan.zone + "  (! starts on its frame)\n";
        for (const auto& a : plan.airings) out += airing_line(a, plan.zone);
        out += shortfall_lines(plan);
    }
    return out;
}

}  // namespace riverlight::scheduler
