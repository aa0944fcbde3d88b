#include "tools/office/tree_appender.hpp"

#include <algorithm>

#include "content/base/error.hpp"

namespace riverlight::office {

std::uint64_t tree_size(SQLite::Database& db) {
    SQLite::Statement q(db, "SELECT idx FROM tree_node WHERE level=0 ORDER BY idx DESC LIMIT 1");
    return q.executeStep() ? static_cast<std::uint64_t>(q.getColumn(0).getInt64()) + 1 : 0;
}

merkle::Hash tree_node(SQLite::Database& db, merkle::Position position) {
    SQLite::Statement q(db, "SELECT hash FROM tree_node WHERE level=? AND idx=?");
    q.bind(1, position.level);
    q.bind(2, static_cast<std::int64_t>(position.index));
    merkle::Hash hash;
    if (!q.executeStep() || static_cast<std::size_t>(q.getColumn(0).getBytes()) != hash.bytes.size())
        throw Error(
            "office.db: a part of the list of records is missing or damaged; restore the file from a backup");
    const auto* bytes = static_cast<const std::uint8_t*>(q.getColumn(0).getBlob());
    std::copy_n(bytes, hash.bytes.size(), hash.bytes.begin());
    return hash;
}

TreeAppender::TreeAppender(SQLite::Database& db)
    : db_(db),
      add_node_(db, "INSERT INTO tree_node VALUES(?,?,?)"),
      add_entry_(db, "INSERT INTO tree_entry VALUES(?,?,?,?)"),
      size_(tree_size(db)) {}

merkle::Hash TreeAppender::left_neighbour(merkle::Position position) {
    const auto it = last_.find(position.level);
    const bool added_here = it != last_.end() && it->second.position == position;
    return added_here ? it->second.hash : tree_node(db_, position);
}

void TreeAppender::add(const merkle::Node& node) {
    add_node_.bind(1, node.position.level);
    add_node_.bind(2, static_cast<std::int64_t>(node.position.index));
    add_node_.bind(3, node.hash.bytes.data(), static_cast<int>(node.hash.bytes.size()));
    add_node_.exec();
    add_node_.reset();
}

void TreeAppender::append(const TreeStore::Entry& entry) {
    const auto leaf = merkle::leaf_hash(content::tree_entry(entry.board, entry.epoch, entry.seq, entry.hash));
    const auto added =
        merkle::append(size_, leaf, [this](merkle::Position position) { return left_neighbour(position); });
    for (const auto& node : added) {
        add(node);
        last_[node.position.level] = node;
    }
    add_entry_.bind(1, entry.board);
    add_entry_.bind(2, entry.epoch);
    add_entry_.bind(3, entry.seq);
    add_entry_.bind(4, static_cast<std::int64_t>(size_++));
    add_entry_.exec();
    add_entry_.reset();
}

}  // namespace riverlight::office
