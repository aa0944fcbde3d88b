#include "tools/office/airing_months.hpp"

#include "content/base/instant.hpp"
#include "tools/office/database.hpp"

namespace riverlight::office {

void AiringMonths::make_room(std::chrono::local_days day) {
    if (db_.kind() == DatabaseKind::sqlite) return;
    const std::chrono::year_month_day date(day);
    if (known_.insert(date.year() / date.month()).second)
        static_cast<void>(db_.text("SELECT make_airing_month(?)", {to_iso(day)}));
}

}  // namespace riverlight::office
