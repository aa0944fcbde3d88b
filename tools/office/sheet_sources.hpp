#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "tools/office/comparer.hpp"
#include "tools/office/sheet_file.hpp"
#include "tools/office/store_readers.hpp"

/// Reads the rows of exports from the stores, some at a time, in small questions of which none waits for the
/// one before: a reader of its own may answer each. Nothing is planned and nothing is written.
namespace riverlight::office {

/// All airings that match, the newest first.
[[nodiscard]] std::unique_ptr<SheetSource> airing_rows(StoreReaders& readers, AiringFilter filter);

/// Which promises are exported.
struct PromiseFilter {
    std::chrono::local_days from{}, until{};                ///< both included
    std::string country, place, locale, campaign, segment;  ///< empty: all
};
/// Every promise of stored days with its outcome at `now`, day by day and place by place.
[[nodiscard]] std::unique_ptr<SheetSource> promise_rows(StoreReaders& readers, PromiseFilter filter,
                                                        Instant now);

}  // namespace riverlight::office
