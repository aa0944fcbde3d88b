#pragma once
#include <array>
#include <map>
#include <optional>
#include <vector>

#include "scheduler/plan/day.hpp"

namespace riverlight::scheduler {

/// When bookings may air on one place's broadcast day, by their windows.
class DayWindows {
  public:
    /// All arguments but `day` must outlive it.
    DayWindows(const Schedule& schedule, const content::Country& country, const content::Place& place,
               const LocalDay& day);

    /// A booking's dayparts, and a takeover's own time, between its campaign's embargo and expiry.
    [[nodiscard]] std::vector<Span> booked(const Campaign& campaign, const Booking& booking);
    /// The same, while the place is open.
    [[nodiscard]] std::vector<Span> open(const Campaign& campaign, const Booking& booking);
    /// The part of the day between a campaign's embargo and its expiry.
    [[nodiscard]] std::vector<Span> life(const Campaign& campaign) const;
    [[nodiscard]] const std::vector<Span>& rating_hours(content::Rating rating);
    [[nodiscard]] Span whole() const { return {day_.from, day_.until}; }
    /// When the place is open; ordered and disjoint.
    [[nodiscard]] const std::vector<Span>& place_open() const { return place_open_; }
    /// The hours of a daypart on this day; empty if the schedule has none of that name.
    [[nodiscard]] const std::vector<Span>& daypart(const std::string& name);

  private:
    [[nodiscard]] std::vector<Span> spans_of(const Daypart& part) const;
    [[nodiscard]] std::vector<Span> takeover_hours(const Booking& booking) const;

    const Schedule& schedule_;
    const content::Country& country_;
    const content::Place& place_;
    LocalDay day_;
    std::vector<Span> place_open_;
    std::array<std::optional<std::vector<Span>>, 3> rating_hours_;
    std::map<std::string_view, std::vector<Span>> dayparts_;
};

}  // namespace riverlight::scheduler
