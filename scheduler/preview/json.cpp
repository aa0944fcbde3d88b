#include "scheduler/preview/json.hpp"

#include "scheduler/plan/plan_json.hpp"

namespace riverlight::scheduler {

std::string preview_json(const std::vector<Plan>& plans) {
    std::string out = "{\"format\":1,\"plans\":[";
    for (const auto* separator = ""; const auto& plan : plans) {
        out += separator + write_plan(plan);
        separator = ",";
    }
    return out + "]}\n";
}

}  // namespace riverlight::scheduler
