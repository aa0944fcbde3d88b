#include "tools/office/store.hpp"

#include <filesystem>

#include "tools/office/database.hpp"

namespace riverlight::office {
namespace {

std::optional<RecordsLock> lock_of(const std::string& folder, OpenFor open_for) {
    if (open_for == OpenFor::reading) return std::nullopt;
    std::error_code ec;
    std::filesystem::create_directories(folder, ec);
    if (ec) throw Error(folder + ": the state folder could not be made (" + ec.message() + ")");
    return RecordsLock::shared(folder);
}

}  // namespace

OfficeStore::OfficeStore(const std::string& folder, OpenFor open_for)
    : lock_(lock_of(folder, open_for)),
      db_(std::make_unique<Database>(RecordsAddress::in_folder(folder), open_for)),
      users(*db_),
      boards(*db_),
      airings(*db_),
      plans(*db_),
      sums(*db_),
      alarms(*db_),
      twins(*db_),
      tree(*db_),
      failures(*db_),
      plan_requests(*db_),
      keys(*db_) {}

OfficeStore::~OfficeStore() = default;

void OfficeStore::change(const std::function<void()>& work) {
    Transaction transaction(*db_);
    work();
    transaction.commit();
}

bool OfficeStore::is_changing() const {
    return db_->is_in_transaction();
}

}  // namespace riverlight::office
