#include "scheduler/preview/diff_write.hpp"

#include <algorithm>

#include "content/base/json.hpp"

namespace riverlight::scheduler {
namespace {

namespace json = boost::json;

constexpr int most_listed = 20;

std::string counts(const CampaignChange& c) {
    std::string out = std::to_string(c.before) + " -> " + std::to_string(c.after) + " plays";
    const std::pair<int, const char*> parts[] = {
        {c.gained, "gained"}, {c.lost, "lost"}, {c.moved, "moved"}, {c.altered, "altered"}};
    for (const auto& [n, name] : parts) {
        if (n > 0) out += ", " + std::to_string(n) + ' ' + name;
    }
    return out;
}

std::string clock(const PlannedAiring& a, const std::string& zone) {
    return local_text(a.start, zone).substr(11);
}

std::string change_line(const Change& change, const std::string& zone) {
    const auto& now = change.after ? *change.after : *change.before;
    auto out = "    " + std::string(to_text(change.kind)) + "  " + clock(now, zone) + "  " + now.segment +
               " in " + now.locale + ", " + now.booking;
    if (change.kind == ChangeKind::moved) out += " (was " + clock(*change.before, zone) + ')';
    if (change.kind == ChangeKind::altered)
        out += " (was " + change.before->segment + " in " + change.before->locale + ')';
    return out + '\n';
}

std::string campaign_lines(const DayChange& day, const std::string& campaign, bool all) {
    std::string out;
    int listed = 0, left = 0;
    for (const auto& change : day.changes) {
        const auto& a = change.after ? *change.after : *change.before;
        if (a.campaign != campaign || (!all && a.kind == BookingKind::filler)) continue;
        if (!all && listed == most_listed) {
            ++left;
            continue;
        }
        ++listed;
        out += change_line(change, day.zone);
    }
    if (left > 0) out += "    … and " + std::to_string(left) + " more; --all lists them\n";
    return out;
}

std::map<std::string, CampaignChange> sums(const std::vector<DayChange>& days) {
    std::map<std::string, CampaignChange> out;
    for (const auto& day : days) {
        for (const auto& [id, c] : day.campaigns) {
            auto& sum = out[id];
            sum.before += c.before;
            sum.after += c.after;
            sum.gained += c.gained;
            sum.lost += c.lost;
            sum.moved += c.moved;
            sum.altered += c.altered;
        }
    }
    return out;
}

json::object counts_json(const std::map<std::string, CampaignChange>& campaigns) {
    json::object out;
    for (const auto& [id, c] : campaigns) {
        out[id] = json::object{{"before", c.before}, {"after", c.after}, {"gained", c.gained},
                               {"lost", c.lost},     {"moved", c.moved}, {"altered", c.altered}};
    }
    return out;
}

json::value airing_json(const std::optional<PlannedAiring>& a) {
    if (!a) return nullptr;
    return json::object{{"id", a->id},
                        {"start", to_rfc3339(a->start)},
                        {"end", to_rfc3339(a->end)},
                        {"campaign", a->campaign},
                        {"booking", a->booking},
                        {"segment", a->segment},
                        {"locale", a->locale}};
}

json::object day_json(const DayChange& day) {
    json::array changes;
    for (const auto& change : day.changes) {
        changes.push_back({{"change", to_text(change.kind)},
                           {"before", airing_json(change.before)},
                           {"after", airing_json(change.after)}});
    }
    return {{"place", day.place},
            {"day", to_iso(day.day)},
            {"zone", day.zone},
            {"campaigns", counts_json(day.campaigns)},
            {"changes", std::move(changes)}};
}

}  // namespace

std::string diff_text(const std::vector<DayChange>& days, bool all) {
    std::string out;
    for (const auto& day : days) {
        if (day.changes.empty()) continue;
        out += day.place + "  " + to_iso(day.day) + "  " + day.zone + '\n';
        for (const auto& [id, campaign] : day.campaigns)
            out += "  " + id + ": " + counts(campaign) + '\n' + campaign_lines(day, id, all);
    }
    const auto campaigns = sums(days);
    if (campaigns.empty()) return "nothing changes at these places on these days\n";
    out += "over all\n";
    for (const auto& [id, campaign] : campaigns) out += "  " + id + ": " + counts(campaign) + '\n';
    return out;
}

std::string diff_json(const std::vector<DayChange>& days) {
    json::array out;
    for (const auto& day : days) {
        if (!day.changes.empty()) out.push_back(day_json(day));
    }
    return canonical_json(json::object{
               {"format", 1}, {"campaigns", counts_json(sums(days))}, {"days", std::move(out)}}) +
           '\n';
}

}  // namespace riverlight::scheduler
