#include "tools/office/leadership.hpp"

#include <utility>

#include "tools/office/database.hpp"

namespace riverlight::office {

Leadership::Leadership(std::string folder) : folder_(std::move(folder)) {}

Leadership::~Leadership() = default;

bool Leadership::leads() {
    if (!session_)
        session_ = std::make_unique<Database>(RecordsAddress::in_folder(folder_), OpenFor::reading);
    return session_->hold_lead();
}

}  // namespace riverlight::office
