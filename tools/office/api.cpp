#include "tools/office/api.hpp"

#include "content/base/crypto.hpp"
#include "content/base/json.hpp"

namespace riverlight::office {
namespace {

namespace json = boost::json;

json::object tally_json(const Tally& t) {
    return {{"planned", t.planned()},  {"aired", t.aired},   {"partly", t.partly},
            {"missed", t.missed},      {"silent", t.silent}, {"upcoming", t.upcoming},
            {"unplanned", t.unplanned}};
}

json::object place_json(const PlaceDay& p) {
    json::object reasons;
    for (const auto& [reason, count] : p.comparison.reasons) reasons[reason] = count;
    return {{"place", p.place},
            {"name", p.name},
            {"tally", tally_json(p.comparison.tally)},
            {"reasons", std::move(reasons)}};
}

}  // namespace

json::value boards_json(const std::vector<BoardRow>& rows) {
    json::array boards;
    for (const auto& b : rows) {
        json::value health = nullptr, heard = nullptr;
        if (!b.health.empty()) health = parse_json(b.health, "health");
        if (b.heard) heard = to_rfc3339(*b.heard);
        boards.push_back(json::object{{"board", b.board},
                                      {"place", b.place},
                                      {"state", to_text(b.state)},
                                      {"fingerprint", key_fingerprint(b.public_key)},
                                      {"version", b.version},
                                      {"enrolled", to_rfc3339(b.enrolled)},
                                      {"heard", std::move(heard)},
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
                                       {"record", parse_json(content::record_json(row.record), "record")}});
    }
    return json::object{{"format", 1},
                        {"airings", std::move(airings)},
                        {"next", next.empty() ? json::value(nullptr) : json::value(next)}};
}

json::value planned_json(std::chrono::local_days day, const std::string& release,
                         const std::vector<CountryDay>& days) {
    json::array countries;
    for (const auto& c : days) {
        json::array places, without;
        for (const auto& p : c.places) places.push_back(place_json(p));
        for (const auto& place : c.without_board) without.emplace_back(place);
        countries.push_back(json::object{{"country", c.country},
                                         {"tally", tally_json(c.tally)},
                                         {"places", std::move(places)},
                                         {"without_board", std::move(without)}});
    }
    return json::object{
        {"format", 1}, {"day", to_iso(day)}, {"release", release}, {"countries", std::move(countries)}};
}

}  // namespace riverlight::office
