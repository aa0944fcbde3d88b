#include "tools/office/as_run_file.hpp"

#include <array>

#include "content/segment/manifest.hpp"
#include "scheduler/calendar/calendar.hpp"
#include "scheduler/plan/broadcast_day.hpp"
#include "tools/office/parameters.hpp"
#include "tools/office/responses.hpp"
#include "tools/traffic/as_run.hpp"

namespace riverlight::office {
namespace {

using traffic::AsRun;
using traffic::AsRunDay;
using traffic::Spot;

struct FileFormat {
    std::string_view name, type, ending;
    std::string (*write)(const AsRun& list, Instant now);
};
constexpr std::array<FileFormat, 3> formats{
    {{"csv", "text/csv; charset=utf-8; header=present", "csv",
      [](const AsRun& list, Instant) { return traffic::write_csv(list); }},
     {"bxf", "application/xml", "xml",
      [](const AsRun& list, Instant now) {
          return traffic::write_bxf(list, {25, now});
      }},
     {"ccms", "text/plain; charset=us-ascii", "ver",
      [](const AsRun& list, Instant) { return traffic::write_ccms(list); }}}};

const FileFormat& format_of(const http::Request& request) {
    const auto name = request.query_or("format");
    if (name.empty()) return formats[0];
    for (const auto& format : formats) {
        if (format.name == name) return format;
    }
    throw BadRequest("'format' must be csv, bxf or ccms, and is '" + name + "'");
}

/// As the days of the place were stored. A place of which airings alone are known has days of UTC.
std::optional<PlaceFacts> known_facts(const OfficeStore& store, const std::string& id) {
    if (auto facts = store.plans.facts_of(id)) return facts;
    AiringFilter filter;
    filter.place = id;
    if (store.airings.list(filter, std::nullopt, 1).empty()) return std::nullopt;
    return PlaceFacts{};
}

/// As the day is stored; as the channel lists the place, if it is not; as it was known before, if the channel
/// does not list it.
AsRunDay day_of_place(const OfficeStore& store, const ChannelFollower& channel, const std::string& id,
                      std::chrono::local_days day, const std::optional<StoredDay>& stored) {
    if (stored && stored->facts.from < stored->facts.until)
        return {id, stored->facts.zone, day, stored->facts.from, stored->facts.until};
    const auto release = channel.release();
    const auto* place = release ? release->content.catalogue.place(id) : nullptr;
    if (const auto facts = place ? std::nullopt : known_facts(store, id)) {
        const auto bounds = scheduler::broadcast_day(facts->day_start, facts->zone, day);
        return {id, facts->zone, day, bounds.from, bounds.until};
    }
    if (!place) throw BadRequest("the channel has no place '" + id + "'; choose one from the page Boards");
    const auto bounds = scheduler::broadcast_day(release->day_start(*place), place->zone, day);
    return {id, place->zone, day, bounds.from, bounds.until};
}

/// What was promised and stands; of a day that is not stored, nothing.
std::vector<Spot> promised_spots(const AsRunDay& day, const std::optional<StoredDay>& stored) {
    std::vector<Spot> spots;
    if (!stored) return spots;
    for (const auto& promise : stored->plan.promises) {
        if (promise.waived) continue;
        Spot spot;
        spot.airing = promise.id;
        spot.place = day.place;
        spot.campaign = promise.campaign;
        spot.segment = promise.segment;
        spot.locale_asked = promise.locale;
        spot.planned_start = promise.start;
        spot.planned_end = promise.end;
        spots.push_back(std::move(spot));
    }
    return spots;
}

std::vector<Spot> reported_spots(const OfficeStore& store, const AsRunDay& day) {
    AiringFilter filter;
    filter.place = day.place;
    filter.from = day.day;  // before the channel listed the place, airings were filed by days of UTC
    filter.until = day.day + std::chrono::days{1};
    const auto rows = store.airings.list(filter, std::nullopt, traffic::most_spots + 1);
    if (rows.size() > traffic::most_spots)
        throw BadRequest("more than " + std::to_string(traffic::most_spots) +
                         " airings were reported on that day; use `riverlight asrun` on the board");
    std::vector<Spot> spots;
    for (const auto& row : rows) {
        using content::RecordKind;
        const auto kind = row.record.kind;
        if (row.doubt || kind == RecordKind::time_fix || kind == RecordKind::time_gap) continue;
        auto spot = traffic::spot_of(row.record, row.placed);
        spot.start_off = row.start_off;
        spots.push_back(std::move(spot));
    }
    return spots;
}

}  // namespace

http::Response as_run_file(const OfficeStore& store, const ChannelFollower& channel,
                           const http::Request& request, Instant now) {
    const auto& format = format_of(request);
    const auto asked = day_parameter(request, "day");
    const auto place = request.query_or("place");
    if (!asked || !content::is_id(place))
        throw BadRequest("an as-run list needs 'place', its id, and 'day', a date like 2026-11-24");
    const auto stored = store.plans.find(place, *asked);
    const auto day = day_of_place(store, channel, place, *asked, stored);
    const auto list = traffic::make_as_run(day, promised_spots(day, stored), reported_spots(store, day),
                                           request.query_or("outlet"));
    return download_response(format.write(list, now), format.type,
                             "as-run-" + place + '-' + to_iso(*asked) + '.' + std::string(format.ending));
}

}  // namespace riverlight::office
