#include "tools/office/api.hpp"

#include "content/airing/shown.hpp"
#include "content/base/crypto.hpp"
#include "content/base/json.hpp"

namespace riverlight::office {
namespace {

namespace json = boost::json;

json::object tally_json(const Tally& t) {
    return {{"planned", t.planned()},
            {"aired", t.aired},
            {"partly", t.partly},
            {"missed", t.missed},
            {"silent", t.silent},
            {"upcoming", t.upcoming},
            {"waived", t.waived},
            {"filler", t.filler},
            {"unplanned", t.unplanned},
            {"due_ms", t.due_time.count()},
            {"shown_ms", t.shown.count()},
            {"filler_ms", t.filler_time.count()},
            {"unplanned_ms", t.unplanned_time.count()}};
}

json::value count_or_null(const std::optional<std::chrono::milliseconds>& time) {
    return time ? json::value(time->count()) : json::value(nullptr);
}

json::value status_or_null(const std::optional<content::AiringStatus>& status) {
    return status ? json::value(to_text(*status)) : json::value(nullptr);
}

/// What a record claims and what its evidence supports; null if it claims no more.
json::value overclaim_json(const AiringRecord& record, const content::Assessment& found) {
    if (!found.overclaims) return nullptr;
    const auto said = content::read_shown(record.evidence);
    return json::object{
        {"claims",
         json::object{{"status", status_or_null(record.status)},
                      {"shown_ms", said ? json::value(said->shown.count()) : json::value(nullptr)}}},
        {"supports",
         json::object{{"status", status_or_null(found.status)}, {"shown_ms", found.shown.count()}}}};
}

/// What the office makes of an airing's record by its evidence.
json::object assessed_json(const AiringRow& row) {
    std::optional<std::chrono::milliseconds> on_air;
    if (const auto length = content::duration_of(row.record))
        on_air = std::chrono::round<std::chrono::milliseconds>(*length);
    return {{"status", status_or_null(row.assessed.status)},
            {"length_ms", row.assessed.length.count()},
            {"shown_ms", row.assessed.shown.count()},
            {"on_air_ms", count_or_null(on_air)},
            {"overclaim", overclaim_json(row.record, row.assessed)}};
}

/// When an airing started, and how far that is trusted.
json::value start_json(const AiringRow& row) {
    const auto started = row.started();
    if (!started) return nullptr;
    const auto ended = row.ended();
    const auto error = row.placed ? row.placed->error : row.record.clock_error;
    return json::object{{"at", to_rfc3339(*started)},
                        {"ended", ended ? json::value(to_rfc3339(*ended)) : json::value(nullptr)},
                        {"clock", to_text(row.record.clock)},
                        {"error_ms", count_or_null(error)},
                        {"off_ms", count_or_null(row.start_off)}};
}

/// The devices that report as one board; null if there is one.
json::value twins_json(const TwinStore& twins, const std::string& board, Instant now) {
    const auto since = twins.twins_since(board);
    if (!since) return nullptr;
    json::array devices;
    for (const auto& device : twins.devices(board, now))
        devices.push_back(json::object{
            {"run", device.run}, {"first", to_rfc3339(device.first)}, {"heard", to_rfc3339(device.heard)}});
    return json::object{{"since", to_rfc3339(*since)}, {"devices", std::move(devices)}};
}

/// A device that asks to take a board's place; null if there is none.
json::value applicant_json(const BoardStore& boards, const std::string& board) {
    const auto next = boards.applicant(board);
    if (!next) return nullptr;
    return json::object{{"fingerprint", key_fingerprint(next->public_key)},
                        {"enrolled", to_rfc3339(next->enrolled)},
                        {"version", next->version}};
}

json::object split_json(Split split, const std::map<Subject, Tally>& tallies) {
    json::object out;
    for (const auto& [key, tally] : split_by(split, tallies)) out[key] = tally_json(tally);
    return out;
}

json::object place_json(const PlaceSum& p) {
    json::object reasons;
    for (const auto& [reason, count] : p.reasons) reasons[reason] = count;
    return {{"place", p.place},
            {"name", p.name},
            {"tally", tally_json(p.tally)},
            {"reasons", std::move(reasons)}};
}

/// What was stored as JSON; null if it cannot be read.
json::value json_or_null(const std::string& text) {
    try {
        return parse_json(text, "stored");
    } catch (const Error&) {
        return nullptr;
    }
}

/// The record as its board signed it; null if it cannot be read.
json::value record_or_null(const AiringRow& row) {
    if (row.doubt == Doubt::unreadable) return nullptr;
    return json_or_null(content::record_json(row.record));
}

}  // namespace

json::value boards_json(const OfficeStore& store, Instant now) {
    json::array boards;
    for (const auto& b : store.boards.all()) {
        json::value health = nullptr, heard = nullptr;
        if (!b.health.empty()) health = json_or_null(b.health);
        if (b.heard) heard = to_rfc3339(*b.heard);
        boards.push_back(json::object{{"board", b.board},
                                      {"place", b.place},
                                      {"state", to_text(b.state)},
                                      {"fingerprint", key_fingerprint(b.public_key)},
                                      {"version", b.version},
                                      {"enrolled", to_rfc3339(b.enrolled)},
                                      {"heard", std::move(heard)},
                                      {"applicant", applicant_json(store.boards, b.board)},
                                      {"twins", twins_json(store.twins, b.board, now)},
                                      {"health", std::move(health)}});
    }
    return json::object{{"format", 1}, {"boards", std::move(boards)}};
}

json::value airings_json(const std::vector<AiringRow>& rows, const std::string& next) {
    json::array airings;
    for (const auto& row : rows) {
        json::value placed = nullptr;
        if (row.placed)
            placed = json::object{
                {"started", to_rfc3339(row.placed->started)},
                {"ended", row.placed->ended ? json::value(to_rfc3339(*row.placed->ended)) : nullptr},
                {"error_ms", row.placed->error ? row.placed->error->count() : -1}};
        airings.push_back(json::object{{"country", row.country},
                                       {"day", to_iso(row.day)},
                                       {"placed", std::move(placed)},
                                       {"start", start_json(row)},
                                       {"assessed", assessed_json(row)},
                                       {"doubt", row.doubt ? json::value(to_text(*row.doubt)) : nullptr},
                                       {"record", record_or_null(row)}});
    }
    return json::object{{"format", 1},
                        {"airings", std::move(airings)},
                        {"next", next.empty() ? json::value(nullptr) : json::value(next)}};
}

json::value quarantine_json(const AiringStore& airings) {
    constexpr std::size_t most = 100;
    json::object doubts;
    for (const auto& [doubt, count] : airings.doubts()) doubts[to_text(doubt)] = count;
    json::array refused;
    for (const auto& one : airings.refused(most))
        refused.push_back(json::object{{"board", one.board},
                                       {"epoch", one.epoch},
                                       {"seq", one.seq},
                                       {"hash", one.hash},
                                       {"why", one.why},
                                       {"at", to_rfc3339(one.at)}});
    return json::object{{"format", 1},
                        {"doubts", std::move(doubts)},
                        {"refused_count", airings.refused_count()},
                        {"refused", std::move(refused)}};
}

json::value planned_json(std::chrono::local_days day, const std::string& release,
                         const std::vector<CountryDay>& days) {
    json::array countries;
    for (const auto& c : days) {
        json::array places, waiting, without;
        for (const auto& p : c.places) places.push_back(place_json(p));
        for (const auto& place : c.being_planned) waiting.emplace_back(place);
        for (const auto& place : c.without_board) without.emplace_back(place);
        countries.push_back(json::object{{"country", c.country},
                                         {"tally", tally_json(c.tally)},
                                         {"by_campaign", split_json(Split::campaign, c.by_subject)},
                                         {"by_segment", split_json(Split::segment, c.by_subject)},
                                         {"by_language", split_json(Split::locale, c.by_subject)},
                                         {"places", std::move(places)},
                                         {"being_planned", std::move(waiting)},
                                         {"without_board", std::move(without)}});
    }
    return json::object{
        {"format", 1}, {"day", to_iso(day)}, {"release", release}, {"countries", std::move(countries)}};
}

}  // namespace riverlight::office
