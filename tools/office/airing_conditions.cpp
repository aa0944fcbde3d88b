#include "tools/office/airing_conditions.hpp"

namespace riverlight::office {

void WhereClause::add(const std::string& condition, const std::string& value) {
    if (value.empty()) return;
    sql += " AND " + condition;
    values.push_back(value);
}

void WhereClause::add_if(bool wanted, const char* condition) {
    if (wanted) sql += condition;
}

SqlValues WhereClause::bound() const {
    return {values.begin(), values.end()};
}

WhereClause airings_that(const AiringFilter& f) {
    WhereClause out;
    out.add("country=?", f.country);
    out.add("place=?", f.place);
    out.add("locale=?", f.locale);
    out.add("campaign=?", f.campaign);
    out.add("segment=?", f.segment);
    out.add("assessed=?", f.status);
    out.add_if(is_not_aired(f), " AND assessed<>'aired'");
    out.add("airing.board=?", f.board);
    out.add_if(f.overclaims, " AND overclaims=1");
    out.add_if(f.in_doubt, " AND doubt<>''");
    return out;
}

WhereClause counts_that(const AiringFilter& f) {
    WhereClause out;
    out.sql = " WHERE count>0";
    out.add("board=?", f.board);
    out.add("country=?", f.country);
    out.add("status=?", f.status);
    out.add_if(f.overclaims, " AND overclaims=1");
    out.add_if(f.in_doubt, " AND doubt<>''");
    return out;
}

WhereClause subjects_that(const AiringFilter& f) {
    WhereClause out;
    out.add("locale=?", f.locale);
    out.add("campaign=?", f.campaign);
    out.add("segment=?", f.segment);
    return out;
}

bool is_of_subjects(const AiringFilter& f) {
    return !f.locale.empty() || !f.campaign.empty() || !f.segment.empty();
}

bool is_not_aired(const AiringFilter& f) {
    return !f.status.empty() && f.status != to_text(content::AiringStatus::aired);
}

bool is_of_days_alone(const AiringFilter& f) {
    return f.place.empty() && f.board.empty() && f.country.empty() && f.status.empty() &&
           !is_of_subjects(f) && !f.in_doubt && !f.overclaims;
}

bool is_of_all(const AiringFilter& f) {
    return is_of_days_alone(f) && !f.from && !f.until;
}

std::string index_of(const AiringFilter& f) {
    if (!f.place.empty()) return "airing_day";
    if (f.in_doubt) return "airing_doubt";
    if (f.overclaims) return "airing_overclaims";
    if (!f.board.empty()) return "airing_board";
    if (is_not_aired(f)) return "airing_not_aired";
    if (!f.segment.empty()) return "airing_segment";
    if (!f.campaign.empty()) return "airing_campaign";
    if (!f.locale.empty()) return "airing_locale";
    if (!f.country.empty()) return "airing_country";
    return "airing_at";
}

std::string indexed_by(const Database& db, const std::string& index) {
    return db.kind() == DatabaseKind::sqlite ? " INDEXED BY " + index : "";
}

}  // namespace riverlight::office
