#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tools/office/compare.hpp"
#include "tools/office/programme.hpp"
#include "tools/office/store.hpp"

/// What pages and JSON show, gathered once: the same numbers on both.
namespace riverlight::office {

struct OutletNow {
    std::string id, segment, locale, campaign;  ///< segment empty: the slate
};

/// A board as people see it.
struct BoardView {
    BoardRow row;
    std::string place_name, country, zone = "UTC";
    std::string clock, release;
    std::int64_t clock_error_ms = -1, queue = 0, disk_free_bytes = -1;
    std::optional<Instant> signed_until;
    std::vector<OutletNow> outlets;
    std::vector<std::string> alarms;
    bool quiet = false;   ///< active, and not heard for five minutes
    bool behind = false;  ///< plays another release than the current one
};
[[nodiscard]] BoardView board_view(const BoardRow& row, const Release* release, Instant now);

struct PlaceDay {
    std::string place, name;
    Comparison comparison;
};
struct CountryDay {
    std::string country;
    Tally tally;
    std::vector<PlaceDay> places;
    std::vector<std::string> without_board;  ///< places of the channel that no board reports for
};

/// Compares days; remembers what it compared until something of that place changes.
class Comparer {
  public:
    Comparer(OfficeStore& store, const Programme& programme) : store_(store), programme_(programme) {}
    /// One local day, all countries of the channel or one, by code.
    [[nodiscard]] std::vector<CountryDay> day(std::chrono::local_days day, const std::string& country,
                                              Instant now);
    /// Keeps today's plans, so that tomorrow they are what was planned today.
    void keep_plans(Instant now);
    /// A batch of that place arrived.
    void forget(const std::string& place);
    void forget_all() { known_.clear(); }

  private:
    struct Known {
        Comparison comparison;
        Instant until{};
    };
    OfficeStore& store_;
    const Programme& programme_;
    std::map<std::pair<std::string, std::chrono::local_days>, Known> known_;
};

/// Names of the six countries; the code itself for others.
[[nodiscard]] std::string country_name(const std::string& code);

}  // namespace riverlight::office
