#include <algorithm>
#include <array>
#include <cassert>
#include <cstdio>

#include "scheduler/calendar/calendar.hpp"
#include "tools/traffic/ccms_columns.hpp"
#include "tools/traffic/formats.hpp"
#include "tools/traffic/spot_fields.hpp"
#include "tools/traffic/timecode.hpp"

namespace riverlight::traffic {
namespace {

using namespace std::chrono;

/// A record being written: a line of blanks into which fields are put.
class Record {
  public:
    explicit Record(std::string_view event) : line_(ccms::user - 1, ' ') { put(ccms::event, event); }

    /// Writes printable ASCII, cut to the column's width; other bytes become `?`.
    void put(const ccms::Column& column, std::string_view text) {
        assert(column.first - 1 + column.width <= line_.size());
        for (std::size_t i = 0; i < std::min(column.width, text.size()); ++i)
            line_[column.first - 1 + i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
    }
    void put_number(const ccms::Column& column, std::int64_t number) {
        std::array<char, 24> digits{};
        std::snprintf(digits.data(), digits.size(), "%0*lld", static_cast<int>(column.width),
                      static_cast<long long>(number));
        put(column, digits.data());
    }
    void append(std::string_view text) { line_ += text; }
    [[nodiscard]] std::string finish() { return std::move(line_) + "\r\n"; }

  private:
    std::string line_;
};

/// HHMMSS as a number.
std::int64_t to_clock_digits(microseconds time) {
    const hh_mm_ss split(floor<seconds>(time));
    return split.hours().count() * 10'000 + split.minutes().count() * 100 + split.seconds().count();
}

/// The break and the position of a spot in its hour, its window. A break is a run of adjoining spots.
struct BreakPosition {
    std::optional<std::int64_t> hour;          ///< absent: before the first spot
    std::int64_t in_window = 0, in_break = 0;  ///< number of the break, and of the spot in it, from 1
    Instant until{};                           ///< the planned end of the last spot

    void advance(const Spot& spot, std::int64_t hour_now) {
        const bool adjoins = spot.planned_start && *spot.planned_start - until <= 1s &&
                             *spot.planned_start >= until - 1s && in_break < 999;
        if (hour_now != hour) {
            hour = hour_now;
            in_window = in_break = 1;
        } else if (adjoins) {
            ++in_break;
        } else {
            ++in_window;
            in_break = 1;
        }
        until = spot.planned_end.value_or(until);
    }
};

void put_scheduled(Record& record, const Spot& spot, BreakPosition& at, const std::string& zone) {
    const auto start = spot.planned_start ? *spot.planned_start : spot.started.value_or(Instant{});
    const auto text = scheduler::local_text(start, zone);  // 2026-11-23 14:03:05
    record.put(ccms::date, text.substr(5, 2) + text.substr(8, 2));
    record.put_number(ccms::time, to_clock_digits(time_of_day(start, zone)));
    if (!spot.planned_start) {  // it was not booked: no window, no break
        for (const auto& column :
             {ccms::window, ccms::window_length, ccms::break_number, ccms::position, ccms::length})
            record.put_number(column, 0);
        return;
    }
    const auto hour = to_clock_digits(time_of_day(start, zone)) / 10'000;
    at.advance(spot, hour);
    record.put_number(ccms::window, hour * 100);
    record.put_number(ccms::window_length, 100);
    record.put_number(ccms::break_number, std::min<std::int64_t>(at.in_window, 999));
    record.put_number(ccms::position, at.in_break);
    const auto length = spot.planned_end ? *spot.planned_end - start : 0us;
    record.put_number(ccms::length, to_clock_digits(round<seconds>(std::max(length, microseconds{0}))));
}

/// This file is billed from: of a spot that was cut short or joined late, what was shown counts.
microseconds billed_length(const Spot& spot) {
    constexpr microseconds longest = 99h;
    const auto length = std::min(length_of(spot), longest);
    return is_partial(spot) ? std::min<microseconds>(length, shown_of(spot)) : length;
}

void put_aired(Record& record, const Spot& spot, const BreakPosition& at, const std::string& zone) {
    const bool aired = went_out(spot) && spot.started;
    const auto length = aired ? billed_length(spot) : 0us;
    const auto hundredths = round<duration<std::int64_t, std::centi>>(length);
    record.put_number(ccms::aired_time, aired ? to_clock_digits(time_of_day(*spot.started, zone)) : 0);
    record.put_number(ccms::aired_length,
                      to_clock_digits(floor<seconds>(hundredths)) * 100 + hundredths.count() % 100);
    record.put_number(ccms::aired_position, aired && spot.planned_start ? at.in_break : 0);
    record.put(ccms::status, went_out(spot) ? ccms::aired : ccms::failed_to_air);
}

std::string write_record(const Spot& spot, BreakPosition& at, const std::string& zone) {
    Record record("LOI");
    put_scheduled(record, spot, at, zone);
    put_aired(record, spot, at, zone);
    const auto& locale = spot.locale_asked.empty() ? spot.locale_aired : spot.locale_asked;
    record.put(ccms::spot, spot_code(spot.segment, locale));
    record.put(ccms::advertiser, spot.campaign);
    record.put(ccms::spot_name, spot.segment);
    record.put(ccms::kind, spot.planned_start && !spot.filler ? "Sch" : "Fill");
    std::map<std::string, std::string> all;
    for (const auto& field : spot_fields()) {
        if (auto value = field.get(spot); !value.empty()) all[std::string(field.name)] = std::move(value);
    }
    record.append(pack(all));
    return record.finish();
}

}  // namespace

std::string write_ccms(const AsRun& list) {
    const auto& day = list.day;
    std::string out = "REM Riverlight verification, place=" + pack({{"place", day.place}}).substr(6) +
                      "&day=" + to_iso(day.day) + "&zone=" + pack({{"zone", day.zone}}).substr(5) + "\r\n";
    std::map<std::string, BreakPosition> positions;  // each outlet has its own breaks
    for (const auto& spot : list.spots) out += write_record(spot, positions[spot.outlet], day.zone);
    std::string end = "END";
    end.resize(ccms::shortest_record, ' ');
    return out + end + "\r\n";
}

}  // namespace riverlight::traffic
