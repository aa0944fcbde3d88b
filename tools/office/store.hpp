#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "tools/office/airing_store.hpp"
#include "tools/office/alarm_store.hpp"
#include "tools/office/board_store.hpp"
#include "tools/office/plan_store.hpp"
#include "tools/office/twin_store.hpp"
#include "tools/office/user_store.hpp"

namespace riverlight::office {

class Database;

/// The office's records, in `office.db` of a folder. A call that returns is on disk. Owner: one thread; other
/// processes (the command line) may have the same file open. Every call throws Error if the file cannot be
/// read or written.
class OfficeStore {
    std::unique_ptr<Database> db_;  // declared first: the stores below refer to it

  public:
    /// Opens or makes the file, and the folder. Throws Error that names it.
    explicit OfficeStore(const std::string& folder);
    ~OfficeStore();
    /// Changes when another process has written to the file.
    [[nodiscard]] std::int64_t data_version() const;

    UserStore users;
    BoardStore boards;
    AiringStore airings;
    PlanStore plans;
    AlarmStore alarms;
    TwinStore twins;
};

}  // namespace riverlight::office
