#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tools/office/database.hpp"
#include "tools/proof/bundle.hpp"

/// What a proof bundle is made of, read from the records as they are at one moment. Included by the maker of
/// bundles only.
namespace riverlight::office {

/// Records of one board that follow each other.
struct RecordSpan {
    std::string board, epoch;
    std::int64_t first = 0, last = 0;  ///< both included
};

/// Lives as long as the moment, beside which the office writes on.
class ProofRows {
  public:
    explicit ProofRows(Database& db) : db_(db), moment_(db) {}

    using Days = std::pair<std::chrono::local_days, std::chrono::local_days>;  ///< both included
    /// The heads that the office kept, oldest first, as it signed them.
    [[nodiscard]] std::vector<std::string> heads();
    /// The places that have a day among those; by id. `country`: empty: all.
    [[nodiscard]] std::vector<proof::PlaceLine> places(const Days& days, const std::string& country);
    /// The days of a place with their sums. Throws Error for one without a plan.
    [[nodiscard]] std::vector<proof::DayLine> days(const std::string& place, const Days& days);
    /// The keys with which the board ever enrolled, oldest first.
    [[nodiscard]] std::vector<proof::KeyLine> keys(const std::string& board);
    /// The records that the place's days are counted from, by board and epoch, each span without a gap: with
    /// the record before and the one behind, which show that none is left out, the time fixes of its boots,
    /// and up to the next signature.
    [[nodiscard]] std::vector<RecordSpan> spans(const std::string& place,
                                                const std::vector<proof::DayLine>& days);

    /// A record as it is stored.
    struct Row {
        std::int64_t seq = 0;
        std::uint64_t index = 0;
        std::string hash, json, country, doubt;  ///< `json`: empty: only the hash is held
    };
    /// Goes through a span; begins it.
    void begin(const RecordSpan& span);
    /// The next record of the span that was begun; nothing: there are no more.
    [[nodiscard]] std::optional<Row> next();
    /// What the board signed with that record as the last.
    [[nodiscard]] std::optional<proof::SignatureLine> signature(const RecordSpan& span, std::int64_t last);

  private:
    [[nodiscard]] std::map<Subject, Tally> figures(const std::string& place, const std::string& day);
    void widen(RecordSpan& span);

    Database& db_;
    OneMoment moment_;
    std::optional<Rows> rows_;  ///< of the span that was begun
};

}  // namespace riverlight::office
