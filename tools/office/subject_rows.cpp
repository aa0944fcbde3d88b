#include "tools/office/subject_rows.hpp"

#include "tools/office/database.hpp"

namespace riverlight::office {

std::int64_t SubjectRows::id_of(const Subject& subject) {
    const auto known = known_.find(subject);
    if (known != known_.end()) return known->second;
    const auto find = [&] {
        return db_.integer("SELECT id FROM subject WHERE campaign=? AND segment=? AND locale=?",
                           {subject.campaign, subject.segment, subject.locale});
    };
    auto id = find();
    if (!id)
        id = db_.insert("INSERT INTO subject(campaign, segment, locale) VALUES(?,?,?)",
                        {subject.campaign, subject.segment, subject.locale});
    return known_.emplace(subject, id.value()).first->second;
}

}  // namespace riverlight::office
