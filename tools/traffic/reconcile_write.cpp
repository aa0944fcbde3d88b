#include <array>
#include <cassert>
#include <cstdio>

#include "content/base/json.hpp"
#include "scheduler/calendar/calendar.hpp"
#include "tools/traffic/csv.hpp"
#include "tools/traffic/reconcile.hpp"

namespace riverlight::traffic {
namespace {

namespace json = boost::json;
using namespace std::chrono;

constexpr Verdict verdicts[] = {Verdict::aired, Verdict::booked_not_aired, Verdict::substituted,
                                Verdict::made_good, Verdict::aired_not_booked};

std::int64_t to_ms(microseconds time) {
    return round<milliseconds>(time).count();
}

Instant time_of(const Entry& e) {
    if (e.booked) return e.booked->start;
    assert(e.spot);  // an entry has a booking, a spot or both
    return e.spot->started.value_or(Instant{});
}

std::string segment_of(const Entry& e) {
    if (e.booked) return e.booked->segment;
    if (!e.spot->segment.empty()) return e.spot->segment;
    return e.spot->code.empty() ? "slate" : e.spot->code;
}

std::string campaign_of(const Entry& e) {
    return e.booked ? e.booked->campaign : e.spot->campaign;
}

std::string proposal_text(const Entry& e, const std::string& zone) {
    if (e.verdict == Verdict::made_good) return e.spot->airing;
    if (e.make_good)
        return "could air " + scheduler::local_text(e.make_good->start, zone) + " in place of " +
               (e.make_good->replaced_filler.empty() ? "a gap"
                                                     : "filler '" + e.make_good->replaced_filler + "'");
    return e.no_make_good.empty() ? "" : "no make-good: " + e.no_make_good;
}

std::string entry_text(const Entry& e, const std::string& zone) {
    std::string out = scheduler::local_text(time_of(e), zone) + "  " + std::string(to_text(e.verdict)) +
                      (e.out_of_tolerance ? " (out of tolerance)" : "") + "  " + segment_of(e) + "  " +
                      campaign_of(e);
    if (!e.remark.empty()) out += "  " + e.remark;
    out += '\n';
    const auto proposal = e.verdict == Verdict::made_good ? std::string() : proposal_text(e, zone);
    if (!proposal.empty()) out += std::string(21, ' ') + proposal + '\n';
    return out;
}

std::string instant_text(const std::optional<Instant>& at) {
    return at ? to_rfc3339(*at) : std::string();
}

struct Column {
    const char* heading;
    std::string (*cell)(const Entry& e, const std::string& zone);
};
constexpr Column columns[] = {
    {"verdict", [](const Entry& e, const std::string&) { return std::string(to_text(e.verdict)); }},
    {"in tolerance",
     [](const Entry& e, const std::string&) {
         if (e.verdict != Verdict::aired && e.verdict != Verdict::substituted) return std::string();
         return std::string(e.out_of_tolerance ? "no" : "yes");
     }},
    {"time (local)",
     [](const Entry& e, const std::string& zone) { return scheduler::local_text(time_of(e), zone); }},
    {"booked start",
     [](const Entry& e, const std::string&) { return e.booked ? to_rfc3339(e.booked->start) : ""; }},
    {"booked end",
     [](const Entry& e, const std::string&) { return e.booked ? to_rfc3339(e.booked->end) : ""; }},
    {"started",
     [](const Entry& e, const std::string&) { return e.spot ? instant_text(e.spot->started) : ""; }},
    {"ended", [](const Entry& e, const std::string&) { return e.spot ? instant_text(e.spot->ended) : ""; }},
    {"start off ms",
     [](const Entry& e, const std::string&) { return std::to_string(to_ms(e.start_deviation)); }},
    {"length off ms",
     [](const Entry& e, const std::string&) { return std::to_string(to_ms(e.length_deviation)); }},
    {"campaign", [](const Entry& e, const std::string&) { return campaign_of(e); }},
    {"booking",
     [](const Entry& e, const std::string&) { return e.booked ? e.booked->booking : e.spot->booking; }},
    {"segment", [](const Entry& e, const std::string&) { return segment_of(e); }},
    {"segment aired",
     [](const Entry& e, const std::string&) {
         return e.spot && e.spot->started ? e.spot->segment : std::string();
     }},
    {"language", [](const Entry& e, const std::string&) { return e.booked ? e.booked->locale : ""; }},
    {"language aired", [](const Entry& e, const std::string&) { return e.spot ? e.spot->locale_aired : ""; }},
    {"status",
     [](const Entry& e, const std::string&) { return e.spot ? status_text(*e.spot) : std::string(); }},
    {"remark", [](const Entry& e, const std::string&) { return e.remark; }},
    {"make-good", proposal_text},
    {"airing", [](const Entry& e, const std::string&) { return e.booked ? e.booked->id : e.spot->airing; }},
};

json::object entry_json(const Entry& e) {
    json::object out{{"verdict", to_text(e.verdict)},
                     {"off", e.out_of_tolerance},
                     {"segment", segment_of(e)},
                     {"campaign", campaign_of(e)},
                     {"remark", e.remark}};
    if (e.booked) {
        out["airing"] = e.booked->id;
        out["booking"] = e.booked->booking;
        out["locale"] = e.booked->locale;
        out["booked"] =
            json::object{{"start", to_rfc3339(e.booked->start)}, {"end", to_rfc3339(e.booked->end)}};
    }
    if (e.spot) {
        json::object aired{{"status", status_text(*e.spot)},
                           {"segment", e.spot->segment},
                           {"locale", e.spot->locale_aired},
                           {"outlet", e.spot->outlet},
                           {"airing", e.spot->airing}};
        if (e.spot->started) aired["started"] = to_rfc3339(*e.spot->started);
        if (e.spot->ended) aired["ended"] = to_rfc3339(*e.spot->ended);
        json::object evidence;
        for (const auto& [key, value] : e.spot->evidence) evidence[key] = value;
        if (!evidence.empty()) aired["evidence"] = std::move(evidence);
        out["aired"] = std::move(aired);
        out["start_off_ms"] = to_ms(e.start_deviation);
        out["length_off_ms"] = to_ms(e.length_deviation);
    }
    if (e.make_good)
        out["make_good"] = json::object{{"start", to_rfc3339(e.make_good->start)},
                                        {"end", to_rfc3339(e.make_good->end)},
                                        {"instead", e.make_good->replaced_filler}};
    if (!e.no_make_good.empty()) out["no_make_good"] = e.no_make_good;
    if (e.verdict == Verdict::made_good)
        out["made_good"] =
            json::object{{"airing", e.spot->airing}, {"started", to_rfc3339(*e.spot->started)}};
    return out;
}

}  // namespace

std::string reconciliation_text(const Reconciliation& result, bool all) {
    std::string out = result.place + ", " + scheduler::local_text(result.from, result.zone) + " to " +
                      scheduler::local_text(result.until, result.zone) + " (" + result.zone + ")\n";
    for (const auto verdict : verdicts) {
        std::array<char, 64> line{};
        std::snprintf(line.data(), line.size(), "%8d  %s", result.count(verdict),
                      std::string(to_text(verdict)).c_str());
        out += line.data();
        if (verdict == Verdict::aired && result.count_out_of_tolerance() > 0)
            out += " (out of tolerance, substituted ones included: " +
                   std::to_string(result.count_out_of_tolerance()) + ")";
        out += '\n';
    }
    for (const auto& e : result.entries) {
        if (all || e.verdict != Verdict::aired || e.out_of_tolerance) out += entry_text(e, result.zone);
    }
    return out;
}

std::string reconciliation_csv(const Reconciliation& result) {
    std::string out(csv_mark);
    std::vector<std::string> cells;
    for (const auto& column : columns) cells.emplace_back(column.heading);
    out += csv_row(cells);
    for (const auto& e : result.entries) {
        cells.clear();
        for (const auto& column : columns) cells.push_back(column.cell(e, result.zone));
        out += csv_row(cells);
    }
    return out;
}

std::string reconciliation_json(const Reconciliation& result) {
    json::array entries;
    for (const auto& e : result.entries) entries.push_back(entry_json(e));
    json::object sums{{"off", result.count_out_of_tolerance()}};
    for (const auto verdict : verdicts) sums[to_text(verdict)] = result.count(verdict);
    return canonical_json(
               json::object{{"format", 1},
                            {"place", result.place},
                            {"zone", result.zone},
                            {"from", to_rfc3339(result.from)},
                            {"until", to_rfc3339(result.until)},
                            {"tolerance_ms", json::object{{"start", to_ms(result.tolerance.start)},
                                                          {"length", to_ms(result.tolerance.length)}}},
                            {"clean", result.is_clean()},
                            {"sums", std::move(sums)},
                            {"entries", std::move(entries)}}) +
           '\n';
}

}  // namespace riverlight::traffic
