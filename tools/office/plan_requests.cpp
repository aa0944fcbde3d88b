#include "tools/office/plan_requests.hpp"

#include "tools/office/database.hpp"

namespace riverlight::office {

void PlanRequests::add(const std::string& place) {
    db_.run("INSERT INTO place_to_plan VALUES(?) ON CONFLICT DO NOTHING", {place});
}

bool PlanRequests::are_there() const {
    return db_.text("SELECT place FROM place_to_plan LIMIT 1").has_value();
}

std::vector<std::string> PlanRequests::take() {
    std::vector<std::string> places;
    auto q = db_.query("SELECT place FROM place_to_plan ORDER BY place");
    while (q.next()) places.push_back(q.text(0));
    db_.run("DELETE FROM place_to_plan");
    return places;
}

}  // namespace riverlight::office
