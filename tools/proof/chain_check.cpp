#include "tools/proof/chain_check.hpp"

#include <algorithm>
#include <utility>

#include "content/airing/batch_head.hpp"
#include "content/base/error.hpp"

namespace riverlight::proof {

ChainCheck::ChainCheck(EpochLine epoch, const std::vector<KeyLine>& keys, const content::TreeHead& head,
                       Found found)
    : epoch_(std::move(epoch)), keys_(keys), head_(head), found_(std::move(found)) {}

/// `previous`: nothing where only the hash is known.
void ChainCheck::link(std::int64_t seq, const std::string& hash, const std::optional<std::string>& previous) {
    const auto before = last_seq_ > 0 ? std::optional(last_hash_)
                        : seq == 1    ? std::optional(content::first_previous(epoch_.board, epoch_.epoch))
                                      : std::nullopt;
    const bool follows =
        (last_seq_ == 0 || seq == last_seq_ + 1) && (!before || !previous || before == previous);
    if (!follows) {
        give_up_signature();
        found_(ProofFinding::record_missing, seq, 1);
    }
    last_seq_ = seq;
    last_hash_ = hash;
}

void ChainCheck::add_leaf(std::uint64_t index, std::int64_t seq, const std::string& hash) {
    if (leaves_.size() >= most_lines_an_inclusion)
        throw ReadError(ReadFault::too_large, "epoch " + epoch_.epoch + " of " + epoch_.board,
                        "has more than " + std::to_string(most_lines_an_inclusion) +
                            " records without a proof that they are in the list");
    const auto leaf = merkle::leaf_hash(content::tree_entry(epoch_.board, epoch_.epoch, seq, hash));
    if (!leaves_.emplace(index, leaf).second) found_(ProofFinding::not_in_list, seq, 1);
}

void ChainCheck::add(const RecordLine& line) {
    const auto& record = line.record;
    if (record.board != epoch_.board || record.epoch != epoch_.epoch ||
        content::record_hash(record) != record.hash)
        found_(ProofFinding::record_changed, record.seq, 1);
    link(record.seq, record.hash, record.previous);
    add_leaf(line.index, record.seq, record.hash);
    const bool enrolled = std::any_of(keys_.begin(), keys_.end(), [&](const KeyLine& key) {
        return key.board == epoch_.board && key.place == record.place;
    });
    if (!enrolled) found_(ProofFinding::wrong_enrolment, record.seq, 1);
    if (waiting_++ == 0) first_waiting_ = record.seq;
}

void ChainCheck::add(const HashLine& line) {
    // What a record is that says nothing, no signature behind it can tell.
    give_up_signature();
    link(line.seq, line.hash, std::nullopt);
    add_leaf(line.index, line.seq, line.hash);
    found_(ProofFinding::hash_only, line.seq, 1);
}

bool ChainCheck::is_signed(const SignatureLine& line) const {
    content::BatchHead batch;
    batch.board = epoch_.board;
    batch.epoch = epoch_.epoch;
    batch.first = line.first;
    batch.last = line.last;
    batch.head = last_hash_;
    batch.signature = line.signature;
    return line.last == last_seq_ && std::any_of(keys_.begin(), keys_.end(), [&](const KeyLine& key) {
               return key.board == epoch_.board && content::batch_signed_by(batch, key.public_key);
           });
}

void ChainCheck::add(const SignatureLine& line) {
    if (!is_signed(line)) return found_(ProofFinding::wrong_signature, line.last, 1);
    signed_ += std::exchange(waiting_, 0);
}

void ChainCheck::add(const InclusionLine& line) {
    const auto leaves = std::exchange(leaves_, {});
    if (!leaves.empty() && !merkle::are_included(leaves, head_.size, head_.root, line.proof))
        found_(ProofFinding::not_in_list, last_seq_ - static_cast<std::int64_t>(leaves.size()) + 1,
               leaves.size());
}

void ChainCheck::give_up_signature() {
    if (waiting_ > 0) found_(ProofFinding::not_signed, first_waiting_, std::exchange(waiting_, 0));
}

void ChainCheck::finish() {
    give_up_signature();
    if (!leaves_.empty())
        found_(ProofFinding::not_in_list, last_seq_ - static_cast<std::int64_t>(leaves_.size()) + 1,
               leaves_.size());
}

}  // namespace riverlight::proof
