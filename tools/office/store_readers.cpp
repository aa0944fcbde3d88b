#include "tools/office/store_readers.hpp"

namespace riverlight::office {

void StoreReaders::GiveBack::operator()(const OfficeStore* store) const {
    std::unique_ptr<const OfficeStore> owned(store);
    const std::lock_guard lock(readers->mutex_);
    readers->idle_.push_back(std::move(owned));
}

StoreReaders::Lease StoreReaders::take() {
    {
        const std::lock_guard lock(mutex_);
        if (!idle_.empty()) {
            auto store = std::move(idle_.back());
            idle_.pop_back();
            return Lease(store.release(), {this});
        }
    }
    return Lease(std::make_unique<OfficeStore>(folder_, OpenFor::reading).release(), {this});
}

}  // namespace riverlight::office
