#include "tools/office/store.hpp"

#include <filesystem>

#include "tools/office/database.hpp"

namespace riverlight::office {
namespace {

RecordsAddress records_in(const std::string& folder, OpenFor open_for) {
    std::error_code ec;
    if (open_for == OpenFor::writing) std::filesystem::create_directories(folder, ec);
    if (ec) throw Error(folder + ": the state folder could not be made (" + ec.message() + ")");
    return RecordsAddress::in_folder(folder);
}

}  // namespace

OfficeStore::OfficeStore(const std::string& folder, OpenFor open_for)
    : db_(std::make_unique<Database>(records_in(folder, open_for), open_for)),
      users(*db_),
      boards(*db_),
      airings(*db_),
      plans(*db_),
      sums(*db_),
      alarms(*db_),
      twins(*db_),
      tree(*db_) {}

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
