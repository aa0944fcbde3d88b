#pragma once
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "tools/office/store.hpp"

namespace riverlight::office {

/// Connections that only read, for the threads that answer pages and exports: what they read never waits for
/// what is written. There are as many as threads that read at the same time; idle ones are kept.
class StoreReaders {
    struct GiveBack {
        StoreReaders* readers;
        void operator()(const OfficeStore* store) const;
    };

  public:
    /// `folder`: that of an OfficeStore which was opened to write before.
    explicit StoreReaders(std::string folder) : folder_(std::move(folder)) {}

    /// A connection for one thread, until the lease ends: for one page, or one piece of an export. Long
    /// leases with a statement under way keep the write-ahead log from being taken over.
    using Lease = std::unique_ptr<const OfficeStore, GiveBack>;
    /// Any thread. Never waits: opens another connection where all are in use. Throws Error.
    [[nodiscard]] Lease take();

  private:
    std::string folder_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<const OfficeStore>> idle_;
};

}  // namespace riverlight::office
