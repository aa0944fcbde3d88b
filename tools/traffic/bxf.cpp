#include <cassert>
#include <map>
#include <set>

#include "content/base/crypto.hpp"
#include "content/base/error.hpp"
#include "tools/traffic/formats.hpp"
#include "tools/traffic/spot_fields.hpp"
#include "tools/traffic/timecode.hpp"
#include "tools/traffic/xml.hpp"

namespace riverlight::traffic {
namespace {

using namespace std::chrono;

/// The longest time that a time code can say.
constexpr microseconds longest_time_code = 99h;

/// The UUID of the first 32 hex digits, in BXF's form.
std::string to_urn(std::string_view hex) {
    assert(hex.size() >= 32);
    std::string out = "urn:uuid:";
    for (std::size_t i = 0; i < 32; ++i) {
        if (i == 8 || i == 12 || i == 16 || i == 20) out += '-';
        out += hex[i];
    }
    return out;
}

bool is_plan_id(std::string_view id) {
    return id.size() == 32 && id.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// True if the spot was on air, but not from its beginning.
bool joined_late(const Spot& spot) {
    return went_out(spot) && spot.missed.value_or(0ms) > 0ms;
}

/// The AsRunStatusTypes of a spot: one or two.
std::vector<std::string> list_statuses(const Spot& spot) {
    using content::AiringStatus;
    if (!spot.status) return {"Did not air"};
    if (joined_late(spot)) {
        std::vector<std::string> statuses{"Joined in Progress"};
        if (spot.status == AiringStatus::truncated) statuses.emplace_back("Aired with Duration Discrepancy");
        if (spot.status == AiringStatus::substituted) statuses.emplace_back("Aired with Content Discrepancy");
        return statuses;
    }
    switch (*spot.status) {
        case AiringStatus::aired:
            return {"Aired Without Discrepancy"};
        case AiringStatus::truncated:
            return {"Aired with Duration Discrepancy"};
        case AiringStatus::substituted:
            return {"Aired with Content Discrepancy"};
        case AiringStatus::skipped:
            return {"Did not air"};
        case AiringStatus::failed:
            return {"Technical Difficulty"};
        case AiringStatus::interrupted:
            return {"Technical Difficulty", "Aired with Duration Discrepancy"};
    }
    assert(false && "unknown airing status");
    return {"Unknown"};
}

class BxfWriter {
  public:
    BxfWriter(const AsRun& list, const BxfOptions& options) : list_(list), options_(options) {}

    std::string write() {
        const auto& day = list_.day;
        const auto message = sha256_hex("as-run " + day.place + ' ' + to_iso(day.day) + ' ' +
                                        to_rfc3339(options_.written) + ' ' + write_csv(list_));
        xml_.open("BxfMessage", {{"xmlns", "http://smpte-ra.org/schemas/2021/2023/BXF"},
                                 {"id", to_urn(message)},
                                 {"dateTime", to_rfc3339(options_.written)},
                                 {"messageType", "Information"},
                                 {"origin", "Riverlight"},
                                 {"originType", "Automation"},
                                 {"userName", day.place.empty() ? "Riverlight" : day.place},
                                 {"destination", "Traffic"}});
        xml_.open("BxfData", {{"action", "add"}});
        std::set<std::string> outlets;
        for (const auto& spot : list_.spots) outlets.insert(spot.outlet);
        if (outlets.empty()) outlets.insert("");
        for (const auto& outlet : outlets) write_schedule(outlet);
        xml_.close();
        xml_.close();
        return xml_.finish();
    }

  private:
    void write_schedule(const std::string& outlet) {
        const auto& day = list_.day;
        const auto name = day.place + (outlet.empty() ? "" : ' ' + outlet);
        xml_.open("Schedule", {{"type", "Primary"},
                               {"scheduleId", to_urn(sha256_hex("schedule " + name + ' ' + to_iso(day.day)))},
                               {"scheduleStart", to_rfc3339(day.from)},
                               {"scheduleEnd", to_rfc3339(day.until)}});
        xml_.add_leaf("ScheduleName", name + ' ' + to_iso(day.day));
        for (const auto& spot : list_.spots) {
            if (spot.outlet == outlet) write_as_run(spot);
        }
        xml_.close();
    }

    void write_as_run(const Spot& spot) {
        xml_.open("AsRun");
        xml_.open("BasicAsRun");
        xml_.open("AsRunEventId");
        if (is_plan_id(spot.airing))
            xml_.add_leaf("EventId", to_urn(spot.airing));
        else
            xml_.add_leaf("Null", "");  // it was not booked
        if (!spot.campaign.empty()) xml_.add_leaf("BillingReferenceCode", spot.campaign);
        xml_.close();
        if (!spot.segment.empty()) write_content(spot);
        write_detail(spot);
        xml_.close();
        xml_.close();
    }

    void write_content(const Spot& spot) {
        xml_.open("Content");
        xml_.open("ContentId");
        xml_.add_leaf("HouseNumber", spot.segment);
        xml_.close();
        xml_.add_leaf("Name", spot.segment);
        xml_.close();
    }

    void write_detail(const Spot& spot) {
        xml_.open("AsRunDetail");
        for (const auto& status : list_statuses(spot)) xml_.add_leaf("Status", status);
        xml_.add_leaf("Type", "Primary");
        const auto rate = std::to_string(options_.rate);
        const auto start = spot.started ? *spot.started : spot.planned_start.value_or(list_.day.from);
        xml_.open("StartDateTime");
        xml_.open("SmpteDateTime", {{"frameRate", rate},
                                    {"broadcastDate", to_iso(list_.day.day)},
                                    {"utcStartofBroadcastDay", to_rfc3339(list_.day.from)}});
        xml_.add_leaf("SmpteTimeCode", format_time_code(time_of_day(start, list_.day.zone), options_.rate));
        xml_.close();
        xml_.close();
        xml_.open("Duration");
        xml_.open("SmpteDuration", {{"frameRate", rate}});
        xml_.add_leaf("SmpteTimeCode",
                      format_time_code(std::min(length_of(spot), longest_time_code), options_.rate));
        xml_.close();
        xml_.close();
        write_notes(spot);
        write_private_information(spot);
        xml_.close();
    }

    /// Why the spot did not air whole, what of it is billed, and how far its start is trusted.
    void write_notes(const Spot& spot) {
        std::vector<std::string> notes;
        if (!spot.reason.empty()) notes.push_back(spot.reason);
        if (is_partial(spot)) notes.push_back(shown_text(spot));
        if (spot.start_off) notes.push_back(start_text(*spot.start_off));
        if (notes.empty()) return;
        xml_.open("EventNotes");
        for (const auto& note : notes) xml_.add_leaf("EventNote", note);
        xml_.close();
    }

    /// Every field of the spot, to the microsecond, and its evidence. Other systems ignore it.
    void write_private_information(const Spot& spot) {
        XmlAttributes attributes{{"xmlns", std::string(private_namespace)},
                                 {"day", to_iso(list_.day.day)},
                                 {"zone", list_.day.zone}};
        for (const auto& field : spot_fields()) {
            const auto value = field.name == "evidence" ? std::string() : field.get(spot);
            if (!value.empty()) attributes.emplace_back(field.name, value);
        }
        xml_.open("PrivateInformation");
        xml_.open("Spot", attributes);
        for (const auto& [key, value] : spot.evidence) xml_.add_leaf("Evidence", value, {{"of", key}});
        xml_.close();
        xml_.close();
    }

    const AsRun& list_;
    const BxfOptions& options_;
    XmlWriter xml_;
};

}  // namespace

std::string write_bxf(const AsRun& list, const BxfOptions& options) {
    if (options.rate != 24 && options.rate != 25 && options.rate != 30 && options.rate != 50 &&
        options.rate != 60)
        throw Error("BXF: " + std::to_string(options.rate) +
                    " is not a supported frame rate; use 24, 25, 30, 50 or 60");
    return BxfWriter(list, options).write();
}

}  // namespace riverlight::traffic
