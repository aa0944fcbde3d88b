#include "firmware/report/refusal_search.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace riverlight::firmware {

using Kind = BatchPlan::Kind;

BatchPlan RefusalSearch::next(std::int64_t receipted, std::size_t most) const {
    switch (step_) {
        case Step::whole:
            return {Kind::records, receipted + 1, most};
        case Step::smaller:
            return {Kind::records, receipted + 1, std::min(count_, most)};
        case Step::set_aside:
            return {Kind::set_aside, suspect_, 1};
        case Step::trial:
            return {Kind::trial, suspect_ + 1, 1};
    }
    assert(false && "no step");
    return {};
}

RefusalSearch::Verdict RefusalSearch::give_up() {
    step_ = Step::whole;
    return Verdict::all_refused;
}

RefusalSearch::Verdict RefusalSearch::suspect(std::int64_t seq) {
    if (in_a_row_ >= most_in_a_row) return give_up();
    suspect_ = seq;
    step_ = Step::set_aside;
    return Verdict::search_on;
}

RefusalSearch::Verdict RefusalSearch::refused(const BatchPlan& sent, std::int64_t last, std::int64_t named,
                                              bool has_more, std::string why) {
    assert(last >= sent.first);
    if (sent.kind == Kind::trial) return give_up();
    if (sent.kind == Kind::set_aside) {
        if (!has_more) return give_up();
        step_ = Step::trial;
        return Verdict::search_on;
    }
    if (step_ == Step::whole) until_ = last;
    why_ = std::move(why);
    if (named == sent.first || last == sent.first) return suspect(sent.first);
    const bool is_named = named > sent.first && named <= last;
    const auto records = is_named ? named - sent.first : (last - sent.first + 1) / 2;
    count_ = static_cast<std::size_t>(records);
    step_ = Step::smaller;
    return Verdict::search_on;
}

RefusalSearch::Verdict RefusalSearch::accepted(const BatchPlan& sent, std::int64_t held) {
    switch (sent.kind) {
        case Kind::records:
            if (held < sent.first) return Verdict::search_on;  // the office lost what it held
            in_a_row_ = 0;
            if (held >= until_) step_ = Step::whole;
            return Verdict::search_on;
        case Kind::set_aside:
            ++in_a_row_;
            step_ = Step::whole;
            return Verdict::search_on;
        case Kind::trial:
            step_ = Step::whole;
            return Verdict::new_epoch;
    }
    assert(false && "no kind");
    return Verdict::search_on;
}

}  // namespace riverlight::firmware
