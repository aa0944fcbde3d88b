#include <array>

#include "content/base/weekdays.hpp"
#include "scheduler/campaign/reading.hpp"

namespace riverlight::scheduler {

using namespace std::chrono;

HolidayRule read_holidays(TableReader& fields) {
    return {fields.texts("only_on_holidays", 50), fields.texts("never_on_holidays", 50)};
}

void read_daypart(Reading& reading, const std::string& name, const toml::table& table) {
    auto fields = reading.open(table, "daypart " + name);
    Daypart part;
    part.name = name;
    if (const auto days = fields.texts("days", 7); !days.empty()) {
        part.weekdays = 0;
        for (const auto& word : days) {
            const auto bits = parse_weekdays(word);
            if (!bits)
                fields.error(fields.node("days"),
                             "'" + word + "' is not a weekday; use mon, tue, … or a span such as mon-fri");
            part.weekdays |= bits.value_or(0);
        }
    }
    const auto from = fields.time("from", true), until = fields.time("until", true);
    part.from = duration_cast<minutes>(from.value_or(0s));
    part.until = duration_cast<minutes>(until.value_or(0s));
    if (from && until && (*from % 60s != 0s || *until % 60s != 0s))
        fields.error("'from' and 'until' are whole minutes");
    part.holidays = read_holidays(fields);
    static constexpr std::array<std::string_view, 5> known{"days", "from", "until", "only_on_holidays",
                                                           "never_on_holidays"};
    fields.reject_unknown(known);
    reading.out.schedule.dayparts[name] = part;
}

}  // namespace riverlight::scheduler
