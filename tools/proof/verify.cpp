#include "tools/proof/verify.hpp"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "content/base/error.hpp"
#include "content/merkle/proofs.hpp"
#include "tools/proof/bundle_reader.hpp"
#include "tools/proof/chain_check.hpp"
#include "tools/proof/recount.hpp"

namespace riverlight::proof {
namespace {

constexpr std::size_t most_findings = 10'000;
constexpr std::size_t most_keys = 1'000;  ///< of a place
constexpr std::size_t most_keys_listed = 100'000;

/// One place of a bundle, as far as it was read.
struct PlaceCheck {
    PlaceLine line;
    std::vector<KeyLine> keys;
    std::unique_ptr<PlaceRecount> recount;
    std::unique_ptr<ChainCheck> chain;  ///< of the epoch that is read; refers to `keys`
};

/// Takes a bundle's lines in their order.
class BundleCheck {
  public:
    BundleCheck(const BundleReader& reader, const VerifyOptions& options)
        : reader_(reader), options_(options), uncompared_(options.heads) {}

    void take(const Line& line) {
        if (std::holds_alternative<Opening>(line) == begun_ || ended_) misplaced();
        std::visit([this](const auto& one) { add(one); }, line);
    }
    ProofVerdict finish() {
        if (!ended_)
            throw ReadError(ReadFault::missing, reader_.where(), "is not the bundle's end: it was cut off");
        return std::move(verdict_);
    }

  private:
    [[noreturn]] void misplaced() const {
        throw ReadError(ReadFault::misplaced, reader_.where(), "may not stand here");
    }
    void note(const ProofSpot& spot, std::uint64_t count, std::int64_t seq, const std::string& detail) {
        auto& all = verdict_.findings;
        if (all.size() >= most_findings && !all.contains(spot)) {
            ++verdict_.more_findings;
            return;
        }
        auto& found = all[spot];
        if (found.count == 0) {
            found.seq = seq;
            found.detail = detail;
        }
        found.count += count;
    }
    PlaceCheck& place() {
        if (!place_) misplaced();
        return *place_;
    }
    ChainCheck& chain() {
        if (!place().chain) misplaced();
        return *place_->chain;
    }
    /// Keys and days come before the first record.
    PlaceCheck& place_without_records() {
        if (place().chain || has_epochs_) misplaced();
        return *place_;
    }

    void add(const Opening& line) {
        begun_ = true;
        verdict_.opening = line;
        if (!options_.office_key.empty() && line.head.office != options_.office_key)
            note({ProofFinding::other_office, {}, {}, {}, {}}, 1, 0, line.head.office);
        compare({line.head, {}});
    }
    void add(const EarlierHead& line) {
        if (place_) misplaced();
        const auto& head = verdict_.opening.head;
        const bool is_ours =
            line.head.office == head.office &&
            merkle::is_grown(line.head.size, line.head.root, head.size, head.root, line.growth);
        if (!is_ours) return note_history(line.head);
        compare(line);
    }
    void note_history(const content::TreeHead& head) {
        note({ProofFinding::other_history, {}, {}, {}, {}}, 1, 0,
             "a head of " + std::to_string(head.size) + " records, signed " + to_rfc3339(head.at));
    }
    /// With what the office showed elsewhere: a head of that size in this list is known now.
    void compare(const EarlierHead& known) {
        std::erase_if(uncompared_, [&](const content::TreeHead& elsewhere) {
            if (elsewhere.office != known.head.office || elsewhere.size != known.head.size) return false;
            if (elsewhere.root != known.head.root) note_history(elsewhere);
            return true;
        });
    }
    void end_heads() {
        for (const auto& head : std::exchange(uncompared_, {})) {
            // Fewer records than an older head says: the list was cut.
            if (head.office == verdict_.opening.head.office && head.size > verdict_.opening.head.size &&
                head.at < verdict_.opening.head.at)
                note_history(head);
            else
                note({ProofFinding::head_not_compared, {}, {}, {}, {}}, 1, 0,
                     "a head of " + std::to_string(head.size) + " records, signed " + to_rfc3339(head.at));
        }
    }
    void add(const PlaceLine& line) {
        end_heads();
        end_place();
        if (!seen_.insert(line.place).second) misplaced();
        place_.emplace(PlaceCheck{line, {}, {}, {}});
        place_->recount = std::make_unique<PlaceRecount>(
            line.place, [this](ProofFinding finding, const PlaceRecount::About& about) {
                note({finding, place_->line.place, about.day, about.board, about.epoch}, about.count,
                     about.seq, about.detail);
            });
        ++verdict_.places;
    }
    void add(const KeyLine& line) {
        auto& keys = place_without_records().keys;
        if (keys.size() >= most_keys) misplaced();
        keys.push_back(line);
        if (verdict_.keys.size() < most_keys_listed) verdict_.keys.push_back(line);
    }
    void add(const DayLine& line) {
        const auto& opening = verdict_.opening;
        if (line.day < opening.from || line.day > opening.until) misplaced();
        auto& into = place_without_records();
        ++verdict_.days;
        if (!into.line.hashes_only) into.recount->add(line);
    }
    void add(const EpochLine& line) {
        end_epoch();
        has_epochs_ = true;
        auto& into = place();
        into.chain = std::make_unique<ChainCheck>(
            line, into.keys, verdict_.opening.head,
            [this, line](ProofFinding finding, std::int64_t seq, std::uint64_t count) {
                note({finding, place_->line.place, {}, line.board, line.epoch}, count, seq, {});
            });
    }
    void add(const RecordLine& line) {
        chain().add(line);
        if (place().line.hashes_only) misplaced();
        place_->recount->add(line);
        ++verdict_.records;
    }
    void add(const HashLine& line) {
        chain().add(line);
        ++verdict_.records;
    }
    void add(const SignatureLine& line) { chain().add(line); }
    void add(const InclusionLine& line) { chain().add(line); }
    void add(const EndLine& line) {
        end_heads();
        end_place();
        if (line.places != verdict_.places || line.records != verdict_.records)
            throw ReadError(ReadFault::missing, reader_.where(),
                            "speaks of more or fewer places and records than the bundle holds");
        ended_ = true;
    }
    void end_epoch() {
        if (!place_ || !place_->chain) return;
        place_->chain->finish();
        verdict_.signed_records += place_->chain->signed_records();
        place_->recount->end_epoch();
        place_->chain.reset();
    }
    void end_place() {
        if (!place_) return;
        end_epoch();
        if (place_->line.hashes_only)
            note({ProofFinding::not_recounted, place_->line.place, {}, {}, {}}, 1, 0, {});
        else
            verdict_.countries[place_->line.country] += place_->recount->finish();
        place_.reset();
        has_epochs_ = false;
    }

    const BundleReader& reader_;
    const VerifyOptions& options_;
    std::vector<content::TreeHead> uncompared_;
    ProofVerdict verdict_;
    std::optional<PlaceCheck> place_;
    std::set<std::string> seen_;  ///< places
    bool begun_ = false, ended_ = false, has_epochs_ = false;
};

}  // namespace

bool ProofVerdict::is_false() const {
    return std::any_of(findings.begin(), findings.end(),
                       [](const auto& one) { return proof::is_false(one.first.finding); });
}

ProofVerdict verify_bundle(std::istream& bundle, const std::string& name, const VerifyOptions& options) {
    BundleReader reader(bundle, name);
    BundleCheck check(reader, options);
    while (const auto line = reader.next()) check.take(*line);
    return check.finish();
}

}  // namespace riverlight::proof
