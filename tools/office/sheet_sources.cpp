#include "tools/office/sheet_sources.hpp"

#include <deque>
#include <utility>

namespace riverlight::office {
namespace {

using std::chrono::days;
using std::chrono::local_days;

constexpr std::size_t airings_at_once = 1000;

class AiringRows : public SheetSource {
  public:
    AiringRows(StoreReaders& readers, AiringFilter filter) : readers_(readers), filter_(std::move(filter)) {}
    std::vector<std::string> heads() const override { return airing_heads(); }
    bool next(SheetRows& to) override {
        if (is_done_) return false;
        const auto airings = readers_.take()->airings.list(filter_, after_, airings_at_once);
        is_done_ = airings.size() < airings_at_once;
        if (!airings.empty()) after_ = cursor_after(airings.back());
        for (const auto& airing : airings) write_airing(airing, to);
        return true;
    }

  private:
    StoreReaders& readers_;
    AiringFilter filter_;
    std::optional<Cursor> after_;
    bool is_done_ = false;
};

class PromiseRows : public SheetSource {
  public:
    PromiseRows(StoreReaders& readers, PromiseFilter filter, Instant now)
        : readers_(readers), filter_(std::move(filter)), now_(now), day_(filter_.from) {}
    std::vector<std::string> heads() const override { return promise_heads(); }
    bool next(SheetRows& to) override {
        if (places_.empty()) {
            if (day_ > filter_.until) return false;
            for (auto& facts : readers_.take()->plans.places_of(day_))
                if (fits(filter_.country, facts.country) && fits(filter_.place, facts.place))
                    places_.push_back(std::move(facts.place));
            place_day_ = day_;
            day_ += days{1};
            return true;
        }
        const auto place = std::exchange(places_.front(), {});
        places_.pop_front();
        const auto settled = settle_place(*readers_.take(), place, place_day_, now_);
        if (!settled) return true;
        for (const auto& one : settled->settled.promises) {
            const auto& p = *one.promise;
            if (fits(filter_.locale, p.locale) && fits(filter_.campaign, p.campaign) &&
                fits(filter_.segment, p.segment))
                write_promise(settled->stored.facts, one, to);
        }
        return true;
    }

  private:
    static bool fits(const std::string& wanted, const std::string& value) {
        return wanted.empty() || wanted == value;
    }
    StoreReaders& readers_;
    PromiseFilter filter_;
    Instant now_;
    local_days day_, place_day_{};
    std::deque<std::string> places_;  ///< of `place_day_`, that are still to be read
};

}  // namespace

std::unique_ptr<SheetSource> airing_rows(StoreReaders& readers, AiringFilter filter) {
    return std::make_unique<AiringRows>(readers, std::move(filter));
}

std::unique_ptr<SheetSource> promise_rows(StoreReaders& readers, PromiseFilter filter, Instant now) {
    return std::make_unique<PromiseRows>(readers, std::move(filter), now);
}

}  // namespace riverlight::office
