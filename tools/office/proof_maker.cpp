#include "tools/office/proof_maker.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "content/base/error.hpp"
#include "content/base/json.hpp"
#include "content/merkle/proofs.hpp"
#include "tools/office/airing_filer.hpp"
#include "tools/office/proof_rows.hpp"
#include "tools/office/records_prune.hpp"
#include "tools/office/tree_store.hpp"

namespace riverlight::office {
namespace {

constexpr std::size_t records_an_inclusion = 500;

/// One bundle, from its first line to its last.
class ProofMaker {
  public:
    ProofMaker(Database& db, const SigningKey& office_key, const ProofRequest& request, Instant now,
               std::ostream& out)
        : request_(request), now_(now), out_(out), rows_(db), tree_(db) {
        made_.head = content::sign_tree_head(tree_.head(now), office_key);
    }

    MadeProof make() {
        const ProofRows::Days days{request_.from, request_.until};
        put(proof::Opening{request_.from, request_.until, request_.country, now_, made_.head});
        put_heads();
        for (auto& place : rows_.places(days, request_.country)) {
            place.hashes_only = request_.hashes_only.contains(place.country);
            put_place(place, rows_.days(place.place, days));
        }
        if (made_.places == 0) throw Error("no plan of these days is stored: there is nothing to prove");
        put(proof::EndLine{made_.places, made_.records});
        out_.flush();
        if (!out_) throw Error("the bundle could not be written; check that the disk is not full");
        return made_;
    }

  private:
    void put(const proof::Line& line) { out_ << proof::write_line(line); }

    void put_heads() {
        std::map<std::uint64_t, content::TreeHead> heads;
        for (const auto& text : rows_.heads()) {
            auto head = content::parse_any_tree_head(text, "a head of the list");
            heads.emplace(head.size, std::move(head));
        }
        for (const auto& head : request_.heads) heads.emplace(head.size, head);
        for (const auto& [size, head] : heads)
            if (head.office == made_.head.office && size <= made_.head.size)
                put(proof::EarlierHead{head, merkle::prove_growth(size, made_.head.size, tree_.nodes())});
    }

    void put_place(const proof::PlaceLine& place, const std::vector<proof::DayLine>& days) {
        const auto open =
            std::find_if(days.begin(), days.end(), [&](const auto& day) { return day.until > now_; });
        if (open != days.end())
            throw Error(place.place + ": " + to_iso(open->day) +
                        " is not over there; figures are proved once a day has ended everywhere");
        const auto spans = rows_.spans(place.place, days);
        put(place);
        ++made_.places;
        std::set<std::string> boards;
        for (const auto& span : spans) boards.insert(span.board);
        for (const auto& board : boards)
            for (const auto& key : rows_.keys(board)) put(key);
        for (const auto& day : days) put(day);
        made_.days += days.size();
        for (const auto& span : spans) put_records(place, span);
    }

    void put_records(const proof::PlaceLine& place, const RecordSpan& span) {
        put(proof::EpochLine{span.board, span.epoch});
        rows_.begin(span);
        while (const auto row = rows_.next()) {
            put_record(place, *row);
            indexes_.push_back(row->index);
            ++made_.records;
            if (const auto signature = rows_.signature(span, row->seq)) put(*signature);
            if (indexes_.size() == records_an_inclusion) put_inclusion();
        }
        put_inclusion();
    }

    /// What another country's records say is not let out either: a board may have moved.
    void put_record(const proof::PlaceLine& place, const ProofRows::Row& row) {
        const bool is_open = !place.hashes_only && !row.json.empty() && row.country == place.country;
        auto record = is_open ? record_in(row.json, "a record of the list") : std::nullopt;
        if (record) return put(proof::RecordLine{row.index, std::move(*record), parse_doubt(row.doubt)});
        if (row.hash.empty())
            throw Error(
                "a record of the list is missing from the office's records; see 'riverlight-office verify'");
        put(proof::HashLine{row.index, row.seq, row.hash});
    }

    void put_inclusion() {
        if (indexes_.empty()) return;
        std::sort(indexes_.begin(), indexes_.end());
        put(proof::InclusionLine{merkle::prove_inclusions(indexes_, made_.head.size, tree_.nodes())});
        indexes_.clear();
    }

    const ProofRequest& request_;
    Instant now_;
    std::ostream& out_;
    ProofRows rows_;
    TreeStore tree_;
    MadeProof made_;
    std::vector<std::uint64_t> indexes_;  ///< since the last inclusion line
};

}  // namespace

MadeProof make_proof(const std::string& folder, const SigningKey& office_key, const ProofRequest& request,
                     Instant now, std::ostream& out) {
    if (request.until < request.from) throw Error("the last day is before the first");
    // Each place's days are checked in its own zone. A day ends first at UTC+14: before that no place has it,
    // and the bundle would promise days without figures.
    const Instant ends =
        std::chrono::sys_days(request.until.time_since_epoch()) + std::chrono::hours(24 - 14);
    if (ends > now)
        throw Error(to_iso(request.until) +
                    " is not over; figures are proved once a day has ended at every place");
    Database db(RecordsAddress::in_folder(folder), OpenFor::reading);
    if (const auto pruned = pruned_before(db); pruned && request.from < *pruned)
        throw Error("records of days before " + to_iso(*pruned) +
                    " were pruned: only their sums are left; bundles that were made before stay valid");
    return ProofMaker(db, office_key, request, now, out).make();
}

}  // namespace riverlight::office
