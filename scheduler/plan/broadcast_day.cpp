#include "scheduler/plan/broadcast_day.hpp"

namespace riverlight::scheduler {

using namespace std::chrono;

LocalDay broadcast_day(minutes day_start, const std::string& zone, local_days day) {
    return {day, instant_of(day, day_start, zone), instant_of(day + days{1}, day_start, zone)};
}

LocalDay broadcast_day(const Schedule& schedule, const std::string& zone, local_days day) {
    return broadcast_day(schedule.day_start, zone, day);
}

LocalDay broadcast_day_of(minutes day_start, const std::string& zone, Instant at) {
    const auto calendar = local_day_of(at, zone).day;
    auto found = broadcast_day(day_start, zone, calendar);
    if (at < found.from) found = broadcast_day(day_start, zone, calendar - days{1});
    if (at >= found.until) found = broadcast_day(day_start, zone, calendar + days{1});
    return found;
}

LocalDay broadcast_day_of(const Schedule& schedule, const std::string& zone, Instant at) {
    return broadcast_day_of(schedule.day_start, zone, at);
}

}  // namespace riverlight::scheduler
