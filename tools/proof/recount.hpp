#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "content/airing/time_fix.hpp"
#include "tools/office/figures/settle.hpp"
#include "tools/proof/bundle.hpp"
#include "tools/proof/finding.hpp"

namespace riverlight::proof {

/// Counts a place's figures again, from its plans and records, as the office does (tools/office/figures).
/// Keeps what its days need: about 400 bytes a record.
class PlaceRecount {
  public:
    struct About {
        std::chrono::local_days day{};
        std::string board, epoch;
        std::int64_t seq = 0;
        std::string detail;
        std::uint64_t count = 1;
    };
    using Found = std::function<void(ProofFinding, const About&)>;
    PlaceRecount(std::string place, Found found) : place_(std::move(place)), found_(std::move(found)) {}

    void add(const DayLine& day);
    /// All days come before the first record; records by board, epoch and seq.
    void add(const RecordLine& line);
    /// Behind the last record of an epoch.
    void end_epoch();
    /// Behind the last record of the place. The sum of all that was recounted.
    [[nodiscard]] office::Tally finish();

  private:
    using Subject = office::Subject;
    struct Day {
        DayLine line;
        office::KeptPlan plan;
        std::map<std::string, std::size_t> promise_of;  ///< in the plan, by id
        std::vector<office::Reported> reports;
        std::uint64_t not_planned = 0;  ///< plays that the board planned and this plan lacks
        About example{};                ///< the first of them
    };
    /// An airing's time on its outlet, by the monotonic clock of a boot.
    struct OnAir {
        std::string outlet, boot;  ///< outlet: board and outlet
        std::chrono::microseconds from{}, length{};
        std::optional<office::Doubt> doubt;
        About about;
    };
    [[nodiscard]] Day* day_of(Instant at);
    void note_edges(const content::AiringRecord& record, Instant at);
    void file(const RecordLine& line, const std::optional<content::CorrectedTimes>& times);
    [[nodiscard]] std::optional<office::Doubt> judge(const RecordLine& line,
                                                     const std::optional<Instant>& started);
    void compare_with_plan(Day& day, const content::AiringRecord& record);
    void note_on_air(const content::AiringRecord& record, const std::optional<office::Doubt>& doubt);
    void check_overlaps();
    void recount(Day& day, office::Tally& sum);
    [[nodiscard]] static About about(const content::AiringRecord& record, std::string detail = {});

    std::string place_;
    Found found_;
    std::vector<Day> days_;  ///< in order
    std::uint64_t records_ = 0;
    content::TimeFixes fixes_;
    std::vector<RecordLine> waiting_;  ///< for the time fix of their boot
    office::ReportedTimes times_;
    std::vector<OnAir> on_air_;
    std::optional<Instant> epoch_first_, epoch_last_;  ///< of this place's records in the epoch
    About first_, last_;
};

}  // namespace riverlight::proof
