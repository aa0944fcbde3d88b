#include "tools/office/tree_appender.hpp"

#include <algorithm>

#include "content/base/error.hpp"
#include "tools/office/database.hpp"

namespace riverlight::office {

std::uint64_t tree_size(const Database& db) {
    auto q = db.query("SELECT idx FROM tree_node WHERE level=0 ORDER BY idx DESC LIMIT 1");
    return q.next() ? static_cast<std::uint64_t>(q.integer(0)) + 1 : 0;
}

merkle::Hash tree_node(const Database& db, merkle::Position position) {
    auto q = db.query("SELECT hash FROM tree_node WHERE level=? AND idx=?",
                      {position.level, static_cast<std::int64_t>(position.index)});
    merkle::Hash hash;
    if (!q.next() || q.bytes(0).size() != hash.bytes.size())
        throw Error(db.name + ": a part of the list of records is missing or damaged; restore a backup");
    std::ranges::copy(q.bytes(0), hash.bytes.begin());
    return hash;
}

merkle::Hash TreeAppender::left_neighbour(merkle::Position position) {
    const auto it = last_.find(position.level);
    const bool added_here = it != last_.end() && it->second.position == position;
    return added_here ? it->second.hash : tree_node(db_, position);
}

void TreeAppender::add(const merkle::Node& node) {
    const auto& bytes = node.hash.bytes;
    const std::string text(bytes.begin(), bytes.end());
    db_.run("INSERT INTO tree_node VALUES(?,?,?)",
            {node.position.level, static_cast<std::int64_t>(node.position.index), Bytes{text}});
}

void TreeAppender::append(const TreeStore::Entry& entry) {
    const auto leaf = merkle::leaf_hash(content::tree_entry(entry.board, entry.epoch, entry.seq, entry.hash));
    const auto added =
        merkle::append(size_, leaf, [this](merkle::Position position) { return left_neighbour(position); });
    for (const auto& node : added) {
        add(node);
        last_[node.position.level] = node;
    }
    db_.run("INSERT INTO tree_entry VALUES(?,?,?,?)",
            {entry.board, entry.epoch, entry.seq, static_cast<std::int64_t>(size_++)});
}

}  // namespace riverlight::office
