#include "tools/office/subject_rows.hpp"

namespace riverlight::office {

std::int64_t SubjectRows::id_of(const Subject& subject) {
    const auto known = known_.find(subject);
    if (known != known_.end()) return known->second;
    for (auto* q : {&find_, &add_}) {
        q->bind(1, subject.campaign);
        q->bind(2, subject.segment);
        q->bind(3, subject.locale);
    }
    auto* const q = find_.executeStep() ? &find_ : (add_.executeStep(), &add_);
    const auto id = q->getColumn(0).getInt64();
    find_.reset();
    add_.reset();
    return known_.emplace(subject, id).first->second;
}

}  // namespace riverlight::office
