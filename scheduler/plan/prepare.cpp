#include "scheduler/plan/prepare.hpp"

#include <algorithm>

#include "scheduler/plan/preparation.hpp"

namespace riverlight::scheduler {
namespace {

/// Hard starts and blocks in the order in which they are placed.
std::vector<BookingIndex> hard_bookings(const Day& day, const RunTimes& times) {
    std::vector<BookingIndex> order;
    for (BookingIndex b = 0; b < day.bookings.size(); ++b) {
        const bool fixed = day.bookings[b].is(BookingKind::fixed) && day.bookings[b].booking->hard;
        if (fixed || day.bookings[b].is(BookingKind::block)) order.push_back(b);
    }
    std::stable_sort(order.begin(), order.end(), [&](BookingIndex a, BookingIndex b) {
        const auto &one = day.bookings[a], &two = day.bookings[b];
        if (one.priority != two.priority) return one.priority > two.priority;
        return std::pair(times.starts[a], std::string_view(one.booking->id)) <
               std::pair(times.starts[b], std::string_view(two.booking->id));
    });
    return order;
}

}  // namespace

PreparedDay prepare_day(const Day& day, const std::vector<PacedRotation>& rotations, const RunTimes& times,
                        DayTime begin, const History& history) {
    Preparation preparation(day, rotations, times, begin, history);
    for (const auto b : hard_bookings(day, times)) {
        if (day.bookings[b].is(BookingKind::block)) {
            prepare_block(preparation, b);
        } else {
            prepare_fixed(preparation, b);
        }
    }
    for (BookingIndex b = 0; b < day.bookings.size(); ++b) {
        if (day.bookings[b].is(BookingKind::fixed) && !day.bookings[b].booking->hard)
            prepare_fixed(preparation, b);
        if (day.bookings[b].is(BookingKind::rotation)) prepare_rotation(preparation, b);
    }
    return preparation.finish();
}

}  // namespace riverlight::scheduler
