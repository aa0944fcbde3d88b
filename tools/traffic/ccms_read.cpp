#include <charconv>

#include "content/base/error.hpp"
#include "scheduler/calendar/calendar.hpp"
#include "tools/traffic/ccms_columns.hpp"
#include "tools/traffic/formats.hpp"
#include "tools/traffic/spot_fields.hpp"
#include "tools/traffic/timecode.hpp"

namespace riverlight::traffic {
namespace {

using namespace std::chrono;

constexpr std::string_view own_remark = "REM Riverlight verification, ";
constexpr std::size_t longest_line = 32U << 10;

class CcmsReader {
  public:
    CcmsReader(const std::string& file, const AsRunDay& defaults) : file_(file), list_{defaults, {}} {}

    AsRun read(std::string_view text) {
        while (!text.empty()) {
            const auto end = std::min(text.find('\n'), text.size());
            auto line = text.substr(0, end);
            text.remove_prefix(std::min(end + 1, text.size()));
            ++line_;
            if (line.ends_with('\r')) line.remove_suffix(1);
            if (line.size() > longest_line)
                fail(ReadFault::too_large, "a line longer than 32 KiB; it is not a CCMS file");
            add(line);
        }
        return std::move(list_);
    }

  private:
    [[noreturn]] void fail(ReadFault kind, const std::string& why, const std::string& key = {}) const {
        throw ReadError(kind, Where(file_).at(line_).in(key, {}), why);
    }

    void add(std::string_view line) {
        const auto event = line.substr(0, 3);
        if (line.starts_with(own_remark)) return read_remark(line.substr(own_remark.size()));
        if (event == "REM" || event == "NUL" || event == "END" || line.empty()) return;
        if (event != "LOI")
            fail(ReadFault::syntax, "begins with '" + std::string(line.substr(0, 12)) +
                                        "', not with LOI, REM, NUL or END; is it a CCMS file?");
        if (line.size() < ccms::shortest_record)
            fail(ReadFault::syntax,
                 "has " + std::to_string(line.size()) + " bytes; a record has at least 77");
        if (list_.spots.size() >= most_spots)
            fail(ReadFault::too_large, "more than 500,000 spots; give fewer days");
        std::map<std::string, std::string> all;
        const auto user = line.substr(std::min(ccms::user - 1, line.size()));
        if (unpack(user, all) && all.contains("airing"))
            list_.spots.push_back(read_own(all));
        else
            list_.spots.push_back(read_foreign(line));
    }

    void read_remark(std::string_view text) {
        std::map<std::string, std::string> fields;
        if (!unpack(text, fields)) return;
        auto& day = list_.day;
        if (fields.contains("place")) day.place = fields["place"];
        if (fields.contains("zone") && scheduler::zone_exists(fields["zone"])) day.zone = fields["zone"];
        day.day = date_from_iso(fields["day"]).value_or(day.day);
    }

    /// From the user column that write_ccms wrote.
    Spot read_own(const std::map<std::string, std::string>& all) const {
        Spot spot;
        for (const auto& [name, value] : all) {
            if (!set_field(spot, name, value))
                fail(ReadFault::malformed,
                     "'" + value.substr(0, 80) + "' is not a value of '" + name + "'; export it again", name);
        }
        return spot;
    }

    std::int64_t read_number(std::string_view line, const ccms::Column& column, const char* what) const {
        const auto text = line.substr(column.first - 1, column.width);
        std::int64_t value = 0;
        const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
        if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || value < 0)
            fail(ReadFault::malformed,
                 "'" + std::string(text) + "' at byte " + std::to_string(column.first) + " is not a " + what);
        return value;
    }

    microseconds read_clock(std::string_view line, const ccms::Column& column, const char* what) const {
        const auto digits = read_number(line, column, what);
        const auto minute = digits / 100 % 100, second = digits % 100;
        if (minute > 59 || second > 59)
            fail(ReadFault::malformed, "'" + std::to_string(digits) + "' is not a " + std::string(what));
        return hours{digits / 10'000} + minutes{minute} + seconds{second};
    }

    /// The date with this month and day (MMDD) that is nearest to the list's day.
    local_days find_date(std::int64_t digits) const {
        if (list_.day.day == local_days{})
            fail(ReadFault::missing, "a record has no year: give the plan of its day, or --day and --place");
        const year_month_day ymd{list_.day.day};
        for (const int off : {0, 1, -1}) {
            const year_month_day date{ymd.year() + years{off}, month{static_cast<unsigned>(digits / 100)},
                                      day{static_cast<unsigned>(digits % 100)}};
            if (!date.ok()) continue;
            const auto apart = local_days{date} - list_.day.day;
            if (apart > days{-180} && apart < days{180}) return local_days{date};
        }
        fail(ReadFault::malformed, "'" + std::to_string(digits) + "' is not a month and day");
    }

    /// From the columns that every CCMS system writes.
    Spot read_foreign(std::string_view line) const {
        Spot spot;
        spot.place = list_.day.place;
        spot.code = line.substr(ccms::spot.first - 1, ccms::spot.width);
        const auto date = find_date(read_number(line, ccms::date, "month and day"));
        const auto start = scheduler::instant_of(
            date, duration_cast<seconds>(read_clock(line, ccms::time, "time of day")), list_.day.zone);
        spot.planned_start = start;
        spot.planned_end = start + read_clock(line, ccms::length, "length");
        const auto status = read_number(line, ccms::status, "status code");
        if (status != 1) {
            spot.reason = "status code " + std::to_string(status);
            return spot;
        }
        spot.status = content::AiringStatus::aired;
        // The aired time has no date: take the one from 12 hours before to 12 hours after the scheduled time.
        const auto digits = read_number(line, ccms::aired_length, "length");
        const auto aired = read_clock(line, ccms::aired_time, "time of day");
        spot.started = next_time_of_day(start - 12h, aired, list_.day.zone);
        spot.length = hours{digits / 1'000'000} + minutes{digits / 10'000 % 100} +
                      seconds{digits / 100 % 100} + milliseconds{10 * (digits % 100)};
        spot.ended = *spot.started + *spot.length;
        return spot;
    }

    const std::string& file_;
    AsRun list_;
    int line_ = 0;
};

}  // namespace

AsRun read_ccms(std::string_view text, const std::string& file, const AsRunDay& defaults) {
    return CcmsReader(file, defaults).read(text);
}

}  // namespace riverlight::traffic
