#include "tools/office/verify.hpp"

#include <algorithm>
#include <map>

#include "content/airing/record.hpp"
#include "content/audit/tree_head.hpp"
#include "content/base/json.hpp"
#include "content/merkle/proofs.hpp"
#include "tools/office/database.hpp"
#include "tools/office/tree_appender.hpp"

namespace riverlight::office {
namespace {

/// Rows by board, epoch and seq; what is held by its hash alone has no record.
constexpr auto rows =
    "SELECT board, epoch, seq, hash, json, place, airing, campaign, segment, status FROM airing UNION ALL "
    "SELECT board, epoch, seq, hash, NULL, '', '', '', '', '' FROM carried_over ORDER BY 1, 2, 3";

/// Whether a row holds the record that its board wrote, behind the one with the hash `previous`.
bool is_as_written(SQLite::Statement& q, const std::string& previous) {
    const auto text = [&](int column) { return q.getColumn(column).getString(); };
    if (q.getColumn(4).isNull()) return true;
    try {
        const auto r = content::parse_record(text(4), "record");
        return r.board == text(0) && r.epoch == text(1) && r.seq == q.getColumn(2).getInt64() &&
               r.hash == text(3) && r.hash == content::record_hash(r) && r.previous == previous &&
               r.place == text(5) && content::record_id(r) == text(6) && r.campaign == text(7) &&
               r.segment == text(8) && std::string(r.status ? content::to_text(*r.status) : "") == text(9);
    } catch (const Error&) {
        return false;
    }
}

/// The list's entries with the hash of their record, NULL where there is none.
constexpr auto entries =
    "SELECT t.idx, t.board, t.epoch, t.seq, COALESCE(a.hash, c.hash) FROM tree_entry t LEFT JOIN airing a "
    "USING(board, epoch, seq) LEFT JOIN carried_over c USING(board, epoch, seq) ORDER BY t.idx";

/// Computes the tree of a list again, entry by entry, and compares it with the stored one.
class TreeCheck {
  public:
    explicit TreeCheck(SQLite::Database& db) : db_(db) {}
    [[nodiscard]] std::uint64_t size() const { return size_; }

    /// Whether what is stored for the next entry is right.
    bool add(const std::string& entry) {
        const auto nodes = merkle::append(size_++, merkle::leaf_hash(entry),
                                          [&](merkle::Position at) { return last_.at(at.level).hash; });
        for (const auto& node : nodes) last_[node.position.level] = node;
        return std::all_of(nodes.begin(), nodes.end(),
                           [&](const merkle::Node& node) { return is_stored(node); });
    }

  private:
    [[nodiscard]] bool is_stored(const merkle::Node& node) const {
        try {
            return tree_node(db_, node.position) == node.hash;
        } catch (const Error&) {
            return false;
        }
    }

    SQLite::Database& db_;
    std::uint64_t size_ = 0;
    std::map<int, merkle::Node> last_;  ///< by level
};

/// The size of the first kept head that is not the stored tree's.
std::optional<std::uint64_t> bad_head(SQLite::Database& db, std::uint64_t size) {
    SQLite::Statement q(db, "SELECT json FROM tree_head ORDER BY day");
    while (q.executeStep()) {
        const auto value = parse_json(q.getColumn(0).getString(), "tree head");
        JsonFields f(value, "tree head");
        const auto head = content::parse_tree_head(q.getColumn(0).getString(), f.text("office", 64));
        const auto node = [&](merkle::Position at) { return tree_node(db, at); };
        if (head.size > size || merkle::root(head.size, node) != head.root) return head.size;
    }
    return std::nullopt;
}

}  // namespace

std::vector<ChainFault> verify_records(const std::string& folder) {
    const Database database(folder + "/office.db");
    return database.guarded([&] {
        std::vector<ChainFault> faults;
        ChainFault now;  // the epoch that is read, and how far it is
        std::string previous;
        SQLite::Statement q(database.db, rows);
        while (q.executeStep()) {
            const auto board = q.getColumn(0).getString(), epoch = q.getColumn(1).getString();
            if (board != now.board || epoch != now.epoch) {
                now = {board, epoch, 0};
                previous = content::first_previous(board, epoch);
            }
            if (!faults.empty() && faults.back().board == board && faults.back().epoch == epoch) continue;
            ++now.seq;
            if (q.getColumn(2).getInt64() != now.seq || !is_as_written(q, previous)) faults.push_back(now);
            previous = q.getColumn(3).getString();
        }
        return faults;
    });
}

std::optional<std::uint64_t> verify_list(const std::string& folder) {
    Database database(folder + "/office.db");
    auto& db = database.db;
    return database.guarded([&]() -> std::optional<std::uint64_t> {
        TreeCheck tree(db);
        SQLite::Statement q(db, entries);
        while (q.executeStep()) {
            const auto index = static_cast<std::uint64_t>(q.getColumn(0).getInt64());
            if (index != tree.size() || q.getColumn(4).isNull()) return tree.size();
            const auto entry = content::tree_entry(q.getColumn(1).getString(), q.getColumn(2).getString(),
                                                   q.getColumn(3).getInt64(), q.getColumn(4).getString());
            if (!tree.add(entry)) return index;
        }
        const auto stored =
            db.execAndGet("SELECT (SELECT COUNT(*) FROM airing) + (SELECT COUNT(*) FROM carried_over)");
        if (static_cast<std::uint64_t>(stored.getInt64()) != tree.size()) return tree.size();
        return bad_head(db, tree.size());
    });
}

}  // namespace riverlight::office
