#include "scheduler/calendar/moment.hpp"

#include "scheduler/calendar/calendar.hpp"

namespace riverlight::scheduler {

using namespace std::chrono;

namespace {
constexpr std::size_t local_length = 19;  // 2026-11-23T06:00:00
}

std::optional<Moment> moment_from_text(std::string_view text) {
    if (text.size() == local_length) {
        const auto read = from_rfc3339(std::string(text) + 'Z');
        if (!read) return {};
        return local_seconds{floor<seconds>(read->time_since_epoch())};
    }
    const auto read = from_rfc3339(text);
    if (!read) return {};
    return Instant{floor<seconds>(*read)};
}

std::string to_text(const Moment& moment) {
    if (const auto* at = std::get_if<Instant>(&moment)) return to_rfc3339(*at).substr(0, local_length) + 'Z';
    return to_rfc3339(Instant{std::get<local_seconds>(moment).time_since_epoch()}).substr(0, local_length);
}

Instant instant_of(const Moment& moment, const std::string& zone) {
    if (const auto* at = std::get_if<Instant>(&moment)) return *at;
    const auto local = std::get<local_seconds>(moment);
    const auto day = floor<days>(local);
    return instant_of(day, local - day, zone);
}

}  // namespace riverlight::scheduler
