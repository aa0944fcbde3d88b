#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "tools/office/airing_store.hpp"
#include "tools/office/alarm_store.hpp"
#include "tools/office/board_store.hpp"
#include "tools/office/failure_store.hpp"
#include "tools/office/office_key_store.hpp"
#include "tools/office/open_for.hpp"
#include "tools/office/plan_requests.hpp"
#include "tools/office/plan_store.hpp"
#include "tools/office/records_lock.hpp"
#include "tools/office/sum_store.hpp"
#include "tools/office/tree_store.hpp"
#include "tools/office/twin_store.hpp"
#include "tools/office/user_store.hpp"

namespace riverlight::office {

class Database;

/// The office's records: where its state folder says (records_address.hpp). A call that returns is on disk,
/// unless it was made within change(). Owner: one thread at a time; other threads and processes (the command
/// line) may have the same records open. Every call throws Error if they cannot be read or written. More than
/// 12 members: one for each store.
class OfficeStore {
    std::optional<RecordsLock> lock_;  // of whoever writes: nobody moves the records away meanwhile
    std::unique_ptr<Database> db_;     // declared before the stores, which refer to it

  public:
    /// To write, opens or makes the records, and the folder; to read, they must be there. Throws Error that
    /// names them, also while they are being moved or restored (records_lock.hpp).
    explicit OfficeStore(const std::string& folder, OpenFor open_for = OpenFor::writing);
    ~OfficeStore();
    /// Does `work` in one transaction: all of it is on disk afterwards, or, where it throws, none of it.
    /// Within another change() it is a part of that one, which is taken back alone.
    void change(const std::function<void()>& work);
    /// False, in the middle of change(), once a full or failing disk, or a server that stopped, has ended the
    /// transaction: all of it is taken back then.
    [[nodiscard]] bool is_changing() const;

    UserStore users;
    BoardStore boards;
    AiringStore airings;
    PlanStore plans;
    SumStore sums;
    AlarmStore alarms;
    TwinStore twins;
    TreeStore tree;
    FailureStore failures;
    PlanRequests plan_requests;
    OfficeKeyStore keys;
};

}  // namespace riverlight::office
