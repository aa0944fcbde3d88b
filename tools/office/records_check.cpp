#include "tools/office/records_check.hpp"

#include <array>

#include "tools/office/database.hpp"
#include "tools/office/migrations.hpp"
#include "tools/office/sums_check.hpp"
#include "tools/office/verify.hpp"

namespace riverlight::office {
namespace {

/// Rows of a table that name another one: `WHERE` for those that name one that is not there.
struct RowReference {
    const char *table, *where, *what;
};
constexpr std::array references{
    RowReference{"placed", "NOT EXISTS(SELECT 1 FROM airing a WHERE a.id=t.id)", "an airing"},
    RowReference{"start", "NOT EXISTS(SELECT 1 FROM airing a WHERE a.id=t.id)", "an airing"},
    RowReference{"on_air", "NOT EXISTS(SELECT 1 FROM airing a WHERE a.id=t.id)", "an airing"},
    RowReference{"time_span", "NOT EXISTS(SELECT 1 FROM airing a WHERE a.id=t.id)", "an airing"},
    RowReference{"day_sum", "NOT EXISTS(SELECT 1 FROM subject s WHERE s.id=t.subject)", "a subject"},
    RowReference{"country_sum", "NOT EXISTS(SELECT 1 FROM subject s WHERE s.id=t.subject)", "a subject"},
    RowReference{"airing_count", "NOT EXISTS(SELECT 1 FROM subject s WHERE s.id=t.subject)", "a subject"},
    RowReference{"board_airing_count", "NOT EXISTS(SELECT 1 FROM subject s WHERE s.id=t.subject)",
                 "a subject"},
    RowReference{"silent", "NOT EXISTS(SELECT 1 FROM subject s WHERE s.id=t.subject)", "a subject"},
    RowReference{"day_sum", "NOT EXISTS(SELECT 1 FROM place_day d WHERE d.place=t.place AND d.day=t.day)",
                 "a place's day"},
    RowReference{"day_reason", "NOT EXISTS(SELECT 1 FROM place_day d WHERE d.place=t.place AND d.day=t.day)",
                 "a place's day"},
    RowReference{"kept_plan", "NOT EXISTS(SELECT 1 FROM place_day d WHERE d.place=t.place AND d.day=t.day)",
                 "a place's day"},
    RowReference{
        "place_day",
        "t.day>=(SELECT COALESCE(MAX(before), '') FROM pruned) AND NOT EXISTS(SELECT 1 FROM kept_plan k "
        "WHERE k.place=t.place AND k.day=t.day)",
        "a plan"},
    RowReference{"refused",
                 "NOT EXISTS(SELECT 1 FROM carried_over c WHERE c.board=t.board AND c.epoch=t.epoch AND "
                 "c.seq=t.seq)",
                 "a record"},
    RowReference{"batch_signature",
                 "NOT EXISTS(SELECT 1 FROM tree_entry e WHERE e.board=t.board AND e.epoch=t.epoch AND "
                 "e.seq=t.last)",
                 "a record"},
    RowReference{"session", "NOT EXISTS(SELECT 1 FROM \"user\" u WHERE u.name=t.\"user\")", "a user"},
    RowReference{"device", "NOT EXISTS(SELECT 1 FROM \"user\" u WHERE u.name=t.\"user\")", "a user"},
    RowReference{"applicant", "NOT EXISTS(SELECT 1 FROM board b WHERE b.board=t.board)", "a board"},
    RowReference{"twins", "NOT EXISTS(SELECT 1 FROM board b WHERE b.board=t.board)", "a board"},
};

void check_references(const Database& db, std::vector<CheckFinding>& findings) {
    for (const auto& one : references) {
        const auto rows =
            db.integer(std::string("SELECT COUNT(*) FROM \"") + one.table + "\" t WHERE " + one.where)
                .value_or(0);
        if (rows > 0)
            findings.push_back({CheckFault::reference, one.table,
                                std::to_string(rows) + " rows name " + one.what + " that is not there"});
    }
}

void check_chains(const Database& db, std::vector<CheckFinding>& findings) {
    for (const auto& fault : verify_records(db))
        findings.push_back({CheckFault::record, fault.board + ", epoch " + fault.epoch,
                            "seq " + std::to_string(fault.seq) + " is missing or not as the board wrote it"});
    if (const auto entry = verify_list(db))
        findings.push_back({CheckFault::list, "entry " + std::to_string(*entry),
                            "from here on the list of records is not the one that this office signed"});
}

void check_file(const Database& db, CheckReport& report) {
    auto q = db.query("PRAGMA integrity_check(100)");
    while (q.next())
        if (q.text(0) != "ok") report.findings.push_back({CheckFault::damaged, db.name, q.text(0)});
}

/// Each index against its table, by the server's own check, where that is there and allowed.
void check_indexes(const Database& db, CheckReport& report) {
    const auto schema = db.text(
        "SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid=e.extnamespace WHERE "
        "e.extname='amcheck' AND has_function_privilege(to_regprocedure(quote_ident(n.nspname) || "
        "'.bt_index_check(regclass, boolean)')::oid, 'EXECUTE')");
    if (!schema)
        return static_cast<void>(report.not_checked.emplace_back(
            "indexes: the server has no extension amcheck that this user may use (CREATE EXTENSION amcheck; "
            "GRANT EXECUTE ON FUNCTION bt_index_check(regclass, boolean) TO its user)"));
    std::vector<std::string> indexes;
    {
        auto q = db.query(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_am m ON m.oid=c.relam WHERE "
            "c.relnamespace=quote_ident(current_schema())::regnamespace AND c.relkind='i' AND "
            "m.amname='btree' ORDER BY 1");
        while (q.next()) indexes.push_back(q.text(0));
    }
    for (const auto& index : indexes) {
        try {
            static_cast<void>(db.text("SELECT " + *schema + ".bt_index_check(?::regclass, true)", {index}));
        } catch (const Error& e) {
            report.findings.push_back({CheckFault::damaged, index, e.what()});
        }
    }
}

}  // namespace

CheckReport check_records(const std::string& folder) {
    CheckReport report;
    const Database db(RecordsAddress::in_folder(folder), OpenFor::reading);
    if (const auto format = format_of(db); format != database_format) {
        report.findings.push_back({CheckFault::format, db.name,
                                   "is of format " + std::to_string(format) + ", and this office writes " +
                                       std::to_string(database_format) +
                                       "; start the office once, or install the newer one"});
        return report;
    }
    if (db.kind() == DatabaseKind::sqlite)
        check_file(db, report);
    else
        check_indexes(db, report);
    const OneMoment moment(db);
    check_chains(db, report.findings);
    check_sums(db, report.findings);
    check_references(db, report.findings);
    return report;
}

}  // namespace riverlight::office
