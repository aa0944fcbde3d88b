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

CsvCell instant_cell(const std::optional<Instant>& at) {
    return CsvCell::text(at ? to_rfc3339(*at) : std::string());
}

CsvCell time_cell(const std::optional<microseconds>& time) {
    return CsvCell::number(time ? std::optional<std::int64_t>(to_ms(*time)) : std::nullopt);
}

/// True if the entry holds a spot that was on air, so that it can be early or late, short or long.
bool was_on_air(const Entry& e) {
    return e.spot && e.spot->started;
}

struct ReconcileColumn {
    const char* heading;
    CsvCell (*cell)(const Entry& e, const std::string& zone);
};
using Zone = const std::string&;
constexpr ReconcileColumn columns[] = {
    {"verdict", [](const Entry& e, Zone) { return CsvCell::text(std::string(to_text(e.verdict))); }},
    {"in tolerance",
     [](const Entry& e, Zone) {
         if (e.verdict != Verdict::aired && e.verdict != Verdict::substituted) return CsvCell::text("");
         return CsvCell::text(e.out_of_tolerance ? "no" : "yes");
     }},
    {"time (local)",
     [](const Entry& e, Zone zone) { return CsvCell::text(scheduler::local_text(time_of(e), zone)); }},
    {"booked start",
     [](const Entry& e, Zone) { return CsvCell::text(e.booked ? to_rfc3339(e.booked->start) : ""); }},
    {"booked end",
     [](const Entry& e, Zone) { return CsvCell::text(e.booked ? to_rfc3339(e.booked->end) : ""); }},
    {"started", [](const Entry& e, Zone) { return instant_cell(e.spot ? e.spot->started : std::nullopt); }},
    {"ended", [](const Entry& e, Zone) { return instant_cell(e.spot ? e.spot->ended : std::nullopt); }},
    {"booked ms",
     [](const Entry& e, Zone) {
         return time_cell(e.booked ? std::optional(e.booked->end - e.booked->start) : std::nullopt);
     }},
    {"shown ms", [](const Entry& e, Zone) { return CsvCell::number(e.shown.count()); }},
    {"start off ms",
     [](const Entry& e, Zone) {
         return time_cell(was_on_air(e) ? std::optional(e.start_deviation) : std::nullopt);
     }},
    {"length off ms",
     [](const Entry& e, Zone) {
         return time_cell(was_on_air(e) ? std::optional(e.length_deviation) : std::nullopt);
     }},
    {"campaign", [](const Entry& e, Zone) { return CsvCell::text(campaign_of(e)); }},
    {"booking",
     [](const Entry& e, Zone) { return CsvCell::text(e.booked ? e.booked->booking : e.spot->booking); }},
    {"segment", [](const Entry& e, Zone) { return CsvCell::text(segment_of(e)); }},
    {"segment aired",
     [](const Entry& e, Zone) { return CsvCell::text(was_on_air(e) ? e.spot->segment : std::string()); }},
    {"language", [](const Entry& e, Zone) { return CsvCell::text(e.booked ? e.booked->locale : ""); }},
    {"language aired",
     [](const Entry& e, Zone) { return CsvCell::text(e.spot ? e.spot->locale_aired : ""); }},
    {"status",
     [](const Entry& e, Zone) { return CsvCell::text(e.spot ? status_text(*e.spot) : std::string()); }},
    {"remark", [](const Entry& e, Zone) { return CsvCell::text(e.remark); }},
    {"make-good", [](const Entry& e, Zone zone) { return CsvCell::text(proposal_text(e, zone)); }},
    {"airing", [](const Entry& e, Zone) { return CsvCell::text(e.booked ? e.booked->id : e.spot->airing); }},
};

json::object entry_json(const Entry& e) {
    json::object out{
        {"verdict", to_text(e.verdict)}, {"off", e.out_of_tolerance}, {"segment", segment_of(e)},
        {"campaign", campaign_of(e)},    {"remark", e.remark},        {"shown_ms", e.shown.count()}};
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
        if (e.spot->started) aired["length_ms"] = to_ms(length_of(*e.spot));
        if (e.spot->start_off) aired["started_off_ms"] = e.spot->start_off->count();
        if (e.spot->overclaims) aired["claimed"] = e.spot->claimed ? to_text(*e.spot->claimed) : "";
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
    out += "          " + seconds_text(result.shown_time()) + " shown of " +
           seconds_text(result.booked_time()) + " booked";
    if (result.unbooked_time() > milliseconds{0})
        out += "; " + seconds_text(result.unbooked_time()) + " more that nobody booked";
    out += '\n';
    for (const auto& e : result.entries) {
        if (all || e.verdict != Verdict::aired || e.out_of_tolerance) out += entry_text(e, result.zone);
    }
    return out;
}

std::string reconciliation_csv(const Reconciliation& result) {
    std::string out(csv_mark);
    std::vector<std::string> headings;
    for (const auto& column : columns) headings.emplace_back(column.heading);
    out += csv_row(headings);
    std::vector<CsvCell> cells;
    for (const auto& e : result.entries) {
        cells.clear();
        for (const auto& column : columns) cells.push_back(column.cell(e, result.zone));
        out += csv_line(cells);
    }
    return out;
}

std::string reconciliation_json(const Reconciliation& result) {
    json::array entries;
    for (const auto& e : result.entries) entries.push_back(entry_json(e));
    json::object sums{{"off", result.count_out_of_tolerance()},
                      {"booked_ms", result.booked_time().count()},
                      {"shown_ms", result.shown_time().count()},
                      {"unbooked_ms", result.unbooked_time().count()}};
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
