#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "content/base/error.hpp"
#include "scheduler/calendar/calendar.hpp"
#include "tools/traffic/formats.hpp"
#include "tools/traffic/spot_fields.hpp"
#include "tools/traffic/timecode.hpp"
#include "tools/traffic/xml.hpp"

namespace riverlight::traffic {
namespace {

using namespace std::chrono;

/// Our status for another system's AsRunStatusType; absent: not aired.
constexpr std::array<std::pair<std::string_view, std::optional<content::AiringStatus>>, 10> statuses{
    {{"Aired Without Discrepancy", content::AiringStatus::aired},
     {"Joined in Progress", content::AiringStatus::truncated},
     {"Inserted by Operator", content::AiringStatus::aired},
     {"Technical Difficulty", content::AiringStatus::interrupted},
     {"Aired with Duration Discrepancy", content::AiringStatus::truncated},
     {"Aired with Content Discrepancy", content::AiringStatus::substituted},
     {"Did not air", std::nullopt},
     {"Preempted", std::nullopt},
     {"Missing Content", content::AiringStatus::failed},
     {"Unknown", std::nullopt}}};

class BxfReader {
  public:
    BxfReader(const std::string& file, const AsRunDay& defaults) : file_(file), list_{defaults, {}} {}

    AsRun read(std::string_view text) {
        read_xml(text, file_, "BxfMessage", "AsRun", [this](const XmlElement& element) { add(element); });
        return std::move(list_);
    }

  private:
    [[noreturn]] void fail(const XmlElement& element, ReadFault kind, const std::string& why,
                           const std::string& key = {}) const {
        throw ReadError(kind, Where(file_).at(element.line).in(key, {}), why);
    }

    void add(const XmlElement& as_run) {
        if (list_.spots.size() >= most_spots)
            fail(as_run, ReadFault::too_large, "more than 500,000 spots; give fewer days");
        const auto* basic = as_run.find("BasicAsRun");
        if (!basic) basic = as_run.find("CompleteAsRun");
        const auto* detail = basic ? basic->find("AsRunDetail") : nullptr;
        if (!detail)
            fail(as_run, ReadFault::missing,
                 "an AsRun without AsRunDetail; the file is not a BXF as-run list", "AsRunDetail");
        const auto* own = detail->find("PrivateInformation/Spot");
        list_.spots.push_back(own && own->space == private_namespace ? read_own(*own)
                                                                     : read_foreign(*basic, *detail));
    }

    /// From our private information.
    Spot read_own(const XmlElement& own) {
        Spot spot;
        for (const auto& [name, value] : own.attributes) {
            if (!set_field(spot, name, value))
                fail(own, ReadFault::malformed,
                     "'" + value.substr(0, 80) + "' is not a value of '" + name + "'; export it again", name);
        }
        for (const auto& child : own.children) {
            if (child.name == "Evidence") spot.evidence[child.attribute("of")] = child.text;
        }
        if (list_.spots.empty()) {
            list_.day.place = spot.place;
            if (const auto zone = own.attribute("zone"); scheduler::zone_exists(zone)) list_.day.zone = zone;
            list_.day.day = date_from_iso(own.attribute("day")).value_or(list_.day.day);
        }
        return spot;
    }

    /// From the elements that every BXF system writes.
    Spot read_foreign(const XmlElement& basic, const XmlElement& detail) {
        Spot spot;
        spot.place = list_.day.place;
        for (const char c : basic.text_at("AsRunEventId/EventId").substr(0, 64)) {
            if (c != '-') spot.airing += static_cast<char>(c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
        }
        if (spot.airing.starts_with("urn:uuid:")) spot.airing.erase(0, 9);
        spot.campaign = basic.text_at("AsRunEventId/BillingReferenceCode").substr(0, 64);
        spot.segment = basic.text_at("Content/ContentId/HouseNumber").substr(0, 64);
        spot.reason = detail.text_at("EventNotes/EventNote").substr(0, 2000);
        const auto status = detail.text_at("Status");
        const auto* found = std::find_if(statuses.begin(), statuses.end(),
                                         [&](const auto& one) { return one.first == status; });
        if (found == statuses.end())
            fail(detail, ReadFault::malformed,
                 "'" + status.substr(0, 80) + "' is not an AsRunStatusType of SMPTE ST 2021-4");
        spot.status = found->second;
        if (!went_out(spot) && spot.status != content::AiringStatus::interrupted) return spot;
        spot.started = read_start(detail);
        spot.length = read_length(detail);
        spot.ended = *spot.started + *spot.length;
        return spot;
    }

    int read_rate(const XmlElement& element) const {
        const auto text = element.attribute("frameRate");
        if (text.empty()) return 25;
        double rate = 0;
        const auto read = std::from_chars(text.data(), text.data() + text.size(), rate);
        if (read.ec != std::errc{} || rate < 1 || rate > 120)
            fail(element, ReadFault::out_of_range,
                 "frameRate '" + text.substr(0, 20) + "' is not a rate from 1 to 120");
        return static_cast<int>(std::lround(rate));
    }

    Instant read_start(const XmlElement& detail) const {
        if (const auto* utc = detail.find("StartDateTime/UtcDateTime")) {
            if (const auto at = from_rfc3339(utc->text)) return *at;
            fail(*utc, ReadFault::malformed,
                 "'" + utc->text.substr(0, 40) + "' is not a date and time with an offset");
        }
        const auto* smpte = detail.find("StartDateTime/SmpteDateTime");
        if (!smpte) fail(detail, ReadFault::missing, "an AsRunDetail without StartDateTime");
        const auto code = smpte->text_at("SmpteTimeCode");
        const auto time = parse_time_code(code, read_rate(*smpte));
        const auto date = date_from_iso(smpte->attribute("broadcastDate"));
        if (!time || !date)
            fail(*smpte, ReadFault::malformed,
                 "'" + code.substr(0, 20) + "' of '" + smpte->attribute("broadcastDate").substr(0, 20) +
                     "' is not a time code on a broadcast date");
        if (const auto day_start = from_rfc3339(smpte->attribute("utcStartofBroadcastDay")))
            return next_time_of_day(*day_start, *time, list_.day.zone);
        if (*date == list_.day.day && list_.day.from != Instant{})
            return next_time_of_day(list_.day.from, *time, list_.day.zone);
        return scheduler::instant_of(*date, 0s, list_.day.zone) + *time;
    }

    microseconds read_length(const XmlElement& detail) const {
        const auto* smpte = detail.find("Duration/SmpteDuration");
        if (!smpte)
            fail(detail, ReadFault::missing, "a Duration without SmpteDuration; export it with time codes");
        const auto code = smpte->text_at("SmpteTimeCode");
        const auto time = parse_time_code(code, read_rate(*smpte));
        if (!time) fail(*smpte, ReadFault::malformed, "'" + code.substr(0, 20) + "' is not a time code");
        return *time;
    }

    const std::string& file_;
    AsRun list_;
};

}  // namespace

AsRun read_bxf(std::string_view text, const std::string& file, const AsRunDay& defaults) {
    return BxfReader(file, defaults).read(text);
}

}  // namespace riverlight::traffic
