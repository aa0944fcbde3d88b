#pragma once
#include <boost/json.hpp>
#include <map>
#include <string>

#include "scheduler/campaign/table_reader.hpp"

/// Shared by the readers of one schedule. Inside `scheduler/campaign` only.
namespace riverlight::scheduler {

inline constexpr std::size_t most_campaigns = 2'000, most_bookings = 10'000, most_dates = 5'000;

/// The state of reading one schedule, table by table.
struct Reading {
    const std::string& file;
    ScheduleReading out{};
    std::size_t bookings = 0;
    std::map<std::string, int> booking_lines{}, campaign_lines{};

    [[nodiscard]] TableReader open(const toml::table& table, std::string where) {
        return {table, std::move(where), file, out.findings};
    }
};

/// `only_on_holidays` and `never_on_holidays`, of a daypart or a booking.
[[nodiscard]] HolidayRule read_holidays(TableReader& fields);
/// Adds a `[dayparts.NAME]` to the schedule.
void read_daypart(Reading& reading, const std::string& name, const toml::table& table);
/// Adds a `[[campaign.booking]]` to its campaign. Dayparts must have been read.
void read_booking(Reading& reading, Campaign& campaign, const toml::table& table);

/// Converts the channel's JSON to TOML, so that one reader serves both.
[[nodiscard]] toml::table table_of(const boost::json::object& object);

}  // namespace riverlight::scheduler
