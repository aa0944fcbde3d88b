#include "tools/office/store.hpp"

#include <filesystem>

#include "tools/office/database.hpp"

namespace riverlight::office {
namespace {

std::string file_in(const std::string& folder) {
    std::error_code ec;
    std::filesystem::create_directories(folder, ec);
    if (ec) throw Error(folder + ": the state folder could not be made (" + ec.message() + ")");
    return folder + "/office.db";
}

}  // namespace

OfficeStore::OfficeStore(const std::string& folder)
    : db_(std::make_unique<Database>(file_in(folder))),
      users(*db_),
      boards(*db_),
      airings(*db_),
      plans(*db_),
      alarms(*db_),
      twins(*db_) {}

OfficeStore::~OfficeStore() = default;

std::int64_t OfficeStore::data_version() const {
    return db_->guarded([&] { return db_->db.execAndGet("PRAGMA data_version").getInt64(); });
}

}  // namespace riverlight::office
