#include "tools/office/plan_store.hpp"

#include "content/base/instant.hpp"
#include "tools/office/database.hpp"

namespace riverlight::office {

std::optional<std::string> PlanStore::find(const std::string& place, std::chrono::local_days day) const {
    return db_.text("SELECT json FROM plan WHERE place=? AND day=?", {place, to_iso(day)});
}

void PlanStore::set(const std::string& place, std::chrono::local_days day, const std::string& json) {
    db_.run(
        "INSERT INTO plan VALUES(?,?,?) ON CONFLICT(place, day) DO UPDATE SET json=excluded.json WHERE "
        "json<>excluded.json",
        {place, to_iso(day), json});
}

}  // namespace riverlight::office
